// Reads bits, Exp-Golomb codes and the variable-length integers of AV1 from bytes that may be
// damaged. Reading past the end or an impossible code turns ok() false for good and yields zero,
// so a parser may read a whole structure and ask once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace jinsha::verify {

using ByteView = std::span<const std::uint8_t>;

class BitReader {
 public:
  explicit BitReader(ByteView data) : data_(data) {}

  std::uint64_t bits64(unsigned count);  // count <= 64, most significant bit first
  std::uint32_t bits(unsigned count) { return static_cast<std::uint32_t>(bits64(count)); }  // count <= 32
  bool flag() { return bits(1) != 0; }
  // ue(v) and se(v), ITU-T H.265 9.2. A value above `max` counts as damage.
  std::uint32_t ue(std::uint32_t max = std::numeric_limits<std::uint32_t>::max() - 1);
  std::int32_t se();
  // uvlc() and leb128(), AV1 4.10.3 and 4.10.5.
  std::uint32_t uvlc();
  std::uint64_t leb128();
  void skip(std::size_t count);

  bool ok() const { return ok_; }
  void fail() { ok_ = false; }
  std::size_t position() const { return position_; }  // bits read
  std::size_t left() const { return data_.size() * 8 - position_; }

 private:
  ByteView data_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

// The RBSP of a NAL unit: emulation prevention bytes (00 00 03) taken out, ITU-T H.265 7.3.1.1.
std::vector<std::uint8_t> remove_emulation_prevention(ByteView nal);

// Big-endian integers at the start of `data`, which must be long enough.
inline std::uint32_t be16(ByteView data) { return (std::uint32_t{data[0]} << 8) | data[1]; }
inline std::uint32_t be24(ByteView data) { return (be16(data) << 8) | data[2]; }
inline std::uint32_t be32(ByteView data) { return (be16(data) << 16) | be16(data.subspan(2)); }
inline std::uint64_t be64(ByteView data) { return (std::uint64_t{be32(data)} << 32) | be32(data.subspan(4)); }
inline std::uint32_t le16(ByteView data) { return (std::uint32_t{data[1]} << 8) | data[0]; }
inline std::uint32_t le32(ByteView data) { return (le16(data.subspan(2)) << 16) | le16(data); }
inline std::uint64_t le64(ByteView data) { return (std::uint64_t{le32(data.subspan(4))} << 32) | le32(data); }

}  // namespace jinsha::verify
