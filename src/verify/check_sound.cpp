// Audio tracks that the job encoded: unlike copied ones their format, rate, place and length are
// the plan's own, so that nothing of the source excuses them.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "verify/checks.h"

namespace jinsha::verify {
namespace {

// Of the start and the end; times of transport streams are rounded to 90 kHz.
constexpr double kPlaceTolerance_s = 0.001;
// AC-3 and E-AC-3 are of constant rate but for the rounding of 44.1 kHz. AAC is so on average, with
// a reservoir of a frame a channel (ISO/IEC 13818-7 8.2.2), and its frames may be smaller.
constexpr double kRateTolerance = 0.01;
constexpr double kAacTolerance = 0.10;
constexpr double kReservoirBits = 6144;
constexpr double kAdtsHeaderBits = 7 * 8;

template <typename Check>
void each_encoded(const CheckContext& context, Check check) {
  if (context.plan == nullptr) return;
  const std::size_t count = std::min(context.plan->audio.size(), context.log.audio.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (context.plan->audio[i].encoded) check(i, context.plan->audio[i], context.log.audio[i]);
  }
}

}  // namespace

void check_encoded_format(CheckContext& context) {
  each_encoded(context, [&](std::size_t i, const PlannedAudio& planned, const AudioLog& found) {
    if (found.packets == 0 || found.codec != planned.info.codec) return;
    const auto compare = [&](const char* what, int want, int got) {
      if (want == got) return;
      context.findings.fail(Property::kStreams, fmt::format("audio stream {} with {} {}", i, want, what),
                            fmt::format("{}", got));
    };
    compare("channels", planned.info.channels, found.channels);
    compare("Hz", planned.info.sample_rate, found.sample_rate);
  });
}

void check_encoded_packets(CheckContext& context) {
  each_encoded(context, [&](std::size_t i, const PlannedAudio& planned, const AudioLog& found) {
    const AudioStreamInfo& info = planned.info;
    if (found.gaps.count > 0) {
      context.findings.fail(Property::kAudio, fmt::format("audio stream {}, encoded, without gaps", i), found.first_gap,
                            found.gaps);
    }
    if (found.packets == 0 || info.frame_size <= 0 || info.sample_rate <= 0 || info.bitrate_bits_per_s <= 0) return;
    const auto packets = static_cast<double>(found.packets);
    const double seconds = packets * info.frame_size / info.sample_rate;
    const double bits = static_cast<double>(found.bytes) * 8;
    const double wanted = static_cast<double>(info.bitrate_bits_per_s) * seconds;
    const bool constant = info.codec != "aac";
    const double most = constant ? wanted * (1 + kRateTolerance)
                                 : wanted * (1 + kAacTolerance) + kReservoirBits * info.channels +
                                       (context.log.ts ? kAdtsHeaderBits * packets : 0);
    if (bits > most || (constant && bits < wanted * (1 - kRateTolerance))) {
      context.findings.fail(Property::kAudio, fmt::format("audio stream {} of {} bit/s", i, info.bitrate_bits_per_s),
                            fmt::format("{:.0f} bit/s", bits / seconds));
    }
  });
}

// The sound begins with the first picture, after the priming, and lasts as long as the pictures.
void check_encoded_span(CheckContext& context, const TimeSpan& video) {
  each_encoded(context, [&](std::size_t i, const PlannedAudio& planned, const AudioLog& found) {
    const TimeSpan audio = audio_span(found);
    if (!audio.known || planned.info.sample_rate <= 0) return;
    const double priming = static_cast<double>(planned.priming_samples) / planned.info.sample_rate;
    const double start = audio.start - video.start;
    if (std::fabs(start + priming) > kPlaceTolerance_s) {
      context.findings.fail(
          Property::kDuration,
          fmt::format("audio stream {} from {:.4f} s, its priming before the first picture", i, -priming),
          fmt::format("{:.4f} s", start));
    }
    if (audio.end < video.end - kPlaceTolerance_s) {
      context.findings.fail(
          Property::kDuration,
          fmt::format("audio stream {} until {:.3f} s, where the pictures end", i, video.end - video.start),
          fmt::format("{:.3f} s", audio.end - video.start));
    }
  });
}

}  // namespace jinsha::verify
