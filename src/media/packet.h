// Packet: one coded access unit, video or audio.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace jinsha {

// Immutable bytes shared by every reader.
using Bytes = std::shared_ptr<const std::vector<std::uint8_t>>;

inline Bytes make_bytes(std::vector<std::uint8_t> data) {
  return std::make_shared<const std::vector<std::uint8_t>>(std::move(data));
}
inline Bytes copy_bytes(std::span<const std::uint8_t> data) { return make_bytes({data.begin(), data.end()}); }

struct Packet {
  int stream = 0;             // index into the streams of the output: 0 is the video
  Bytes data;                 // HEVC: Annex B with start codes; AV1: a temporal unit in low-overhead format
  std::int64_t pts = 0;       // ticks of the stream's time base; may be negative
  std::int64_t dts = 0;       // dts <= pts
  std::int64_t duration = 0;  // ticks
  bool key = false;           // a random access point
};

}  // namespace jinsha
