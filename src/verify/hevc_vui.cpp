// vui_parameters() and hrd_parameters(), ITU-T H.265 E.2.1 to E.2.3.
#include "verify/hevc_syntax.h"

namespace jinsha::verify::hevc {
namespace {

// Table E.1.
constexpr Rational kSampleAspects[] = {{0, 1},   {1, 1},    {12, 11}, {10, 11}, {16, 11}, {40, 33},
                                       {24, 11}, {20, 11},  {32, 11}, {80, 33}, {18, 11}, {15, 11},
                                       {64, 33}, {160, 99}, {4, 3},   {3, 2},   {2, 1}};
constexpr unsigned kExtendedSar = 255;
constexpr std::uint32_t kMaxSchedules = 32;

// sub_layer_hrd_parameters(): keeps the last schedule.
void parse_sub_layer(BitReader& reader, HrdInfo& hrd, unsigned rate_scale, unsigned size_scale, bool keep) {
  for (unsigned i = 0; i < hrd.schedules && reader.ok(); ++i) {
    const std::int64_t rate = std::int64_t{reader.ue()} + 1;
    const std::int64_t size = std::int64_t{reader.ue()} + 1;
    if (hrd.sub_pic_params) {
      reader.ue();
      reader.ue();
    }
    const bool cbr = reader.flag();
    if (!keep) continue;
    hrd.bit_rate_unit = std::int64_t{1} << (6 + rate_scale);
    hrd.cpb_size_unit = std::int64_t{1} << (4 + size_scale);
    hrd.bit_rate = rate * hrd.bit_rate_unit;
    hrd.cpb_size = size * hrd.cpb_size_unit;
    hrd.cbr = cbr;
  }
}

}  // namespace

std::optional<HrdInfo> parse_hrd(BitReader& reader, bool common, unsigned max_sub_layers) {
  HrdInfo hrd;
  bool vcl = false;
  unsigned rate_scale = 0, size_scale = 0;
  if (common) {
    hrd.nal = reader.flag();
    vcl = reader.flag();
    if (hrd.nal || vcl) {
      hrd.sub_pic_params = reader.flag();
      if (hrd.sub_pic_params) reader.skip(8 + 5 + 1 + 5);
      rate_scale = reader.bits(4);
      size_scale = reader.bits(4);
      if (hrd.sub_pic_params) reader.skip(4);
      hrd.initial_delay_bits = reader.bits(5) + 1;
      hrd.removal_delay_bits = reader.bits(5) + 1;
      hrd.output_delay_bits = reader.bits(5) + 1;
    }
  }
  for (unsigned i = 0; i < max_sub_layers && reader.ok(); ++i) {
    const bool fixed_general = reader.flag();
    const bool fixed_in_sequence = fixed_general || reader.flag();
    bool low_delay = false;
    hrd.schedules = 1;
    if (fixed_in_sequence) {
      reader.ue(2047);
    } else {
      low_delay = reader.flag();
    }
    if (!low_delay) hrd.schedules = reader.ue(kMaxSchedules - 1) + 1;
    if (hrd.nal) parse_sub_layer(reader, hrd, rate_scale, size_scale, true);
    if (vcl) parse_sub_layer(reader, hrd, rate_scale, size_scale, !hrd.nal);
  }
  if (!reader.ok() || (!hrd.nal && !vcl)) return std::nullopt;
  return hrd;
}

void parse_vui(BitReader& reader, Sps& sps) {
  SequenceInfo& info = sps.info;
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
  reader.skip(1);  // neutral_chroma_indication_flag
  info.fields = reader.flag();
  sps.frame_field_info = reader.flag();
  if (reader.flag()) {  // default display window
    for (int i = 0; i < 4; ++i) reader.ue();
  }
  if (reader.flag()) {
    info.units_in_tick = reader.bits(32);
    info.time_scale = reader.bits(32);
    if (info.units_in_tick > 0 && info.time_scale > 0) {
      info.frame_rate = Rational{info.time_scale, info.units_in_tick}.reduced();
    }
    if (reader.flag()) reader.ue();
    if (reader.flag()) info.hrd = parse_hrd(reader, true, info.max_sub_layers);
  }
  if (reader.flag()) {  // bitstream restriction
    reader.skip(3);
    for (int i = 0; i < 5; ++i) reader.ue();
  }
}

}  // namespace jinsha::verify::hevc
