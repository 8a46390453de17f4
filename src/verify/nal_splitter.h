// NalSplitter: cuts a byte stream (ITU-T H.265 Annex B) or length-prefixed samples (ISO/IEC
// 14496-15) into NAL units. Keeps only the first bytes of each, whatever its size.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "verify/bit_reader.h"

namespace jinsha::verify {

// Enough for any parameter set, SEI message of interest and slice segment header.
inline constexpr std::size_t kMaxPrefix = 64 * 1024;

struct NalUnit {
  ByteView prefix;            // the first bytes, header included
  std::int64_t size = 0;      // of all bytes, without start code and trailing zeros
  std::int64_t position = 0;  // in the elementary stream, of the start code or length
  std::int64_t byte = 0;      // in the file
};
using NalHandler = std::function<void(const NalUnit&)>;

class ByteStreamSplitter {
 public:
  explicit ByteStreamSplitter(NalHandler handler) : handler_(std::move(handler)) {}
  void data(ByteView bytes, std::int64_t byte);
  void finish();
  std::int64_t position() const { return position_; }  // bytes seen
  std::int64_t garbage() const { return garbage_; }    // bytes before the first start code

 private:
  void append(ByteView bytes);
  void append_zeros(std::int64_t count);
  void end_unit();

  NalHandler handler_;
  std::vector<std::uint8_t> prefix_;
  std::int64_t size_ = 0;
  std::int64_t start_ = 0;       // of the start code, in the elementary stream
  std::int64_t start_byte_ = 0;  // in the file
  std::int64_t next_byte_ = -1;  // of the file, behind what was seen
  std::int64_t zeros_ = 0;       // zero bytes not yet given to the unit
  std::int64_t position_ = 0;
  std::int64_t garbage_ = 0;
  bool inside_ = false;
};

class LengthSplitter {
 public:
  LengthSplitter(unsigned length_bytes, NalHandler handler)
      : handler_(std::move(handler)), length_bytes_(length_bytes) {}
  void data(ByteView bytes, std::int64_t byte);
  // At the end of a sample: true when it ended with a whole NAL unit. Starts afresh.
  bool end_sample();

 private:
  NalHandler handler_;
  unsigned length_bytes_;
  std::vector<std::uint8_t> prefix_;
  unsigned length_read_ = 0;
  std::int64_t length_ = 0;  // declared
  std::int64_t size_ = 0;    // read
  std::int64_t start_byte_ = 0;
  std::int64_t position_ = 0;
  std::int64_t start_ = 0;
};

}  // namespace jinsha::verify
