#include "verify/av1_syntax.h"

#include <algorithm>
#include <cstdlib>

namespace jinsha::verify::av1 {
namespace {

constexpr const char* kProfiles[] = {"main", "high", "professional"};
constexpr unsigned kSelectScreenContent = 2;

// color_config(), 5.5.2.
void parse_color_config(BitReader& reader, unsigned profile, SequenceInfo& info) {
  const bool high = reader.flag();
  int depth = high ? 10 : 8;
  if (profile == 2 && high && reader.flag()) depth = 12;
  info.format.depth = depth;
  const bool mono = profile != 1 && reader.flag();
  ColorInfo& color = info.color;
  if (reader.flag()) {
    color.primaries = static_cast<Primaries>(reader.bits(8));
    color.transfer = static_cast<Transfer>(reader.bits(8));
    color.matrix = static_cast<Matrix>(reader.bits(8));
  }
  if (mono) {
    color.range = reader.flag() ? Range::kFull : Range::kLimited;
    info.format.chroma = Chroma::k400;
    return;
  }
  if (color.primaries == Primaries::kBt709 && color.transfer == Transfer::kSrgb && color.matrix == Matrix::kIdentity) {
    color.range = Range::kFull;
    info.format.chroma = Chroma::k444;
  } else {
    color.range = reader.flag() ? Range::kFull : Range::kLimited;
    bool x = true, y = true;
    if (profile == 1) {
      x = y = false;
    } else if (profile == 2) {
      if (depth == 12) {
        x = reader.flag();
        y = x && reader.flag();
      } else {
        y = false;
      }
    }
    info.format.chroma = !x ? Chroma::k444 : y ? Chroma::k420 : Chroma::k422;
    if (x && y) {
      switch (reader.bits(2)) {  // chroma_sample_position, 6.4.2
        case 1: color.chroma_location = ChromaLocation::kLeft; break;
        case 2: color.chroma_location = ChromaLocation::kTopLeft; break;
        default: break;
      }
    }
  }
  reader.skip(1);  // separate_uv_delta_q
}

}  // namespace

std::optional<ObuHeader> parse_obu_header(std::uint8_t first, std::uint8_t second) {
  if ((first & 0x80) != 0) return std::nullopt;
  ObuHeader header;
  header.type = (first >> 3) & 15U;
  header.extension = (first & 4) != 0;
  header.has_size = (first & 2) != 0;
  if (header.extension) {
    header.temporal_id = second >> 5;
    header.spatial_id = (second >> 3) & 3U;
  }
  return header;
}

std::optional<SequenceHeader> parse_sequence_header(ByteView payload) {
  BitReader reader(payload);
  SequenceHeader sequence;
  SequenceInfo& info = sequence.info;
  const unsigned profile = reader.bits(3);
  if (profile >= std::size(kProfiles)) return std::nullopt;
  info.profile_idc = static_cast<int>(profile);
  info.profile = kProfiles[profile];
  reader.skip(1);  // still_picture
  info.reduced_still = reader.flag();
  if (info.reduced_still) {
    info.level_idc = static_cast<int>(reader.bits(5));
  } else {
    unsigned delay_bits = 0;
    if (reader.flag()) {
      info.units_in_tick = reader.bits(32);
      info.time_scale = reader.bits(32);
      sequence.equal_picture_interval = reader.flag();
      if (sequence.equal_picture_interval && info.units_in_tick > 0 && info.time_scale > 0) {
        const std::int64_t ticks = std::int64_t{reader.uvlc()} + 1;
        info.frame_rate = Rational{info.time_scale, info.units_in_tick * ticks}.reduced();
      }
      sequence.decoder_model = reader.flag();
      if (sequence.decoder_model) {
        delay_bits = reader.bits(5) + 1;
        reader.skip(32 + 5);
        sequence.presentation_time_bits = reader.bits(5) + 1;
      }
    }
    const bool initial_display_delay = reader.flag();
    const unsigned points = reader.bits(5) + 1;
    for (unsigned i = 0; i < points && reader.ok(); ++i) {
      reader.skip(12);
      const unsigned level = reader.bits(5);
      const bool high = level > 7 && reader.flag();
      if (i == 0) {
        info.level_idc = static_cast<int>(level);
        info.tier = high ? Tier::kHigh : Tier::kMain;
      }
      if (sequence.decoder_model && reader.flag()) reader.skip(std::size_t{2} * delay_bits + 1);
      if (initial_display_delay && reader.flag()) reader.skip(4);
    }
  }
  const unsigned width_bits = reader.bits(4) + 1;
  const unsigned height_bits = reader.bits(4) + 1;
  info.width = static_cast<int>(reader.bits(width_bits)) + 1;
  info.height = static_cast<int>(reader.bits(height_bits)) + 1;
  info.coded_width = info.width;
  info.coded_height = info.height;
  if (!info.reduced_still && reader.flag()) reader.skip(4 + 3);  // frame ids
  reader.skip(3);
  if (!info.reduced_still) {
    reader.skip(4);
    const bool order_hint = reader.flag();
    if (order_hint) reader.skip(2);
    const unsigned screen_content = reader.flag() ? kSelectScreenContent : reader.bits(1);
    if (screen_content > 0 && !reader.flag()) reader.skip(1);
    if (order_hint) reader.skip(3);
  }
  reader.skip(3);
  parse_color_config(reader, profile, info);
  reader.skip(1);  // film_grain_params_present
  if (!reader.ok()) return std::nullopt;
  return sequence;
}

std::optional<FrameStart> parse_frame_start(ByteView payload, const SequenceHeader& sequence) {
  FrameStart frame;
  if (sequence.info.reduced_still) {
    frame.type = FrameType::kKey;
    return frame;
  }
  BitReader reader(payload);
  frame.show_existing_frame = reader.flag();
  if (!frame.show_existing_frame) {
    frame.type = static_cast<FrameType>(reader.bits(2));
    frame.show_frame = reader.flag();
    if (frame.show_frame && sequence.decoder_model && !sequence.equal_picture_interval) {
      reader.skip(sequence.presentation_time_bits);
    }
    if (!frame.show_frame) reader.skip(1);
    frame.error_resilient =
        frame.type == FrameType::kSwitch || (frame.type == FrameType::kKey && frame.show_frame) || reader.flag();
  }
  if (!reader.ok()) return std::nullopt;
  return frame;
}

std::optional<ContentLight> parse_cll(ByteView payload) {
  if (payload.size() < 4) return std::nullopt;
  return ContentLight{static_cast<std::uint16_t>(be16(payload)), static_cast<std::uint16_t>(be16(payload.subspan(2)))};
}

std::optional<Av1MasteringDisplay> parse_mdcv(ByteView payload) {
  if (payload.size() < 24) return std::nullopt;
  Av1MasteringDisplay display;
  const auto word = [&](std::size_t i) { return static_cast<std::uint16_t>(be16(payload.subspan(2 * i))); };
  for (std::size_t i = 0; i < 3; ++i) display.primaries_rgb[i] = {word(2 * i), word(2 * i + 1)};
  display.white_point = {word(6), word(7)};
  display.max_luminance = be32(payload.subspan(16));
  display.min_luminance = be32(payload.subspan(20));
  return display;
}

Av1MasteringDisplay to_av1(const MasteringDisplay& display) {
  const auto chromaticity = [](std::uint16_t value) {  // 1/50000 to 1/65536
    return static_cast<std::uint16_t>(std::min<std::uint32_t>((value * 65536U + 25000U) / 50000U, 65535U));
  };
  const auto luminance = [](std::uint32_t value, unsigned bits) {  // 1/10000 to 2^-bits
    return static_cast<std::uint32_t>(((std::uint64_t{value} << bits) + 5000U) / 10000U);
  };
  Av1MasteringDisplay out;
  for (std::size_t i = 0; i < 3; ++i) {
    out.primaries_rgb[i] = {chromaticity(display.primaries_rgb[i][0]), chromaticity(display.primaries_rgb[i][1])};
  }
  out.white_point = {chromaticity(display.white_point[0]), chromaticity(display.white_point[1])};
  out.max_luminance = luminance(display.max_luminance, 8);
  out.min_luminance = luminance(display.min_luminance, 14);
  return out;
}

bool nearly_equal(const Av1MasteringDisplay& a, const Av1MasteringDisplay& b) {
  const auto near = [](std::int64_t x, std::int64_t y) { return std::llabs(x - y) <= 1; };
  bool ok = near(a.max_luminance, b.max_luminance) && near(a.min_luminance, b.min_luminance);
  for (std::size_t xy = 0; xy < 2; ++xy) {
    ok = ok && near(a.white_point[xy], b.white_point[xy]);
    for (std::size_t i = 0; i < 3; ++i) ok = ok && near(a.primaries_rgb[i][xy], b.primaries_rgb[i][xy]);
  }
  return ok;
}

}  // namespace jinsha::verify::av1
