#include "verify/cpb_replay.h"

#include <fmt/core.h>

#include <algorithm>

namespace jinsha::verify {
namespace {

constexpr std::int64_t kClock = 90'000;
constexpr std::size_t kMaxPending = 4096;  // access units in the buffer at once: more is damage

}  // namespace

std::string CpbReplay::milliseconds(Int128 time) const {
  return fmt::format("{:.1f} ms", static_cast<double>(time) * 1000.0 / static_cast<double>(kClock) /
                                      static_cast<double>(hrd_.bit_rate));
}

std::int64_t CpbReplay::slack_bits(Int128 time) const {
  // A constant rate that was rounded down falls behind for ever; else every picture starts anew.
  const Int128 seconds = hrd_.cbr ? time / (Int128{kClock} * hrd_.bit_rate) + 1 : 1;
  return static_cast<std::int64_t>(seconds) * hrd_.bit_rate_unit + hrd_.cpb_size_unit + hrd_.bit_rate / kClock + 1;
}

void CpbReplay::check_fullness(const Place& place, Int128 scaled_bits, Int128 time) {
  if (scaled_bits <= (Int128{hrd_.cpb_size} + slack_bits(time)) * kClock) return;
  if (result_.overflows.count == 0) {
    result_.first_overflow =
        fmt::format("{} bits {} after the start of arrival{}", static_cast<std::int64_t>(scaled_bits / kClock),
                    milliseconds(time), hrd_.cbr ? ", too few fillers for cbr_flag 1" : "");
  }
  result_.overflows.add(place);
}

void CpbReplay::unit(const Place& place, std::int64_t bytes, const std::optional<hevc::BufferingPeriod>& period,
                     const std::optional<hevc::PictureTiming>& timing) {
  if (!started_ && !period) return;
  if (hrd_.bit_rate <= 0 || tick_.num <= 0 || tick_.den <= 0) return;
  result_.run = true;
  ++since_period_;
  Int128 removal;
  if (!started_) {
    removal = Int128{period->initial_delay} * hrd_.bit_rate;
    started_ = true;
  } else {
    const std::int64_t delay = timing ? timing->removal_delay : since_period_;
    removal = period_start_ + Int128{delay} * tick_.num * kClock * hrd_.bit_rate / tick_.den;
  }
  if (period) {
    period_start_ = removal;
    since_period_ = 0;
    initial_ = period->initial_delay;
    offset_ = period->initial_offset;
    // D.3.2: initial_cpb_removal_delay is at most the time the buffer takes to fill.
    if (Int128{initial_} * hrd_.bit_rate > (Int128{hrd_.cpb_size} + slack_bits(0)) * kClock) {
      if (result_.overflows.count == 0) {
        result_.first_overflow = fmt::format("an initial_cpb_removal_delay of {} / 90000 s", initial_);
      }
      result_.overflows.add(place);
    }
  }
  const std::int64_t bits = bytes * 8;
  Int128 arrival = last_arrival_;
  if (!hrd_.cbr) {
    arrival = std::max(arrival, removal - Int128{initial_ + (period ? 0 : offset_)} * hrd_.bit_rate);
  }
  const Int128 arrived = arrival + Int128{bits} * kClock;

  // Fullness is greatest just before a removal. Removals while nothing arrives come first.
  Int128 now = arrival;
  while (!pending_.empty() && (pending_.front().removal <= arrived || pending_.size() > kMaxPending)) {
    const Int128 at = std::max(now, std::min(pending_.front().removal, arrived));
    fullness_ += at - now;
    now = at;
    check_fullness(place, fullness_, at);
    fullness_ -= Int128{pending_.front().bits} * kClock;
    pending_.pop_front();
  }
  fullness_ += arrived - now;
  check_fullness(place, fullness_, arrived);

  if (arrived > removal + Int128{slack_bits(removal)} * kClock) {
    if (result_.underflows.count == 0) {
      result_.first_underflow = fmt::format("its last bit arrives {} after it is due", milliseconds(arrived - removal));
    }
    result_.underflows.add(place);
  }
  pending_.push_back({std::max(removal, arrived), bits});
  last_arrival_ = arrived;
}

}  // namespace jinsha::verify
