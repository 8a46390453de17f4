#include "verify/avc_syntax.h"

#include <algorithm>
#include <iterator>

namespace jinsha::verify::avc {
namespace {

constexpr std::uint32_t kMaxMacroblocks = 4096;  // in a row or column
constexpr std::uint32_t kMaxReferences = 31;
constexpr std::uint32_t kMaxCpbs = 31;
constexpr unsigned kExtendedSar = 255;
// Profiles whose SPS states chroma format and depth, 7.3.2.1.1.
constexpr unsigned kHighProfiles[] = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};

struct ProfileRow {
  unsigned idc;
  const char* name;
};
constexpr ProfileRow kProfiles[] = {{66, "baseline"}, {77, "main"},     {88, "extended"}, {100, "high"},
                                    {110, "high10"},  {122, "high422"}, {244, "high444"}, {44, "cavlc444"}};

// Table E-1.
constexpr Rational kSampleAspects[] = {{0, 1},   {1, 1},    {12, 11}, {10, 11}, {16, 11}, {40, 33},
                                       {24, 11}, {20, 11},  {32, 11}, {80, 33}, {18, 11}, {15, 11},
                                       {64, 33}, {160, 99}, {4, 3},   {3, 2},   {2, 1}};

// scaling_list(), 7.3.2.1.1.1.
void skip_scaling_list(BitReader& reader, int size) {
  int last = 8, next = 8;
  for (int i = 0; i < size && reader.ok(); ++i) {
    if (next != 0) next = (last + reader.se()) & 255;
    if (next != 0) last = next;
  }
}

// E.1.2; keeps the last schedule.
HrdInfo parse_hrd(BitReader& reader) {
  HrdInfo hrd;
  hrd.schedules = reader.ue(kMaxCpbs) + 1;
  const unsigned rate_scale = reader.bits(4), size_scale = reader.bits(4);
  hrd.bit_rate_unit = std::int64_t{1} << (6 + rate_scale);
  hrd.cpb_size_unit = std::int64_t{1} << (4 + size_scale);
  for (unsigned i = 0; i < hrd.schedules && reader.ok(); ++i) {
    hrd.bit_rate = (std::int64_t{reader.ue()} + 1) * hrd.bit_rate_unit;
    hrd.cpb_size = (std::int64_t{reader.ue()} + 1) * hrd.cpb_size_unit;
    hrd.cbr = reader.flag();
  }
  hrd.initial_delay_bits = reader.bits(5) + 1;
  hrd.removal_delay_bits = reader.bits(5) + 1;
  hrd.output_delay_bits = reader.bits(5) + 1;
  reader.skip(5);
  return hrd;
}

// E.1.1.
void parse_vui(BitReader& reader, SequenceInfo& info) {
  if (reader.flag()) {
    const unsigned idc = reader.bits(8);
    if (idc == kExtendedSar) {
      const std::int64_t width = reader.bits(16);
      const std::int64_t height = reader.bits(16);
      if (width > 0 && height > 0) info.sample_aspect = {width, height};
    } else if (idc < std::size(kSampleAspects)) {
      info.sample_aspect = kSampleAspects[idc];
    }
  }
  if (reader.flag()) reader.skip(1);  // overscan
  if (reader.flag()) {
    reader.skip(3);  // video_format
    info.color.range = reader.flag() ? Range::kFull : Range::kLimited;
    if (reader.flag()) {
      info.color.primaries = static_cast<Primaries>(reader.bits(8));
      info.color.transfer = static_cast<Transfer>(reader.bits(8));
      info.color.matrix = static_cast<Matrix>(reader.bits(8));
    }
  }
  if (reader.flag()) {
    info.color.chroma_location = static_cast<ChromaLocation>(reader.ue(5));
    reader.ue(5);  // bottom field
  }
  if (reader.flag()) {
    info.units_in_tick = reader.bits(32);
    info.time_scale = reader.bits(32);
    // A tick is a field; only fixed_frame_rate_flag makes it a rate.
    if (reader.flag() && info.units_in_tick > 0 && info.time_scale > 0)
      info.frame_rate = Rational{info.time_scale, 2 * info.units_in_tick}.reduced();
  }
  const bool nal_hrd = reader.flag();
  if (nal_hrd) info.hrd = parse_hrd(reader);
  if (nal_hrd) info.hrd->nal = true;
  const bool vcl_hrd = reader.flag();
  if (vcl_hrd) {
    const HrdInfo hrd = parse_hrd(reader);
    if (!nal_hrd) info.hrd = hrd;
  }
  if (nal_hrd || vcl_hrd) reader.skip(1);  // low_delay_hrd_flag
  reader.skip(1);                          // pic_struct_present_flag
}

void parse_size(BitReader& reader, Sps& sps) {
  SequenceInfo& info = sps.info;
  const std::int64_t width = std::int64_t{reader.ue(kMaxMacroblocks - 1)} + 1;
  const std::int64_t map_units = std::int64_t{reader.ue(kMaxMacroblocks - 1)} + 1;
  sps.frames_only = reader.flag();
  if (!sps.frames_only) reader.skip(1);  // mb_adaptive_frame_field_flag
  reader.skip(1);                        // direct_8x8_inference_flag
  info.coded_width = width * 16;
  info.coded_height = map_units * 16 * (sps.frames_only ? 1 : 2);
  std::int64_t cropped_x = 0, cropped_y = 0;
  if (reader.flag()) {
    const std::int64_t unit_x = sps.chroma_format_idc == 1 || sps.chroma_format_idc == 2 ? 2 : 1;
    const std::int64_t unit_y = (sps.chroma_format_idc == 1 ? 2 : 1) * (sps.frames_only ? 1 : 2);
    cropped_x = unit_x * (std::int64_t{reader.ue(0xFFFF)} + reader.ue(0xFFFF));
    cropped_y = unit_y * (std::int64_t{reader.ue(0xFFFF)} + reader.ue(0xFFFF));
  }
  info.width = static_cast<int>(info.coded_width - cropped_x);
  info.height = static_cast<int>(info.coded_height - cropped_y);
  if (info.width <= 0 || info.height <= 0) reader.fail();
}

// ref_pic_list_modification(), 7.3.3.1.
void skip_list_modification(BitReader& reader) {
  if (!reader.flag()) return;
  for (int i = 0; i < 66 && reader.ok(); ++i) {
    if (reader.ue(5) == 3) return;
    reader.ue();
  }
}

// pred_weight_table(), 7.3.3.2.
void skip_weights(BitReader& reader, const std::array<unsigned, 2>& references, bool bi, bool chroma) {
  reader.ue(7);
  if (chroma) reader.ue(7);
  for (std::size_t list = 0; list < (bi ? 2U : 1U); ++list) {
    for (unsigned i = 0; i < references[list] && reader.ok(); ++i) {
      if (reader.flag()) reader.se(), reader.se();
      if (!chroma || !reader.flag()) continue;
      for (int j = 0; j < 4; ++j) reader.se();
    }
  }
}

// dec_ref_pic_marking() of pictures that are not IDR, 7.3.3.3: whether operation 5 is in it.
bool has_reset(BitReader& reader) {
  if (!reader.flag()) return false;
  bool reset = false;
  for (int i = 0; i < 66 && reader.ok(); ++i) {
    const unsigned operation = reader.ue(6);
    if (operation == 0) return reset;
    if (operation == 5) reset = true;
    if (operation != 5) reader.ue();
    if (operation == 3) reader.ue();
  }
  return false;
}

}  // namespace

