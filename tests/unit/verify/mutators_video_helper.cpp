// Mutators of the elementary stream, in whatever container it lies.
// Over 400 lines: a table of ways to damage coded video.
#include <algorithm>

#include "verify/bit_reader.h"
#include "verify/hevc_syntax.h"
#include "verify/mutators_helper.h"

namespace jinsha::verify_test {
namespace {

using verify::Property;
using P = Property;

bool is_slice(const Part& part) { return part.nal_type() < 32; }
bool is_idr(const Part& part) { return part.nal_type() == 19 || part.nal_type() == 20; }
bool is_sei(const Part& part, unsigned type) {
  return part.nal_type() == 39 && part.bytes.size() > 4 && part.bytes[2] == type;
}
bool is_metadata(const Part& part, unsigned type) {
  return part.obu_type() == 5 && part.bytes.at(obu_payload(part.bytes)) == type;
}
bool is_frame(const Part& part) { return part.obu_type() == 6 || part.obu_type() == 3; }
// AV1: frame header of a shown key frame.
bool is_shown_key(const Part& part) {
  return is_frame(part) && (part.bytes.at(obu_payload(part.bytes)) & 0xF0) == 0x10;
}
bool has_key(const Unit& unit, Codec codec) {
  return std::any_of(unit.parts.begin(), unit.parts.end(),
                     [&](const Part& part) { return codec == Codec::kAv1 ? is_shown_key(part) : is_idr(part); });
}
// Index of the n-th key frame; the number of units when there are not so many.
std::size_t key_unit(const std::vector<Unit>& units, Codec codec, std::size_t n) {
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (has_key(units[i], codec) && n-- == 0) return i;
  }
  return units.size();
}

template <typename Match>
bool remove_parts(Unit& unit, Match match) {
  const auto end = std::remove_if(unit.parts.begin(), unit.parts.end(), match);
  const bool any = end != unit.parts.end();
  unit.parts.erase(end, unit.parts.end());
  return any;
}

// An edit of HEVC or of AV1 streams only.
using UnitsEdit = std::function<bool(std::vector<Unit>&, Codec)>;
std::function<std::optional<Data>(const Data&, const StreamKind&)> on(std::vector<Codec> codecs, UnitsEdit edit) {
  return [codecs = std::move(codecs), edit = std::move(edit)](const Data& stream,
                                                              const StreamKind& kind) -> std::optional<Data> {
    if (std::find(codecs.begin(), codecs.end(), kind.codec) == codecs.end()) return std::nullopt;
    return edit_video(stream, kind, [&](std::vector<Unit>& units) { return edit(units, kind.codec); });
  };
}
// Not in MP4, whose decoder configuration holds for every key frame.
using Apply = std::function<std::optional<Data>(const Data&, const StreamKind&)>;
Apply in_band(Apply apply) {
  return [apply = std::move(apply)](const Data& stream, const StreamKind& kind) -> std::optional<Data> {
    return kind.container == ContainerKind::kFragmentedMp4 ? std::nullopt : apply(stream, kind);
  };
}
// In MP4 also in the decoder configuration: where `mark` stands in the movie box, its last byte
// becomes `unknown`, a type that means nothing.
Apply also_in_configuration(Apply apply, Data mark, std::uint8_t unknown) {
  return [=](const Data& stream, const StreamKind& kind) -> std::optional<Data> {
    auto out = apply(stream, kind);
    const auto moov = out && kind.container == ContainerKind::kFragmentedMp4 ? find_box(*out, "moov") : std::nullopt;
    if (!moov) return out;
    const auto end = out->begin() + static_cast<std::ptrdiff_t>(moov->at + moov->size);
    for (auto at = out->begin(); (at = std::search(at, end, mark.begin(), mark.end())) != end; ++at) {
      *(at + static_cast<std::ptrdiff_t>(mark.size()) - 1) = unknown;
    }
    return out;
  };
}
const std::vector<Codec> kHevc = {Codec::kHevc};
const std::vector<Codec> kAv1 = {Codec::kAv1};
const std::vector<Codec> kBoth = {Codec::kHevc, Codec::kAv1};

// Takes the parts that match out of the second key frame.
template <typename Match>
UnitsEdit without_at_second_key(Match match) {
  return [match](std::vector<Unit>& units, Codec codec) {
    const std::size_t key = key_unit(units, codec, 1);
    return key < units.size() && remove_parts(units[key], match);
  };
}
template <typename Match>
UnitsEdit without_anywhere(Match match) {
  return [match](std::vector<Unit>& units, Codec) {
    bool any = false;
    for (Unit& unit : units) any = remove_parts(unit, match) || any;
    return any;
  };
}
// Changes a byte of the payload of an SEI message or a metadata OBU, in every one that matches.
template <typename Match>
UnitsEdit with_changed_byte(Match match, std::size_t at, bool only_second) {
  return [=](std::vector<Unit>& units, Codec codec) {
    const std::size_t second = key_unit(units, codec, 1);
    bool any = false;
    for (std::size_t i = 0; i < units.size(); ++i) {
      if (only_second && i != second) continue;
      for (Part& part : units[i].parts) {
        if (!match(part)) continue;
        if (codec == Codec::kAv1) {
          part.bytes.at(obu_payload(part.bytes) + 1 + at) ^= 0x10;
        } else {
          Data rbsp = unescape(part.bytes);
          rbsp.at(4 + at) ^= 0x10;
          part.bytes = escape(rbsp);
        }
        any = true;
      }
    }
    return any;
  };
}

bool insert_sei(std::vector<Unit>& units, const Data& nal) {
  bool any = false;
  for (Unit& unit : units) {
    if (!has_key(unit, Codec::kHevc)) continue;
    const auto slice = std::find_if(unit.parts.begin(), unit.parts.end(), is_slice);
    unit.parts.insert(slice, Part{nal, 3});
    any = true;
  }
  return any;
}

Data filler_nal(std::size_t size) {
  Data nal = {0x4C, 0x01};
  nal.resize(size, 0xFF);
  nal.push_back(0x80);
  return nal;
}

// IDR slices of the last key frame become slices of a CRA picture of the right order count.
bool idr_to_cra(std::vector<Unit>& units, Codec codec) {
  std::size_t key = units.size(), previous = units.size();
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (!has_key(units[i], codec)) continue;
    previous = key;
    key = i;
  }
  if (previous >= units.size()) return false;
  unsigned lsb_bits = 0;
  for (const Unit& unit : units) {
    for (const Part& part : unit.parts) {
      if (part.nal_type() != 33) continue;
      const Data rbsp = unescape(part.bytes);
      if (const auto sps = verify::hevc::parse_sps(std::span(rbsp).subspan(2))) lsb_bits = sps->poc_lsb_bits;
    }
  }
  if (lsb_bits == 0) return false;
  for (Part& part : units[key].parts) {
    if (!is_idr(part)) continue;
    const Data rbsp = unescape(part.bytes);
    verify::BitReader reader{std::span(rbsp).subspan(2)};
    if (!reader.flag()) return false;  // more than one slice: not done here
    reader.flag();
    reader.ue();
    reader.ue();
    const std::size_t at = 16 + reader.position();
    std::vector<bool> bits;
    for (std::size_t i = 0; i < rbsp.size() * 8; ++i) {
      if (i == at) {
        for (unsigned b = lsb_bits; b-- > 0;) bits.push_back((((key - previous) >> b) & 1U) != 0);
      }
      bits.push_back(((rbsp[i / 8] >> (7 - i % 8)) & 1U) != 0);
    }
    while (bits.size() % 8 != 0) bits.push_back(false);
    Data out(bits.size() / 8, 0);
    for (std::size_t i = 0; i < bits.size(); ++i) {
      if (bits[i]) out[i / 8] = static_cast<std::uint8_t>(out[i / 8] | (0x80U >> (i % 8)));
    }
    out[0] = 21 << 1;
    part.bytes = escape(out);
  }
  return true;
}

