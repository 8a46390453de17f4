// The hypothetical reference decoder's coded picture buffer, ITU-T H.265 C.2: every access unit
// arrives at the signalled bit rate and leaves at the time the stream says. Integers throughout:
// time is counted in 1 / (90000 x bit rate) s, so that one bit takes 90000 of them to arrive.
#pragma once

#include <deque>

#include "verify/hevc_syntax.h"

namespace jinsha::verify {

class CpbReplay {
 public:
  // `tick` is num_units_in_tick / time_scale in seconds.
  CpbReplay(const HrdInfo& hrd, Rational tick, CpbResult& result) : hrd_(hrd), tick_(tick), result_(result) {}

  void unit(const Place& place, std::int64_t bytes, const std::optional<hevc::BufferingPeriod>& period,
            const std::optional<hevc::PictureTiming>& timing);

 private:
  struct Pending {
    Int128 removal;
    std::int64_t bits;
  };
  void check_fullness(const Place& place, Int128 scaled_bits, Int128 time);
  // What rounding of rate, size and 90 kHz delays may shift at `time`, in bits.
  std::int64_t slack_bits(Int128 time) const;
  std::string milliseconds(Int128 time) const;

  HrdInfo hrd_;
  Rational tick_;
  CpbResult& result_;
  bool started_ = false;
  Int128 period_start_ = 0;   // nominal removal time of the buffering period's first access unit
  Int128 last_arrival_ = 0;   // final arrival time of the previous access unit
  Int128 fullness_ = 0;       // bits x 90000 in the buffer at last_arrival_
  std::int64_t initial_ = 0;  // 90 kHz
  std::int64_t offset_ = 0;
  std::int64_t since_period_ = 0;  // access units
  std::deque<Pending> pending_;
};

}  // namespace jinsha::verify