std::optional<NalHeader> parse_nal_header(ByteView nal) {
  if (nal.empty() || (nal[0] & 0x80) != 0) return std::nullopt;
  return NalHeader{.type = nal[0] & 31U, .ref_idc = nal[0] >> 5 & 3U};
}

std::optional<Sps> parse_sps(ByteView rbsp) {
  BitReader reader(rbsp);
  Sps sps;
  SequenceInfo& info = sps.info;
  const unsigned profile = reader.bits(8);
  const unsigned constraints = reader.bits(8);
  info.profile_idc = static_cast<int>(profile);
  info.level_idc = static_cast<int>(reader.bits(8));
  // Level 1b of the older profiles, A.3.1.
  constexpr unsigned kConstraint3 = 0x10;
  if (info.level_idc == 11 && (constraints & kConstraint3) != 0 && (profile == 66 || profile == 77 || profile == 88))
    info.level_idc = 9;
  for (const ProfileRow& row : kProfiles) {
    if (row.idc == profile) info.profile = row.name;
  }
  sps.id = reader.ue(31);
  info.format.depth = 8;
  if (std::find(std::begin(kHighProfiles), std::end(kHighProfiles), profile) != std::end(kHighProfiles)) {
    sps.chroma_format_idc = reader.ue(3);
    if (sps.chroma_format_idc == 3) sps.separate_planes = reader.flag();
    info.format.depth = static_cast<int>(8 + std::max(reader.ue(6), reader.ue(6)));
    reader.skip(1);  // qpprime_y_zero_transform_bypass_flag
    if (reader.flag()) {
      for (int i = 0; i < (sps.chroma_format_idc == 3 ? 12 : 8) && reader.ok(); ++i) {
        if (reader.flag()) skip_scaling_list(reader, i < 6 ? 16 : 64);
      }
    }
  }
  constexpr Chroma kChromas[] = {Chroma::k400, Chroma::k420, Chroma::k422, Chroma::k444};
  info.format.chroma = kChromas[sps.chroma_format_idc & 3U];
  sps.frame_num_bits = reader.ue(12) + 4;
  sps.order_type = reader.ue(2);
  if (sps.order_type == 0) sps.order_lsb_bits = reader.ue(12) + 4;
  if (sps.order_type == 1) {
    sps.delta_always_zero = reader.flag();
    sps.offset_non_reference = reader.se();
    sps.offset_top_to_bottom = reader.se();
    const std::uint32_t count = reader.ue(255);
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) sps.offsets_in_cycle.push_back(reader.se());
  }
  reader.ue(16);   // max_num_ref_frames
  reader.skip(1);  // gaps_in_frame_num_value_allowed_flag
  parse_size(reader, sps);
  if (reader.flag()) parse_vui(reader, info);
  if (!reader.ok()) return std::nullopt;
  return sps;
}

