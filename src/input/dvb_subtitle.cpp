#include "input/dvb_subtitle.h"

namespace jinsha {

std::span<const std::uint8_t> dvb_subtitle_segments(std::span<const std::uint8_t> packet) {
  constexpr std::uint8_t kDataIdentifier = 0x20, kStreamId = 0x00, kSync = 0x0F;
  constexpr std::size_t kHeader = 6;  // sync_byte, segment_type, page_id, segment_length
  if (packet.size() >= 2 && packet[0] == kDataIdentifier && packet[1] == kStreamId) packet = packet.subspan(2);
  std::size_t end = 0;
  while (packet.size() - end >= kHeader && packet[end] == kSync) {
    const std::size_t length = std::size_t{packet[end + 4]} << 8 | packet[end + 5];
    if (packet.size() - end - kHeader < length) break;
    end += kHeader + length;
  }
  return packet.first(end);
}

}  // namespace jinsha
