// PacketFinder: transport packets in a stream of bytes, ISO/IEC 13818-1 2.4.3.2: 188 bytes that start
// with 0x47, or 192 where a four-byte time stamp stands before each (.m2ts).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "verify/bit_reader.h"

namespace jinsha::verify {

class PacketFinder {
 public:
  struct Handler {
    std::function<void(ByteView packet, std::int64_t byte)> packet;
    std::function<void(std::string what, std::int64_t byte)> damage;
  };
  explicit PacketFinder(Handler handler) : handler_(std::move(handler)) {}

  void feed(ByteView bytes);
  // After the last byte: what is left is a packet or damage.
  void finish();
  bool ever_locked() const { return ever_locked_; }
  std::size_t stride() const { return stride_; }

 private:
  void consume(bool last);
  bool lock(bool last);
  void drop(std::size_t count);

  Handler handler_;
  std::vector<std::uint8_t> buffer_;
  std::int64_t buffer_byte_ = 0;  // of the file, where the buffer starts
  bool locked_ = false;
  bool ever_locked_ = false;
  std::size_t stride_ = 188;
};

}  // namespace jinsha::verify