std::optional<Pps> parse_pps(ByteView rbsp) {
  BitReader reader(rbsp);
  Pps pps;
  pps.id = reader.ue(255);
  pps.sps_id = reader.ue(31);
  reader.skip(1);  // entropy_coding_mode_flag
  pps.bottom_field_order = reader.flag();
  if (reader.ue(7) > 0) return reader.ok() ? std::optional(pps) : std::nullopt;  // slice groups: only baseline has them
  for (unsigned& references : pps.references) references = reader.ue(kMaxReferences) + 1;
  pps.weighted = reader.flag();
  pps.weighted_bi = reader.bits(2);
  for (int i = 0; i < 3; ++i) reader.se();  // quantiser offsets
  reader.skip(2);                           // deblocking_filter_control_present_flag, constrained_intra_pred_flag
  pps.redundant_pictures = reader.flag();
  if (!reader.ok()) return std::nullopt;
  return pps;
}

std::optional<unsigned> parse_slice_pps(ByteView rbsp) {
  BitReader reader(rbsp);
  reader.ue();
  reader.ue(9);
  const unsigned id = reader.ue(255);
  return reader.ok() ? std::optional(id) : std::nullopt;
}

std::optional<Slice> parse_slice(ByteView rbsp, const NalHeader& header, const Pps& pps, const Sps& sps) {
  BitReader reader(rbsp);
  Slice slice;
  slice.first_macroblock = reader.ue();
  const unsigned type = reader.ue(9) % 5;  // 0 P, 1 B, 2 I, 3 SP, 4 SI
  slice.pps_id = reader.ue(255);
  if (sps.separate_planes) reader.skip(2);
  slice.frame_num = reader.bits(sps.frame_num_bits);
  if (!sps.frames_only) {
    slice.field = reader.flag();
    if (slice.field) slice.bottom = reader.flag();
  }
  const bool idr = header.type == kIdrSlice;
  if (idr) reader.ue(65535);
  if (sps.order_type == 0) {
    slice.order_lsb = reader.bits(sps.order_lsb_bits);
    if (pps.bottom_field_order && !slice.field) slice.delta_bottom = reader.se();
  }
  if (sps.order_type == 1 && !sps.delta_always_zero) {
    slice.delta[0] = reader.se();
    if (pps.bottom_field_order && !slice.field) slice.delta[1] = reader.se();
  }
  if (!reader.ok()) return std::nullopt;
  if (idr || header.ref_idc == 0) return slice;

  // The rest leads to dec_ref_pic_marking(); where it cannot be read there is no reset.
  if (pps.redundant_pictures) reader.ue(127);
  const bool p = type == 0 || type == 3, b = type == 1;
  if (b) reader.skip(1);  // direct_spatial_mv_pred_flag
  std::array<unsigned, 2> references = pps.references;
  if ((p || b) && reader.flag()) {
    references[0] = reader.ue(kMaxReferences) + 1;
    if (b) references[1] = reader.ue(kMaxReferences) + 1;
  }
  if (p || b) skip_list_modification(reader);
  if (b) skip_list_modification(reader);
  if ((pps.weighted && p) || (pps.weighted_bi == 1 && b))
    skip_weights(reader, references, b, sps.chroma_format_idc != 0 && !sps.separate_planes);
  const bool reset = has_reset(reader);
  slice.resets = reader.ok() && reset;
  return slice;
}

