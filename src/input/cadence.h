// Cadence: puts timestamps on a constant-rate grid.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace jinsha {

// Slot k of the grid is the time of the first picture + k / rate. A picture goes to the next slot
// while it is within 3/4 of a frame of it, so that jitter does not cost pictures; else to the nearest,
// the gap being filled by repeating the picture before. A later picture of the same slot is dropped.
// A gap above the limit or a step back of more than kMaxBackS is a jump of the clock, not a pause: it is closed up.
class Cadence {
 public:
  static constexpr std::int64_t kMaxGapS = 10;      // where clocks jump: transport streams
  static constexpr std::int64_t kMaxPauseS = 3600;  // where they do not: a slide may stand for long
  static constexpr std::int64_t kMaxBackS = 1;

  Cadence() = default;
  Cadence(Rational rate, Rational time_base, std::int64_t max_gap_s = kMaxGapS);

  struct Placement {
    bool drop = false;
    std::int64_t repeats = 0;     // empty slots before this picture's
    std::int64_t slot = 0;        // this picture's
    std::int64_t jump_ticks = 0;  // not 0: how far the clock jumped
  };
  Placement place(std::int64_t ticks);

  bool started() const { return started_; }
  std::int64_t origin() const { return origin_; }  // ticks of the first picture
  std::int64_t slots() const { return next_; }     // filled so far
  // All jumps so far: subtract from a source time to be on the grid's clock.
  std::int64_t jumped_ticks() const { return jumped_; }

 private:
  Rational rate_{25, 1};
  Rational time_base_{1, 25};
  std::int64_t max_gap_s_ = kMaxGapS;
  bool started_ = false;
  std::int64_t origin_ = 0;
  std::int64_t jumped_ = 0;
  std::int64_t next_ = 0;
};

}  // namespace jinsha
