#include "verify/bit_reader.h"

#include <algorithm>

namespace jinsha::verify {

std::uint64_t BitReader::bits64(unsigned count) {
  if (!ok_ || count > left()) {
    ok_ = false;
    return 0;
  }
  std::uint64_t value = 0;
  while (count > 0) {
    const unsigned used = static_cast<unsigned>(position_ % 8);
    const unsigned take = std::min(count, 8 - used);
    const unsigned byte = data_[position_ / 8];
    value = (value << take) | ((byte >> (8 - used - take)) & ((1U << take) - 1U));
    position_ += take;
    count -= take;
  }
  return value;
}

void BitReader::skip(std::size_t count) {
  if (!ok_ || count > left()) {
    ok_ = false;
    return;
  }
  position_ += count;
}

std::uint32_t BitReader::ue(std::uint32_t max) {
  unsigned zeros = 0;
  while (ok_ && !flag()) {
    if (++zeros > 31) ok_ = false;
  }
  if (!ok_) return 0;
  const std::uint32_t value = static_cast<std::uint32_t>((std::uint64_t{1} << zeros) - 1) + bits(zeros);
  if (value > max) ok_ = false;
  return ok_ ? value : 0;
}

std::int32_t BitReader::se() {
  const std::int64_t code = ue();
  return static_cast<std::int32_t>(code % 2 != 0 ? (code + 1) / 2 : -(code / 2));
}

std::uint32_t BitReader::uvlc() {
  unsigned zeros = 0;
  while (ok_ && !flag()) ++zeros;
  if (!ok_) return 0;
  if (zeros >= 32) return std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>((std::uint64_t{1} << zeros) - 1) + bits(zeros);
}

std::uint64_t BitReader::leb128() {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < 8; ++i) {
    const std::uint64_t byte = bits64(8);
    value |= (byte & 0x7F) << (7 * i);
    if ((byte & 0x80) == 0) {
      if (value > std::numeric_limits<std::uint32_t>::max()) ok_ = false;
      return ok_ ? value : 0;
    }
  }
  ok_ = false;
  return 0;
}

std::vector<std::uint8_t> remove_emulation_prevention(ByteView nal) {
  std::vector<std::uint8_t> out;
  out.reserve(nal.size());
  int zeros = 0;
  for (const std::uint8_t byte : nal) {
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    out.push_back(byte);
  }
  return out;
}

}  // namespace jinsha::verify
