#include "input/audio_clock.h"

#include <cstdlib>

#include "input/cadence.h"

namespace jinsha {

void AudioClock::set_span(std::int64_t zero, std::optional<std::int64_t> length, Rational video_base) {
  video_base_ = video_base;
  zero_ = rescale(zero, video_base, time_base_);
  if (length) end_ = rescale(*length, video_base, time_base_);
}

void AudioClock::set_jump(std::int64_t jumped_video_ticks) {
  const std::int64_t jumped = rescale(jumped_video_ticks, video_base_, time_base_);
  if (jumped == jumps_[0]) return;
  jumps_[1] = jumps_[0];
  jumps_[0] = jumped;
}

void AudioClock::set_video_time(std::int64_t video_ticks) {
  video_time_ = rescale(video_ticks, video_base_, time_base_);
}

std::optional<std::int64_t> AudioClock::place(std::int64_t ticks, std::int64_t duration) {
  // A track jumps a little before or after the pictures do: of the clocks it may be on, the one that
  // continues what came before.
  const std::int64_t since = ticks - zero_;
  std::int64_t time = since - jumps_[0];
  if (expected_) {
    const auto distance = [&](std::int64_t candidate) { return std::llabs(candidate - *expected_); };
    for (const std::int64_t candidate : {since - jumps_[1], since - own_jump_}) {
      if (distance(candidate) < distance(time)) time = candidate;
    }
    const std::int64_t second = rescale(1, {1, 1}, time_base_);
    const auto apart = [&](std::int64_t from) {
      return time - from > Cadence::kMaxGapS * second || from - time > Cadence::kMaxBackS * second;
    };
    // Sound and pictures of one moment may stand some seconds apart in a stream.
    constexpr std::int64_t kMaxSkewS = 3;
    const bool with_pictures =
        !video_time_ || (!apart(*video_time_) || (*video_time_ > time && *video_time_ - time <= kMaxSkewS * second));
    if (apart(*expected_) && !with_pictures) {
      own_jump_ = since - *expected_;
      time = *expected_;
    }
  }
  if (duration > 0 && expected_ && time < *expected_ - last_duration_ / 2 && (!end_ || time < *end_)) {
    ++overlaps_;
    return std::nullopt;
  }
  expected_ = time + duration;
  last_duration_ = duration;
  if (end_ && time >= *end_) {
    past_end_ = true;
    return std::nullopt;
  }
  if (duration > 0 ? time + duration <= -kept_before_ : time < -kept_before_) return std::nullopt;
  return time;
}

}  // namespace jinsha
