// VPS, SPS, PPS and profile_tier_level(), ITU-T H.265 7.3.2 and 7.3.3.
#include <fmt/core.h>

#include <algorithm>

#include "verify/hevc_syntax.h"

namespace jinsha::verify::hevc {
namespace {

constexpr std::uint32_t kMaxPictureSize = 65535;
constexpr unsigned kMaxSubLayersMinus1 = 6;
constexpr std::size_t kMaxDeltaPocs = 16;

// Table A.2: general constraint flags 12, 10, 8 bit, 422, 420, monochrome of a format range profile.
struct RangeProfile {
  unsigned flags;
  const char* name;
};
constexpr RangeProfile kRangeProfiles[] = {
    {0b111111, "monochrome"}, {0b100111, "monochrome12"}, {0b000111, "monochrome16"}, {0b100110, "main12"},
    {0b110100, "main422-10"}, {0b100100, "main422-12"},   {0b111000, "main444-8"},    {0b110000, "main444-10"},
    {0b100000, "main444-12"}, {0b000000, "main444-16"},
};

// scaling_list_data(), 7.3.4.
void skip_scaling_lists(BitReader& reader) {
  for (unsigned size = 0; size < 4 && reader.ok(); ++size) {
    for (unsigned matrix = 0; matrix < 6 && reader.ok(); matrix += size == 3 ? 3 : 1) {
      if (!reader.flag()) {
        reader.ue(5);
        continue;
      }
      const unsigned coefficients = std::min(64U, 1U << (4 + (size << 1)));
      if (size > 1) reader.se();
      for (unsigned i = 0; i < coefficients && reader.ok(); ++i) reader.se();
    }
  }
}

using DeltaPocs = std::vector<int>;  // of one short-term reference picture set, any order

// st_ref_pic_set() inside an SPS, 7.3.7 and 7.4.8.
DeltaPocs parse_ref_pic_set(BitReader& reader, const std::vector<DeltaPocs>& earlier) {
  DeltaPocs out;
  if (!earlier.empty() && reader.flag()) {
    const bool negative = reader.flag();
    const int step = static_cast<int>(reader.ue(0x7FFF)) + 1;
    const int delta = negative ? -step : step;
    const DeltaPocs& reference = earlier.back();
    for (std::size_t i = 0; i <= reference.size() && reader.ok(); ++i) {
      const bool used = reader.flag();
      const bool use_delta = used || reader.flag();
      const int poc = delta + (i < reference.size() ? reference[i] : 0);
      if (use_delta && poc != 0) out.push_back(poc);
    }
    // The order of the set decides which flag of a later set means which picture: 7-61 and 7-62
    // list the negative ones from the nearest, then the positive ones from the nearest.
    std::sort(out.begin(), out.end(), [](int a, int b) {
      if ((a < 0) != (b < 0)) return a < 0;
      return a < 0 ? a > b : a < b;
    });
  } else {
    const std::uint32_t negatives = reader.ue(kMaxDeltaPocs);
    const std::uint32_t positives = reader.ue(kMaxDeltaPocs);
    int poc = 0;
    for (std::uint32_t i = 0; i < negatives && reader.ok(); ++i) {
      poc -= static_cast<int>(reader.ue(0x7FFF)) + 1;
      reader.flag();
      out.push_back(poc);
    }
    poc = 0;
    for (std::uint32_t i = 0; i < positives && reader.ok(); ++i) {
      poc += static_cast<int>(reader.ue(0x7FFF)) + 1;
      reader.flag();
      out.push_back(poc);
    }
  }
  if (out.size() > kMaxDeltaPocs) reader.fail();
  return out;
}

void parse_picture_size(BitReader& reader, Sps& sps) {
  SequenceInfo& info = sps.info;
  const std::uint32_t chroma_format = reader.ue(3);
  if (chroma_format == 3) sps.separate_planes = reader.flag();
  constexpr Chroma kChromas[] = {Chroma::k400, Chroma::k420, Chroma::k422, Chroma::k444};
  info.format.chroma = sps.separate_planes ? Chroma::k400 : kChromas[chroma_format];
  info.coded_width = reader.ue(kMaxPictureSize);
  info.coded_height = reader.ue(kMaxPictureSize);
  std::int64_t width = info.coded_width;
  std::int64_t height = info.coded_height;
  if (reader.flag()) {  // conformance window, in chroma samples
    const std::int64_t unit_x = chroma_format == 1 || chroma_format == 2 ? 2 : 1;
    const std::int64_t unit_y = chroma_format == 1 ? 2 : 1;
    const std::int64_t left = reader.ue(kMaxPictureSize), right = reader.ue(kMaxPictureSize);
    const std::int64_t top = reader.ue(kMaxPictureSize), bottom = reader.ue(kMaxPictureSize);
    width -= unit_x * (left + right);
    height -= unit_y * (top + bottom);
  }
  if (width <= 0 || height <= 0) reader.fail();
  info.width = static_cast<int>(width);
  info.height = static_cast<int>(height);
  const std::uint32_t luma = reader.ue(8);
  const std::uint32_t chroma = reader.ue(8);
  info.format.depth = static_cast<int>(8 + std::max(luma, chroma));
}

}  // namespace

std::optional<NalHeader> parse_nal_header(ByteView nal) {
  if (nal.size() < 2 || (nal[0] & 0x80) != 0 || (nal[1] & 7) == 0) return std::nullopt;
  return NalHeader{(nal[0] >> 1) & 63U, ((nal[0] & 1U) << 5) | (nal[1] >> 3), (nal[1] & 7U) - 1};
}

ProfileTierLevel parse_profile_tier_level(BitReader& reader, unsigned max_sub_layers) {
  ProfileTierLevel ptl;
  reader.skip(2);
  ptl.tier = reader.flag() ? Tier::kHigh : Tier::kMain;
  ptl.profile_idc = reader.bits(5);
  ptl.compatibility = reader.bits(32);
  ptl.constraints = reader.bits64(48);
  ptl.level_idc = reader.bits(8);
  if (max_sub_layers > 1) {
    bool profile_present[8] = {}, level_present[8] = {};
    for (unsigned i = 0; i < 8; ++i) {
      profile_present[i] = reader.flag() && i < max_sub_layers - 1;
      level_present[i] = reader.flag() && i < max_sub_layers - 1;
    }
    for (unsigned i = 0; i < 8; ++i) reader.skip((profile_present[i] ? 88U : 0U) + (level_present[i] ? 8U : 0U));
  }
  return ptl;
}

std::string profile_name(const ProfileTierLevel& ptl) {
  unsigned idc = ptl.profile_idc;
  if (idc == 0) {  // only compatibility flags
    for (unsigned i = 1; i < 5 && idc == 0; ++i) {
      if ((ptl.compatibility >> (31 - i)) & 1U) idc = i;
    }
  }
  switch (idc) {
    case 1: return "main";
    case 2: return "main10";
    case 3: return "mainstillpicture";
    default: break;
  }
  if (idc == 4) {
    const unsigned flags = static_cast<unsigned>(ptl.constraints >> 38) & 63U;
    const bool intra = ((ptl.constraints >> 37) & 1U) != 0;
    for (const RangeProfile& row : kRangeProfiles) {
      if (row.flags == flags) return std::string(row.name) + (intra ? "-intra" : "");
    }
    if (intra && flags == 0b110110) return "main10-intra";
    if (intra && flags == 0b111110) return "main-intra";
  }
  return fmt::format("profile {}", ptl.profile_idc);
}

std::optional<Vps> parse_vps(ByteView rbsp) {
  BitReader reader(rbsp);
  Vps vps;
  vps.id = reader.bits(4);
  reader.skip(2 + 6);
  const unsigned sub_layers_minus1 = reader.bits(3);
  if (sub_layers_minus1 > kMaxSubLayersMinus1) return std::nullopt;
  reader.skip(1);
  if (reader.bits(16) != 0xFFFF) return std::nullopt;
  vps.ptl = parse_profile_tier_level(reader, sub_layers_minus1 + 1);
  const bool all = reader.flag();
  for (unsigned i = all ? 0 : sub_layers_minus1; i <= sub_layers_minus1; ++i) {
    reader.ue();
    reader.ue();
    reader.ue();
  }
  const unsigned max_layer = reader.bits(6);
  const std::uint32_t layer_sets_minus1 = reader.ue(1023);
  reader.skip(std::size_t{layer_sets_minus1} * (max_layer + 1));
  if (reader.flag()) {
    vps.units_in_tick = reader.bits(32);
    vps.time_scale = reader.bits(32);
  }
  if (!reader.ok()) return std::nullopt;
  return vps;
}

std::optional<Sps> parse_sps(ByteView rbsp) {
  BitReader reader(rbsp);
  Sps sps;
  SequenceInfo& info = sps.info;
  sps.vps_id = reader.bits(4);
  const unsigned sub_layers_minus1 = reader.bits(3);
  if (sub_layers_minus1 > kMaxSubLayersMinus1) return std::nullopt;
  info.max_sub_layers = sub_layers_minus1 + 1;
  reader.skip(1);
  sps.ptl = parse_profile_tier_level(reader, info.max_sub_layers);
  info.profile_idc = static_cast<int>(sps.ptl.profile_idc);
  info.profile = profile_name(sps.ptl);
  info.level_idc = static_cast<int>(sps.ptl.level_idc);
  info.tier = sps.ptl.tier;
  sps.id = reader.ue(15);
  parse_picture_size(reader, sps);
  sps.poc_lsb_bits = reader.ue(12) + 4;
  const bool all = reader.flag();
  for (unsigned i = all ? 0 : sub_layers_minus1; i <= sub_layers_minus1; ++i) {
    reader.ue(16);
    reader.ue(16);
    reader.ue();
  }
  for (int i = 0; i < 6; ++i) reader.ue(31);  // block sizes and hierarchy depths
  if (reader.flag() && reader.flag()) skip_scaling_lists(reader);
  reader.skip(2);  // amp, sao
  if (reader.flag()) {
    reader.skip(8);
    reader.ue(3);
    reader.ue(3);
    reader.skip(1);
  }
  std::vector<DeltaPocs> sets;
  const std::uint32_t set_count = reader.ue(64);
  for (std::uint32_t i = 0; i < set_count && reader.ok(); ++i) sets.push_back(parse_ref_pic_set(reader, sets));
  if (reader.flag()) {
    const std::uint32_t long_terms = reader.ue(32);
    reader.skip(std::size_t{long_terms} * (sps.poc_lsb_bits + 1));
  }
  reader.skip(2);  // temporal mvp, strong intra smoothing
  if (reader.flag()) parse_vui(reader, sps);
  reader.skip(1);  // sps_extension_present_flag: shows that the VUI ended inside the RBSP
  if (!reader.ok()) return std::nullopt;
  return sps;
}

std::optional<Pps> parse_pps(ByteView rbsp) {
  BitReader reader(rbsp);
  Pps pps;
  pps.id = reader.ue(63);
  pps.sps_id = reader.ue(15);
  pps.dependent_slices = reader.flag();
  pps.output_flag = reader.flag();
  pps.extra_slice_bits = reader.bits(3);
  if (!reader.ok()) return std::nullopt;
  return pps;
}

std::optional<SliceStart> parse_slice_start(ByteView rbsp, const NalHeader& header) {
  BitReader reader(rbsp);
  SliceStart slice;
  slice.first_in_picture = reader.flag();
  if (header.irap()) reader.skip(1);
  slice.pps_id = reader.ue(63);
  if (!reader.ok()) return std::nullopt;
  return slice;
}

std::optional<SliceStart> parse_slice(ByteView rbsp, const NalHeader& header, const Pps& pps, const Sps& sps) {
  BitReader reader(rbsp);
  SliceStart slice;
  slice.first_in_picture = reader.flag();
  if (header.irap()) reader.skip(1);
  slice.pps_id = reader.ue(63);
  reader.skip(pps.extra_slice_bits);
  slice.slice_type = reader.ue(2);
  if (pps.output_flag) reader.skip(1);
  if (sps.separate_planes) reader.skip(2);
  if (!header.idr()) slice.poc_lsb = reader.bits(sps.poc_lsb_bits);
  if (!reader.ok()) return std::nullopt;
  return slice;
}

}  // namespace jinsha::verify::hevc
