// AAC in ADTS frames (ISO/IEC 13818-7 6.2), as transport streams carry it, made into what MP4 wants.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace jinsha {

struct AdtsFrame {
  std::vector<std::uint8_t> audio_specific_config;  // ISO/IEC 14496-3 1.6.2.1
  std::span<const std::uint8_t> payload;
};

// Empty when the bytes are not exactly one ADTS frame with one raw data block and a channel
// configuration of its own.
std::optional<AdtsFrame> parse_adts(std::span<const std::uint8_t> packet);

}  // namespace jinsha