PictureOrder::Order PictureOrder::next(const Slice& slice, const NalHeader& header, const Sps& sps) {
  if (header.type == kIdrSlice) {
    ++epoch_;
    previous_msb_ = previous_lsb_ = frame_num_offset_ = 0;
    previous_frame_num_ = 0;
  } else if (previous_reset_) {
    frame_num_offset_ = 0;
    previous_frame_num_ = 0;
  }
  previous_reset_ = slice.resets;
  const std::int32_t saved_msb = previous_msb_, saved_lsb = previous_lsb_;
  Order order;
  order.count = sps.order_type == 0 ? from_lsb(slice, sps) : from_frame_num(slice, header, sps);
  if (header.ref_idc == 0) {
    previous_msb_ = saved_msb;
    previous_lsb_ = saved_lsb;
  }
  if (slice.resets) {
    ++epoch_;
    order.count = 0;
    previous_msb_ = previous_lsb_ = 0;
  }
  order.epoch = epoch_;
  return order;
}

// 8.2.1.1.
std::int32_t PictureOrder::from_lsb(const Slice& slice, const Sps& sps) {
  const auto range = std::int32_t{1} << sps.order_lsb_bits;
  const auto lsb = static_cast<std::int32_t>(slice.order_lsb);
  std::int64_t msb = previous_msb_;
  if (lsb < previous_lsb_ && previous_lsb_ - lsb >= range / 2) msb += range;
  if (lsb > previous_lsb_ && lsb - previous_lsb_ > range / 2) msb -= range;
  previous_msb_ = static_cast<std::int32_t>(msb);
  previous_lsb_ = lsb;
  const std::int64_t first = msb + lsb;
  const std::int64_t second = slice.field ? first : first + slice.delta_bottom;
  return static_cast<std::int32_t>(std::min(first, second));
}

// 8.2.1.2 and 8.2.1.3.
std::int32_t PictureOrder::from_frame_num(const Slice& slice, const NalHeader& header, const Sps& sps) {
  std::int64_t offset = frame_num_offset_;
  if (previous_frame_num_ > slice.frame_num) offset += std::int64_t{1} << sps.frame_num_bits;
  frame_num_offset_ = static_cast<std::int32_t>(offset);
  previous_frame_num_ = slice.frame_num;
  std::int64_t number = offset + slice.frame_num;
  if (sps.order_type == 2) return static_cast<std::int32_t>(2 * number - (header.ref_idc == 0 ? 1 : 0));
  const auto cycle = static_cast<std::int64_t>(sps.offsets_in_cycle.size());
  if (cycle == 0) number = 0;
  if (header.ref_idc == 0 && number > 0) --number;
  std::int64_t expected = 0;
  if (number > 0) {
    std::int64_t whole = 0;
    for (const std::int32_t step : sps.offsets_in_cycle) whole += step;
    expected = (number - 1) / cycle * whole;
    for (std::int64_t i = 0; i <= (number - 1) % cycle; ++i)
      expected += sps.offsets_in_cycle[static_cast<std::size_t>(i)];
  }
  if (header.ref_idc == 0) expected += sps.offset_non_reference;
  const std::int64_t top = expected + slice.delta[0];
  if (slice.field) return static_cast<std::int32_t>(slice.bottom ? top + sps.offset_top_to_bottom : top);
  return static_cast<std::int32_t>(std::min(top, top + sps.offset_top_to_bottom + slice.delta[1]));
}

}  // namespace jinsha::verify::avc
