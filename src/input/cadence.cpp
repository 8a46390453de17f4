#include "input/cadence.h"

namespace jinsha {

Cadence::Cadence(Rational rate, Rational time_base, std::int64_t max_gap_s)
    : rate_(rate), time_base_(time_base), max_gap_s_(max_gap_s) {}

Cadence::Placement Cadence::place(std::int64_t ticks) {
  if (!started_) {
    started_ = true;
    origin_ = ticks;
    next_ = 1;
    return {};
  }
  Placement result;
  // Position on the grid = numerator / denominator, exactly.
  const Int128 per_tick = static_cast<Int128>(time_base_.num) * rate_.num;
  const Int128 denominator = static_cast<Int128>(time_base_.den) * rate_.den;
  const auto numerator = [&] { return (static_cast<Int128>(ticks) - origin_ - jumped_) * per_tick; };
  const Int128 expected = static_cast<Int128>(next_) * denominator;
  const Int128 late = numerator() - expected;
  const Int128 second = denominator * rate_.num / rate_.den;
  if (late > second * max_gap_s_ || late < -second * kMaxBackS) {
    result.jump_ticks = static_cast<std::int64_t>(late / per_tick);
    jumped_ += result.jump_ticks;
    // Ticks may be coarser than the gap that is left.
    result.slot = next_++;
    return result;
  }
  const Int128 off = numerator() - expected;
  if (4 * off <= 3 * denominator && -4 * off <= 3 * denominator) {
    result.slot = next_++;
    return result;
  }
  if (off < 0) {
    result.drop = true;
    return result;
  }
  result.slot = static_cast<std::int64_t>((2 * numerator() + denominator) / (2 * denominator));
  result.repeats = result.slot - next_;
  next_ = result.slot + 1;
  return result;
}

}  // namespace jinsha
