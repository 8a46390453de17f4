#include "audio/ac3_header.h"

#include <cstddef>

namespace jinsha {
namespace {

unsigned bits(std::span<const std::uint8_t> data, std::size_t at, std::size_t count) {
  unsigned value = 0;
  for (std::size_t i = at; i < at + count; ++i) value = value << 1 | (data[i / 8] >> (7 - i % 8) & 1U);
  return value;
}

}  // namespace

std::optional<int> dialogue_level_of(std::span<const std::uint8_t> packet) {
  constexpr std::size_t kHeaderBytes = 9;
  if (packet.size() < kHeaderBytes || packet[0] != 0x0B || packet[1] != 0x77) return std::nullopt;
  const unsigned bsid = bits(packet, 40, 5);  // at the same place in both
  std::size_t at = 0;
  if (bsid <= 10) {
    // syncinfo 40, bsid 5, bsmod 3, acmod 3, then what acmod brings along.
    const unsigned acmod = bits(packet, 48, 3);
    at = 51;
    if ((acmod & 1U) != 0 && acmod != 1) at += 2;  // cmixlev
    if ((acmod & 4U) != 0) at += 2;                // surmixlev
    if (acmod == 2) at += 2;                       // dsurmod
    at += 1;                                       // lfeon
  } else if (bsid <= 16) {
    at = 45;  // syncword 16, strmtyp 2, substreamid 3, frmsiz 11, fscod 2, numblkscod 2, acmod 3, lfeon 1, bsid 5
  } else {
    return std::nullopt;
  }
  const unsigned level = bits(packet, at, 5);
  if (level == 0) return std::nullopt;
  return static_cast<int>(level);
}

}  // namespace jinsha