// A picture nobody refers to becomes a RASL picture.
bool make_rasl(std::vector<Unit>& units, Codec) {
  for (std::size_t i = units.size() / 2; i < units.size(); ++i) {
    bool any = false;
    for (Part& part : units[i].parts) {
      if (part.nal_type() != 0) continue;
      part.bytes[0] = 8 << 1;
      any = true;
    }
    if (any) return true;
  }
  return false;
}

bool move_delimiter(std::vector<Unit>& units, Codec codec) {
  const std::size_t key = key_unit(units, codec, 1);
  if (key >= units.size() || units[key].parts.size() < 2 || units[key].parts[0].nal_type() != 35) return false;
  std::swap(units[key].parts[0], units[key].parts[1]);
  return true;
}

// The first frame header that matches gets other values in its first four bits.
template <typename Match>
UnitsEdit with_frame_bits(Match match, std::uint8_t bits, std::size_t skip) {
  return [=](std::vector<Unit>& units, Codec) {
    std::size_t left = skip;
    for (Unit& unit : units) {
      for (Part& part : unit.parts) {
        if (!is_frame(part)) continue;
        std::uint8_t& first = part.bytes.at(obu_payload(part.bytes));
        if (!match(first) || left-- > 0) continue;
        first = static_cast<std::uint8_t>((first & 0x0FU) | bits);
        return true;
      }
    }
    return false;
  };
}

