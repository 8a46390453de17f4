// SEI messages, ITU-T H.265 7.3.5 and Annex D.
#include <algorithm>

#include "verify/hevc_syntax.h"

namespace jinsha::verify::hevc {

std::optional<std::vector<SeiMessage>> parse_sei(ByteView rbsp) {
  std::vector<SeiMessage> messages;
  std::size_t at = 0;
  const auto read_extended = [&](std::size_t& value) {
    value = 0;
    while (at < rbsp.size() && rbsp[at] == 0xFF) {
      value += 255;
      ++at;
    }
    if (at >= rbsp.size()) return false;
    value += rbsp[at++];
    return true;
  };
  // What follows the last message is rbsp_trailing_bits(): 0x80 and cabac_zero_words at most.
  while (at < rbsp.size() && rbsp[at] != 0x80) {
    std::size_t type = 0, size = 0;
    if (!read_extended(type) || !read_extended(size)) return std::nullopt;
    if (size > rbsp.size() - at) return std::nullopt;
    messages.push_back({static_cast<unsigned>(type), rbsp.subspan(at, size)});
    at += size;
  }
  if (at >= rbsp.size()) return std::nullopt;
  return messages;
}

std::optional<BufferingPeriod> parse_buffering_period(ByteView payload, const HrdInfo& hrd) {
  BitReader reader(payload);
  BufferingPeriod period;
  reader.ue(15);
  bool alternative = false;
  if (!hrd.sub_pic_params) alternative = reader.flag();
  if (alternative) reader.skip(std::size_t{hrd.removal_delay_bits} + hrd.output_delay_bits);
  period.concatenation = reader.flag();
  reader.skip(hrd.removal_delay_bits);
  for (unsigned i = 0; i < hrd.schedules && reader.ok(); ++i) {
    period.initial_delay = reader.bits(hrd.initial_delay_bits);
    period.initial_offset = reader.bits(hrd.initial_delay_bits);
    if (hrd.sub_pic_params || alternative) reader.skip(std::size_t{2} * hrd.initial_delay_bits);
  }
  if (!reader.ok() || period.initial_delay == 0) return std::nullopt;
  return period;
}

std::optional<PictureTiming> parse_picture_timing(ByteView payload, const HrdInfo& hrd, bool frame_field_info) {
  BitReader reader(payload);
  if (frame_field_info) reader.skip(4 + 2 + 1);
  PictureTiming timing;
  timing.removal_delay = reader.bits(hrd.removal_delay_bits) + 1;
  reader.skip(hrd.output_delay_bits);
  if (!reader.ok()) return std::nullopt;
  return timing;
}

std::optional<MasteringDisplay> parse_mastering_display(ByteView payload) {
  if (payload.size() < 24) return std::nullopt;
  MasteringDisplay display;
  // Coded in the order G, B, R.
  constexpr std::size_t kToRgb[] = {1, 2, 0};
  for (std::size_t i = 0; i < 3; ++i) {
    display.primaries_rgb[kToRgb[i]] = {static_cast<std::uint16_t>(be16(payload.subspan(4 * i))),
                                        static_cast<std::uint16_t>(be16(payload.subspan(4 * i + 2)))};
  }
  display.white_point = {static_cast<std::uint16_t>(be16(payload.subspan(12))),
                         static_cast<std::uint16_t>(be16(payload.subspan(14)))};
  display.max_luminance = be32(payload.subspan(16));
  display.min_luminance = be32(payload.subspan(20));
  return display;
}

std::optional<ContentLight> parse_content_light(ByteView payload) {
  if (payload.size() < 4) return std::nullopt;
  return ContentLight{static_cast<std::uint16_t>(be16(payload)), static_cast<std::uint16_t>(be16(payload.subspan(2)))};
}

}  // namespace jinsha::verify::hevc
