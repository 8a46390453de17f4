// Mutators of single fields of the SPS (with its VUI and HRD) and of AV1's sequence header: one bit
// is flipped such that nothing but the field changes. The parsers of the judge find that bit; that
// they read the fields right is what facts_test.cpp and the plans of the fixtures show.
#include "verify/av1_syntax.h"
#include "verify/hevc_syntax.h"
#include "verify/mutators_helper.h"

namespace jinsha::verify_test {
namespace {

using verify::Property;
using verify::SequenceInfo;
using P = Property;

// Whether the wanted field differs; makes it equal again, so that the rest can be compared.
using FieldChange = std::function<bool(SequenceInfo& changed, const SequenceInfo& original)>;

std::optional<Data> flip_in_sps(const Data& nal, const FieldChange& change) {
  const Data rbsp = unescape(nal);
  const auto before = verify::hevc::parse_sps(std::span(rbsp).subspan(2));
  if (!before) return std::nullopt;
  for (std::size_t bit = 16; bit < rbsp.size() * 8; ++bit) {
    Data changed = rbsp;
    flip_bit(changed, bit);
    const auto after = verify::hevc::parse_sps(std::span(changed).subspan(2));
    if (!after || after->id != before->id || after->vps_id != before->vps_id ||
        after->poc_lsb_bits != before->poc_lsb_bits || after->frame_field_info != before->frame_field_info) {
      continue;
    }
    SequenceInfo info = after->info;
    if (change(info, before->info) && info == before->info) return escape(changed);
  }
  return std::nullopt;
}

std::optional<Data> flip_in_sequence_header(const Data& obu, const FieldChange& change) {
  const std::size_t at = obu_payload(obu);
  const Data payload(obu.begin() + static_cast<std::ptrdiff_t>(at), obu.end());
  const auto before = verify::av1::parse_sequence_header(payload);
  if (!before) return std::nullopt;
  for (std::size_t bit = 0; bit < payload.size() * 8; ++bit) {
    Data changed = payload;
    flip_bit(changed, bit);
    const auto after = verify::av1::parse_sequence_header(changed);
    if (!after || after->decoder_model != before->decoder_model) continue;
    SequenceInfo info = after->info;
    if (change(info, before->info) && info == before->info) return make_obu(1, changed);
  }
  return std::nullopt;
}

// In every SPS or sequence header of the stream, or only in the last.
std::function<std::optional<Data>(const Data&, const StreamKind&)> flip(FieldChange change, bool only_last = false) {
  return [change = std::move(change), only_last](const Data& stream, const StreamKind& kind) {
    return edit_video(stream, kind, [&](std::vector<Unit>& units) {
      bool any = false;
      for (std::size_t i = units.size(); i-- > 0 && !(only_last && any);) {
        for (Part& part : units[i].parts) {
          const bool match = kind.codec == Codec::kAv1 ? part.obu_type() == 1 : part.nal_type() == 33;
          if (!match) continue;
          const auto changed =
              kind.codec == Codec::kAv1 ? flip_in_sequence_header(part.bytes, change) : flip_in_sps(part.bytes, change);
          if (!changed) return false;
          part.bytes = *changed;
          any = true;
        }
      }
      return any;
    });
  };
}

template <typename Member>
FieldChange color(Member ColorInfo::*member) {
  return [member](SequenceInfo& changed, const SequenceInfo& original) {
    const bool differs = changed.color.*member != original.color.*member;
    changed.color.*member = original.color.*member;
    return differs;
  };
}

FieldChange hrd(std::function<bool(verify::HrdInfo&, const verify::HrdInfo&)> change) {
  return [change = std::move(change)](SequenceInfo& changed, const SequenceInfo& original) {
    return changed.hrd && original.hrd && change(*changed.hrd, *original.hrd);
  };
}

}  // namespace

void add_sequence_mutators(std::vector<Mutator>& table) {
  const auto add = [&](Property property, const char* name, std::vector<Property> also, auto apply) {
    table.push_back({property, name, std::move(also), std::move(apply)});
  };
  add(P::kPictureFormat, "change the width", {}, flip([](SequenceInfo& changed, const SequenceInfo& original) {
        const bool differs = changed.width < original.width;
        changed.width = original.width;
        changed.coded_width = original.coded_width;
        return differs;
      }));
  add(P::kPictureFormat, "change the height", {}, flip([](SequenceInfo& changed, const SequenceInfo& original) {
        const bool differs = changed.height < original.height;
        changed.height = original.height;
        changed.coded_height = original.coded_height;
        return differs;
      }));
  add(P::kPictureFormat, "change the conformance window", {},
      flip([](SequenceInfo& changed, const SequenceInfo& original) {
        const bool differs = changed.coded_height == original.coded_height &&
                             changed.coded_width == original.coded_width &&
                             (changed.height != original.height || changed.width != original.width);
        changed.height = original.height;
        changed.width = original.width;
        return differs;
      }));
  add(P::kPictureFormat, "change the bit depth", {}, flip([](SequenceInfo& changed, const SequenceInfo& original) {
        const bool differs = changed.format.depth != original.format.depth;
        changed.format.depth = original.format.depth;
        return differs;
      }));
  // VPS and SPS then differ, which is a matter of level and tier too.
  add(P::kPictureFormat, "change the profile", {P::kLevelTier},
      flip([](SequenceInfo& changed, const SequenceInfo& original) {
        const bool differs = changed.profile != original.profile && changed.level_idc == original.level_idc;
        changed.profile = original.profile;
        changed.profile_idc = original.profile_idc;
        return differs;
      }));
  add(P::kPictureFormat, "change the sample aspect ratio", {},
      flip([](SequenceInfo& changed, const SequenceInfo& original) {
        const bool differs = changed.sample_aspect.valid() && !(changed.sample_aspect == original.sample_aspect);
        changed.sample_aspect = original.sample_aspect;
        return differs;
      }));
  // The clock of the HRD is the same.
  add(P::kFrameRate, "change the timing information", {P::kHrd},
      flip([](SequenceInfo& changed, const SequenceInfo& original) {
        const bool differs = changed.frame_rate.valid() && !(changed.frame_rate == original.frame_rate);
        changed.frame_rate = original.frame_rate;
        changed.units_in_tick = original.units_in_tick;
        changed.time_scale = original.time_scale;
        return differs;
      }));
  const FieldChange level = [](SequenceInfo& changed, const SequenceInfo& original) {
    const bool differs = changed.level_idc != original.level_idc && changed.level_idc > 0;
    changed.level_idc = original.level_idc;
    return differs;
  };
  add(P::kLevelTier, "change the level", {}, flip(level));
  add(P::kLevelTier, "change the level of one key frame", {}, flip(level, true));
  add(P::kLevelTier, "change the tier", {}, flip([](SequenceInfo& changed, const SequenceInfo& original) {
        const bool differs = changed.tier != original.tier;
        changed.tier = original.tier;
        return differs;
      }));
  add(P::kLevelTier, "change the level in the VPS", {},
      [](const Data& stream, const StreamKind& kind) -> std::optional<Data> {
        if (kind.codec != Codec::kHevc) return std::nullopt;
        return edit_video(stream, kind, [](std::vector<Unit>& units) {
          bool any = false;
          for (Unit& unit : units) {
            for (Part& part : unit.parts) {
              if (part.nal_type() != 32) continue;
              Data rbsp = unescape(part.bytes);
              rbsp.at(2 + 4 + 11) = 186;  // general_level_idc behind 4 bytes of VPS and 11 of profile
              part.bytes = escape(rbsp);
              any = true;
            }
          }
          return any;
        });
      });
  add(P::kColor, "change the primaries", {}, flip(color(&ColorInfo::primaries)));
  add(P::kColor, "change the transfer", {}, flip(color(&ColorInfo::transfer)));
  add(P::kColor, "change the transfer at one key frame", {}, flip(color(&ColorInfo::transfer), true));
  add(P::kColor, "change the matrix", {}, flip(color(&ColorInfo::matrix)));
  add(P::kColor, "change the range", {}, flip(color(&ColorInfo::range)));
  add(P::kColor, "change the chroma location", {}, flip(color(&ColorInfo::chroma_location)));

  add(P::kHrd, "change the HRD bit rate", {}, flip(hrd([](verify::HrdInfo& changed, const verify::HrdInfo& original) {
        const bool differs = changed.bit_rate < original.bit_rate;
        changed.bit_rate = original.bit_rate;
        changed.bit_rate_unit = original.bit_rate_unit;
        return differs;
      })));
  add(P::kHrd, "change the CPB size", {}, flip(hrd([](verify::HrdInfo& changed, const verify::HrdInfo& original) {
        const bool differs = changed.cpb_size < original.cpb_size;
        changed.cpb_size = original.cpb_size;
        changed.cpb_size_unit = original.cpb_size_unit;
        return differs;
      })));
  add(P::kHrd, "change cbr_flag", {}, flip(hrd([](verify::HrdInfo& changed, const verify::HrdInfo& original) {
        const bool differs = changed.cbr != original.cbr;
        changed.cbr = original.cbr;
        return differs;
      })));
}

}  // namespace jinsha::verify_test
