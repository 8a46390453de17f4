// ADTS (ISO/IEC 14496-3, 1.A.2): the framing AAC has in transport streams, taken off so that every
// consumer sees raw access units and an AudioSpecificConfig.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace jinsha {

struct AdtsFrame {
  std::size_t header_bytes = 0;               // 7, or 9 with CRC
  std::vector<std::uint8_t> specific_config;  // AudioSpecificConfig, 2 bytes
};

// Empty when `packet` is not exactly one ADTS frame with one raw data block and a known channel layout.
std::optional<AdtsFrame> parse_adts(std::span<const std::uint8_t> packet);

}  // namespace jinsha