// A bit of the SPS that no other check looks at.
bool change_quiet_bit(std::vector<Unit>& units, Codec codec) {
  const std::size_t key = key_unit(units, codec, 1);
  if (key >= units.size()) return false;
  for (Part& part : units[key].parts) {
    if (part.nal_type() != 33) continue;
    const Data rbsp = unescape(part.bytes);
    const auto before = verify::hevc::parse_sps(std::span(rbsp).subspan(2));
    for (std::size_t bit = 16 + 8 * 14; before && bit < rbsp.size() * 8 - 8; ++bit) {
      Data changed = rbsp;
      flip_bit(changed, bit);
      const auto after = verify::hevc::parse_sps(std::span(changed).subspan(2));
      if (!after || !(after->info == before->info) || !(after->ptl == before->ptl) || after->id != before->id ||
          after->vps_id != before->vps_id || after->poc_lsb_bits != before->poc_lsb_bits) {
        continue;
      }
      part.bytes = escape(changed);
      return true;
    }
  }
  return false;
}

bool cut_parts(std::vector<Unit>& units, Codec codec, unsigned nal_type, std::size_t keep) {
  const std::size_t key = key_unit(units, codec, 1);
  if (key >= units.size()) return false;
  bool any = false;
  for (Part& part : units[key].parts) {
    const bool match = codec == Codec::kAv1 ? part.obu_type() == 1 : part.nal_type() == nal_type;
    if (!match) continue;
    if (codec == Codec::kAv1) {
      const std::size_t at = obu_payload(part.bytes);
      part.bytes = make_obu(1, std::span(part.bytes).subspan(at, keep));
    } else {
      part.bytes.resize(std::min(part.bytes.size(), keep));
    }
    any = true;
  }
  return any;
}

}  // namespace

