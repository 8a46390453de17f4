// AudioClock: the times of one audio track relative to the first picture delivered, cut to a span.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace jinsha {

class AudioClock {
 public:
  AudioClock() = default;
  explicit AudioClock(Rational time_base) : time_base_(time_base) {}

  // `zero`: time of the first picture delivered, on the source's clock, in ticks of `video_base`.
  // `length`: of the pictures delivered, same ticks; empty: to the end of the source.
  void set_span(std::int64_t zero, std::optional<std::int64_t> length, Rational video_base);
  // Packets that end within so many ticks before the first picture are placed too: decoders begin there.
  void keep_before(std::int64_t ticks) { kept_before_ = ticks; }
  // The source's clock jumped by this much at the pictures now being delivered (all jumps so far).
  void set_jump(std::int64_t jumped_video_ticks);
  // Where the pictures now read stand on the output's clock, in ticks of `video_base`: tells a jump of
  // the clock, which takes sound far from the pictures, from a pause of the sound. Never called where
  // clocks do not jump.
  void set_video_time(std::int64_t video_ticks);

  // Time of a packet, empty when it lies outside the span (ends at or before the first picture, or begins
  // at or after the end of the last) or on the packet before. Packets of a track come in order.
  // `duration` 0: a moment, of which several may stand in any order.
  std::optional<std::int64_t> place(std::int64_t ticks, std::int64_t duration);
  // True once a packet began at or after the end of the span.
  bool past_end() const { return past_end_; }
  // Packets not placed because they begin before half of the one before has passed: a splice.
  std::int64_t overlaps() const { return overlaps_; }

 private:
  Rational time_base_{1, 90'000};
  Rational video_base_{1, 90'000};
  std::int64_t zero_ = 0;
  std::optional<std::int64_t> end_;
  std::int64_t kept_before_ = 0;
  std::array<std::int64_t, 2> jumps_{};  // the last two sums of jumps, newest first
  std::int64_t own_jump_ = 0;            // closed up here although the pictures have not jumped (yet)
  std::optional<std::int64_t> video_time_;
  std::optional<std::int64_t> expected_;  // where the packet placed last ends
  std::int64_t last_duration_ = 0;
  std::int64_t overlaps_ = 0;
  bool past_end_ = false;
};

}  // namespace jinsha
