// Keeps the strictly constant stream of x265 at its rate.
//
// x265 fills its buffer model with all NAL units but SEI (frameencoder.cpp: "exclude SEI"), and pads
// by that model: every picture timing message is sent on top of the rate that the HRD signals, and a
// filler counts for three bytes more than it has. Over a long stream the sum empties any buffer. A
// filler comes where the model is full, so at each of them the right total is known: what has arrived
// since the beginning, less what a full buffer holds. The filler is cut to meet it.
//
// Where no fillers come, because the pictures alone use the rate up, nothing can be cut: the stream
// runs ahead by its SEI (3 kbit/s at 50 frames/s, 20 more with captions) until the next easy picture,
// whose filler pays it back. A stream that stays so long enough to empty the buffer is found by the
// judge.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace jinsha {

class CbrFillers {
 public:
  // Rate and buffer as x265 was told them: its HRD signals whole units of 64 bit/s and of 16 bits. The buffer holds
  // `initial_share` of its size when the first picture leaves it.
  CbrFillers(std::int64_t rate_bits_per_s, std::int64_t buffer_bits, double initial_share, Rational frame_rate);

  // NAL units of an access unit without start codes, as the HRD counts them (H.265 C.2).
  struct Unit {
    std::int64_t bytes = 0;  // all but the filler
    std::int64_t filler_bytes = 0;
  };
  // For access units in coding order: how many bytes the filler is to have; 0: it is left out.
  std::int64_t filler_bytes(const Unit& unit);

 private:
  const std::int64_t rate_bits_per_s_;
  const Rational frame_rate_;
  Int128 room_;  // in the buffer when the next picture leaves it, bits times frame_rate_.num
};

}  // namespace jinsha