void add_video_mutators(std::vector<Mutator>& table) {
  const auto add = [&](Property property, const char* name, std::vector<Property> also, auto apply) {
    table.push_back({property, name, std::move(also), std::move(apply)});
  };

  add(P::kFrameCount, "drop an access unit", {P::kTimestamps, P::kKeyFrameDistance, P::kHrd, P::kBitrate, P::kDuration},
      on(kBoth, [](std::vector<Unit>& units, Codec codec) {
        std::size_t i = units.size() / 2;
        while (i < units.size() && has_key(units[i], codec)) ++i;
        if (i >= units.size()) return false;
        units[i].dropped = true;
        return true;
      }));
  add(P::kFrameCount, "drop the last access unit", {P::kDuration}, on(kBoth, [](std::vector<Unit>& units, Codec) {
        units.back().dropped = true;
        return true;
      }));
  add(P::kFrameCount, "empty an access unit",
      {P::kTimestamps, P::kKeyFrameDistance, P::kHrd, P::kDuration, P::kParameterSets},
      on(kHevc, [](std::vector<Unit>& units, Codec) { return remove_parts(units[units.size() / 2 + 1], is_slice); }));

  add(P::kKeyFrameDistance, "make a picture RASL", {}, on(kHevc, make_rasl));
  add(P::kKeyFrameDistance, "make an IDR picture CRA", {P::kTimestamps}, on(kHevc, idr_to_cra));
  add(P::kKeyFrameDistance, "make a key frame an inter frame", {},
      on(kAv1, with_frame_bits([](unsigned first) { return (first & 0xF0U) == 0x10; }, 0x30, 1)));
  add(P::kKeyFrameDistance, "make a hidden frame a key frame", {},
      on(kAv1, with_frame_bits([](unsigned first) { return (first & 0xF0U) == 0x20; }, 0x00, 0)));
  add(P::kKeyFrameDistance, "repeat a key frame", {}, on(kAv1, [](std::vector<Unit>& units, Codec codec) {
        const std::size_t key = key_unit(units, codec, 1);
        if (key + 2 >= units.size()) return false;
        units[key + 1].parts = units[key].parts;
        return true;
      }));

  add(P::kParameterSets, "drop a VPS", {},
      in_band(on(kHevc, without_at_second_key([](const Part& p) { return p.nal_type() == 32; }))));
  add(P::kParameterSets, "drop an SPS", {},
      in_band(on(kHevc, without_at_second_key([](const Part& p) { return p.nal_type() == 33; }))));
  add(P::kParameterSets, "drop a PPS", {},
      in_band(on(kHevc, without_at_second_key([](const Part& p) { return p.nal_type() == 34; }))));
  add(P::kParameterSets, "drop a sequence header", {},
      on(kAv1, without_at_second_key([](const Part& p) { return p.obu_type() == 1; })));
  add(P::kParameterSets, "cut a VPS short", {},
      on(kHevc, [](std::vector<Unit>& units, Codec codec) { return cut_parts(units, codec, 32, 8); }));
  add(P::kParameterSets, "cut an SPS short", {},
      on(kHevc, [](std::vector<Unit>& units, Codec codec) { return cut_parts(units, codec, 33, 20); }));
  add(P::kParameterSets, "cut a sequence header short", {},
      on(kAv1, [](std::vector<Unit>& units, Codec codec) { return cut_parts(units, codec, 0, 4); }));
  add(P::kParameterSets, "change an SPS where nothing else looks", {}, on(kHevc, change_quiet_bit));
  add(P::kParameterSets, "break a NAL unit header",
      {P::kFrameCount, P::kTimestamps, P::kKeyFrameDistance, P::kDuration},
      on(kHevc, [](std::vector<Unit>& units, Codec) {
        for (Part& part : units[units.size() / 2 + 1].parts) {
          if (part.nal_type() != 39) continue;
          part.bytes[0] |= 0x80;
          return true;
        }
        return false;
      }));
  table.back().also.push_back(P::kHrd);
  add(P::kParameterSets, "refer to a PPS that does not exist", {P::kTimestamps},
      on(kHevc, [](std::vector<Unit>& units, Codec) {
        Unit& unit = units[units.size() / 2 + 1];
        for (Part& part : unit.parts) {
          if (!is_slice(part) || is_idr(part)) continue;
          // first_slice_segment_in_pic_flag 1, slice_pic_parameter_set_id 0: "1 1" becomes "1 011".
          part.bytes.at(2) = static_cast<std::uint8_t>((part.bytes[2] & 0x8FU) | 0x30U);
          return true;
        }
        return false;
      }));
  add(P::kParameterSets, "break an OBU size",
      {P::kFrameCount, P::kKeyFrameDistance, P::kMasteringDisplay, P::kContentLight, P::kDuration, P::kTimestamps},
      on(kAv1, [](std::vector<Unit>& units, Codec) {
        Part& part = units[units.size() / 2].parts.back();
        part.bytes.at(0) = static_cast<std::uint8_t>(part.bytes[0] & ~2U);
        return true;
      }));

  struct Metadata {
    Property property;
    unsigned sei, obu;
  };
  for (const Metadata& row : {Metadata{P::kMasteringDisplay, 137, 2}, Metadata{P::kContentLight, 144, 1}}) {
    const auto sei = [type = row.sei](const Part& part) { return is_sei(part, type); };
    const auto obu = [type = row.obu](const Part& part) { return is_metadata(part, type); };
    add(row.property, "delete the SEI", {},
        also_in_configuration(on(kHevc, without_anywhere(sei)), {0x4E, 0x01, static_cast<std::uint8_t>(row.sei)}, 200));
    add(row.property, "delete one SEI", {}, in_band(on(kHevc, without_at_second_key(sei))));
    add(row.property, "change the SEI", {}, on(kHevc, with_changed_byte(sei, 1, false)));
    add(row.property, "change one SEI", {}, on(kHevc, with_changed_byte(sei, 1, true)));
    // The OBUs of one kind are of one size: header, size, type.
    const Data head = {0x2A, static_cast<std::uint8_t>(row.obu == 2 ? 26 : 6), static_cast<std::uint8_t>(row.obu)};
    add(row.property, "delete the metadata OBU", {}, also_in_configuration(on(kAv1, without_anywhere(obu)), head, 30));
    add(row.property, "delete one metadata OBU", {}, in_band(on(kAv1, without_at_second_key(obu))));
    add(row.property, "change the metadata OBU", {}, on(kAv1, with_changed_byte(obu, 1, false)));
    add(row.property, "change one metadata OBU", {}, on(kAv1, with_changed_byte(obu, 1, true)));
  }
  const auto without = [](const Data& nal, unsigned type) {
    return on(kHevc, [nal, type](std::vector<Unit>& units, Codec) {
      for (const Unit& unit : units) {
        for (const Part& part : unit.parts) {
          if (is_sei(part, type)) return false;
        }
      }
      return insert_sei(units, nal);
    });
  };
  Data display = {0x4E, 0x01, 137, 24};
  for (const unsigned value : {13250U, 34500U, 7500U, 3000U, 34000U, 16000U, 15635U, 16450U, 152U, 38528U, 0U, 1U}) {
    display.push_back(static_cast<std::uint8_t>(value >> 8));
    display.push_back(static_cast<std::uint8_t>(value));
  }
  display.push_back(0x80);
  add(P::kMasteringDisplay, "add an SEI that nobody planned", {}, without(escape(display), 137));
  add(P::kContentLight, "add an SEI that nobody planned", {},
      without(escape(Data{0x4E, 0x01, 144, 4, 3, 232, 1, 144, 0x80}), 144));

  add(P::kHrd, "drop a buffering period SEI", {},
      on(kHevc, without_at_second_key([](const Part& part) { return is_sei(part, 0); })));
  add(P::kHrd, "drop a picture timing SEI", {}, on(kHevc, [](std::vector<Unit>& units, Codec) {
        return remove_parts(units[units.size() / 2 + 1], [](const Part& part) { return is_sei(part, 1); });
      }));
  add(P::kHrd, "drop the fillers of constant bit rate", {},
      on(kHevc, without_anywhere([](const Part& part) { return part.nal_type() == 38; })));
  add(P::kHrd, "fill the buffer to underflow", {P::kBitrate, P::kContainer, P::kAudio},
      on(kHevc, [](std::vector<Unit>& units, Codec) {
        Unit& unit = units[units.size() / 2 + 1];
        const bool timed =
            std::any_of(unit.parts.begin(), unit.parts.end(), [](const Part& part) { return is_sei(part, 1); });
        if (!timed) return false;
        std::size_t bytes = 0;
        for (const Unit& one : units) {
          for (const Part& part : one.parts) bytes += part.bytes.size();
        }
        unit.parts.push_back({filler_nal(bytes + 20000), 3});
        return true;
      }));
  add(P::kHrd, "add filler data to a rate that is not constant", {}, on(kHevc, [](std::vector<Unit>& units, Codec) {
        for (const Unit& unit : units) {
          for (const Part& part : unit.parts) {
            if (part.nal_type() == 38) return false;
          }
        }
        units[units.size() / 2 + 1].parts.push_back({filler_nal(20), 3});
        return true;
      }));
  add(P::kBitrate, "exceed the cap", {P::kHrd}, on(kHevc, [](std::vector<Unit>& units, Codec) {
        Unit& unit = units[units.size() / 2 + 1];
        for (const Part& part : unit.parts) {
          if (is_sei(part, 1)) return false;  // an HRD would see it
        }
        unit.parts.push_back({filler_nal(100000), 3});
        return true;
      }));

  add(P::kLevelTier, "send more than the level allows", {P::kBitrate, P::kHrd},
      on(kBoth, [](std::vector<Unit>& units, Codec codec) {
        Unit& unit = units[units.size() / 2 + 1];
        for (const Part& part : unit.parts) {
          if (codec == Codec::kHevc && is_sei(part, 1)) return false;  // the HRD has limits of its own
        }
        constexpr std::size_t kBytes = 800'000;
        if (codec == Codec::kHevc) {
          unit.parts.push_back({filler_nal(kBytes), 3});
        } else {
          Data padding(kBytes, 0xFF);
          unit.parts.push_back({make_obu(15, padding), 0});
        }
        return true;
      }));

  add(P::kAccessUnitDelimiter, "remove a delimiter", {}, on(kHevc, [](std::vector<Unit>& units, Codec) {
        return remove_parts(units[units.size() / 2], [](const Part& part) { return part.nal_type() == 35; });
      }));
  add(P::kAccessUnitDelimiter, "move a delimiter behind another NAL unit", {P::kFrameCount, P::kTimestamps, P::kHrd},
      on(kHevc, move_delimiter));
}

}  // namespace jinsha::verify_test
