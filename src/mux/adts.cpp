#include "mux/adts.h"

namespace jinsha {

std::optional<AdtsFrame> parse_adts(std::span<const std::uint8_t> packet) {
  // syncword(12) id(1) layer(2) protection_absent(1) profile(2) sampling_frequency_index(4)
  // private(1) channel_configuration(3) original(1) home(1) copyright(2) frame_length(13)
  // fullness(11) raw_data_blocks-1(2) [crc 16]
  if (packet.size() < 7 || packet[0] != 0xff || (packet[1] & 0xf6) != 0xf0) return std::nullopt;
  const bool has_crc = (packet[1] & 1) == 0;
  const unsigned object_type = (packet[2] >> 6) + 1u;
  const unsigned frequency_index = (packet[2] >> 2) & 0x0fu;
  const unsigned channels = (packet[2] & 1u) << 2 | packet[3] >> 6;
  const std::size_t length = (packet[3] & 3u) << 11 | packet[4] << 3 | packet[5] >> 5;
  const std::size_t header = has_crc ? 9 : 7;
  if (frequency_index > 12 || channels == 0 || (packet[6] & 3) != 0 || length != packet.size() || length <= header) {
    return std::nullopt;
  }
  // audioObjectType(5) samplingFrequencyIndex(4) channelConfiguration(4) GASpecificConfig(3) = 0
  const unsigned config = object_type << 11 | frequency_index << 7 | channels << 3;
  return AdtsFrame{{static_cast<std::uint8_t>(config >> 8), static_cast<std::uint8_t>(config)}, packet.subspan(header)};
}

}  // namespace jinsha
