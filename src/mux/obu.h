// Temporal units of AV1 in the low-overhead format (AV1 specification 5.2, 7.5).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace jinsha {

inline constexpr int kObuSequenceHeader = 1;
inline constexpr int kObuTemporalDelimiter = 2;

struct Obu {
  int type = 0;
  std::span<const std::uint8_t> bytes;  // header, size and payload
};

// kInput when the bytes are not a chain of OBUs that all have a size.
Result<std::vector<Obu>> split_obus(std::span<const std::uint8_t> temporal_unit);

// The OBU every temporal unit of a .obu or .ivf file begins with.
inline constexpr std::uint8_t kTemporalDelimiter[] = {0x12, 0x00};

// Whether it begins with a temporal delimiter.
bool has_temporal_delimiter(std::span<const std::uint8_t> temporal_unit);

}  // namespace jinsha
