#include "input/adts.h"

namespace jinsha {

std::optional<AdtsFrame> parse_adts(std::span<const std::uint8_t> packet) {
  if (packet.size() < 8 || packet[0] != 0xFF || (packet[1] & 0xF6) != 0xF0) return std::nullopt;  // sync, layer 0
  const bool has_crc = (packet[1] & 1) == 0;
  const unsigned object_type = (packet[2] >> 6) + 1U;
  const unsigned rate_index = packet[2] >> 2 & 15U;
  const unsigned channels = (packet[2] & 1U) << 2 | packet[3] >> 6;
  const std::size_t length = static_cast<std::size_t>((packet[3] & 3U) << 11 | packet[4] << 3U | packet[5] >> 5);
  const unsigned blocks = packet[6] & 3U;
  // Channel configuration 0 describes the channels inside the block; several blocks share a CRC table.
  if (rate_index > 12 || channels == 0 || blocks != 0 || length != packet.size()) return std::nullopt;
  AdtsFrame frame;
  frame.header_bytes = has_crc ? 9 : 7;
  if (length <= frame.header_bytes) return std::nullopt;
  const unsigned config = object_type << 11 | rate_index << 7 | channels << 3;
  frame.specific_config = {static_cast<std::uint8_t>(config >> 8), static_cast<std::uint8_t>(config & 0xFF)};
  return frame;
}

}  // namespace jinsha
