// Keeps the strictly constant stream of x265 at its rate.
//
// x265 fills its buffer model with all NAL units but SEI (frameencoder.cpp: "exclude SEI"), and pads
// by that model: every picture timing message is sent on top of the rate that the HRD signals, and a
// filler counts for three bytes more than it has. Over a long stream the sum empties any buffer. A
// filler is what the model says must be sent beyond the pictures, so at each of them the right total
// is known, and the filler is cut to meet it.
//
// Where no fillers come, because the pictures alone use the rate up, nothing can be cut: the stream
// runs ahead by its SEI (3 kbit/s at 50 frames/s, 20 more with captions) until the next easy picture,
// whose filler pays it back. A stream that stays so long enough to empty the buffer is found by the
// judge.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace jinsha {

class CbrFillers {
 public:
  // The rate as x265 was told it: its HRD signals whole units of 64 bit/s, and pads to them.
  CbrFillers(std::int64_t rate_bits_per_s, Rational frame_rate)
      : rate_bits_per_s_(rate_bits_per_s / 64 * 64), frame_rate_(frame_rate) {}

  // NAL units of an access unit without start codes, as the HRD counts them (H.265 C.2).
  struct Unit {
    std::int64_t bytes = 0;      // all but the filler
    std::int64_t sei_bytes = 0;  // of these
    std::int64_t filler_bytes = 0;
  };
  // For access units in coding order: how many bytes the filler is to have; 0: it is left out.
  std::int64_t filler_bytes(const Unit& unit);

 private:
  std::int64_t rate_bits_per_s_;
  Rational frame_rate_;
  Int128 ahead_ = 0;             // bits sent less rate x time, times frame_rate_.num
  std::int64_t sei_bits_ = 0;    // until the first filler
  std::optional<Int128> level_;  // of ahead_ when x265's model is full
};

}  // namespace jinsha
