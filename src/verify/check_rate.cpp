// HRD, access unit delimiters and the video's bit rate.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "verify/checks.h"

namespace jinsha::verify {
namespace {

// Rate control of AV1 has no decoder buffer to keep to: its cap is one of the average over this.
constexpr std::int64_t kAv1CapSeconds = 2;

std::string hrd_text(const HrdInfo& hrd) {
  return fmt::format("{} HRD {} bit/s, CPB {} bits, cbr_flag {}", hrd.nal ? "NAL" : "VCL", hrd.bit_rate, hrd.cpb_size,
                     hrd.cbr ? 1 : 0);
}

void check_planned_hrd(CheckContext& context) {
  const EncoderSettings& settings = *context.video();
  const VideoLog& video = context.log.video;
  const std::int64_t rate =
      settings.rate.maxrate_bits_per_s > 0 ? settings.rate.maxrate_bits_per_s : settings.rate.bitrate_bits_per_s;
  const std::int64_t size = settings.rate.bufsize_bits;
  const auto expected =
      settings.hrd ? fmt::format("NAL HRD {} bit/s, CPB {} bits, cbr_flag {}", rate, size, settings.cbr_flag ? 1 : 0)
                   : std::string("no HRD parameters");
  for (const SequenceEntry& entry : video.sequences) {
    const auto& hrd = entry.info.hrd;
    const auto fail = [&] {
      context.findings.fail(Property::kHrd, expected, hrd ? hrd_text(*hrd) : "no HRD parameters", entry.place);
    };
    if (!settings.hrd || !hrd) {
      if (settings.hrd != hrd.has_value()) fail();
      continue;
    }
    // The syntax rounds down to its unit.
    const auto rounded = [](std::int64_t found, std::int64_t planned, std::int64_t unit) {
      return planned <= 0 || (found <= planned && planned - found < unit);
    };
    if (!hrd->nal || hrd->cbr != settings.cbr_flag || !rounded(hrd->bit_rate, rate, hrd->bit_rate_unit) ||
        !rounded(hrd->cpb_size, size, hrd->cpb_size_unit)) {
      fail();
    }
  }
  if (!settings.fillers && video.filler_units > 0) {
    context.findings.fail(Property::kHrd, "no filler data: the rate is not constant",
                          fmt::format("{} units, {} bytes", video.filler_units, video.filler_bytes));
  }
  context.findings.pass(Property::kHrd, expected,
                        video.sequences.empty() || !video.sequences.front().info.hrd
                            ? "none"
                            : hrd_text(*video.sequences.front().info.hrd));
}

// A decoder's buffer of the planned size, filled at the capped rate, never runs dry (C.4): the same
// as that no run of access units holds more than the buffer and what the cap allows in its time.
void check_cap(CheckContext& context) {
  const EncoderSettings& settings = *context.video();
  const VideoLog& video = context.log.video;
  const std::int64_t rate = settings.rate.maxrate_bits_per_s;
  const std::int64_t size = settings.rate.bufsize_bits;
  const Rational frames = settings.frame_rate;
  if (rate <= 0 || !frames.valid()) return;
  if (video.codec == Codec::kAv1) {
    const Int128 allowed = Int128{rate} * video.unit_count * frames.den / frames.num + Int128{rate} * kAv1CapSeconds;
    const auto expected = fmt::format("at most {} bits at {} bit/s", static_cast<std::int64_t>(allowed), rate);
    if (Int128{video.bytes} * 8 > allowed) {
      context.findings.fail(Property::kBitrate, expected, fmt::format("{} bits", video.bytes * 8));
    }
    context.findings.pass(Property::kBitrate, expected, fmt::format("{} bits", video.bytes * 8));
    return;
  }
  if (size <= 0 || settings.hrd) return;  // with an HRD its own replay is exact
  const auto expected = fmt::format("at most {} bit/s over a buffer of {} bits", rate, size);
  // In bits times the frame rate's numerator, so that a frame's share of the rate is whole.
  const Int128 full = Int128{size} * frames.num;
  Int128 level = full;
  Int128 worst = full;
  for (std::size_t i = 0; i < video.units.size(); ++i) {
    const AccessUnit& unit = video.units[i];
    level -= Int128{unit.bytes} * 8 * frames.num;
    worst = std::min(worst, level);
    if (level < 0) {
      context.findings.fail(Property::kBitrate, expected,
                            fmt::format("an access unit of {} bits that exceeds it by {}", unit.bytes * 8,
                                        static_cast<std::int64_t>(-level / frames.num)),
                            Place{static_cast<std::int64_t>(i), unit.byte});
      level = 0;
    }
    level = std::min(full, level + Int128{rate} * frames.den);
  }
  context.findings.pass(Property::kBitrate, expected,
                        fmt::format("at least {} bits left", static_cast<std::int64_t>(worst / frames.num)));
}

// Padding to a constant rate: what was sent is within one buffer of rate times time.
void check_constant(CheckContext& context) {
  const EncoderSettings& settings = *context.video();
  const VideoLog& video = context.log.video;
  const Rational frames = settings.frame_rate;
  if (!settings.fillers || settings.rate.bitrate_bits_per_s <= 0 || settings.rate.bufsize_bits <= 0 || !frames.valid())
    return;
  const Int128 due = Int128{settings.rate.bitrate_bits_per_s} * video.unit_count * frames.den / frames.num;
  const Int128 error = Int128{video.bytes} * 8 - due;
  const auto expected =
      fmt::format("{} bits within a buffer of {} bits", static_cast<std::int64_t>(due), settings.rate.bufsize_bits);
  const Property property = settings.hrd ? Property::kHrd : Property::kBitrate;
  if (error > settings.rate.bufsize_bits || -error > settings.rate.bufsize_bits) {
    context.findings.fail(property, expected,
                          fmt::format("{} bits, {} of them fillers", video.bytes * 8, video.filler_bytes * 8));
  } else {
    context.findings.pass(property, expected, fmt::format("{} bits", video.bytes * 8));
  }
}

}  // namespace

void check_hrd(CheckContext& context) {
  if (!context.hevc()) return;
  const VideoLog& video = context.log.video;
  Findings& findings = context.findings;
  const bool signalled = std::any_of(video.sequences.begin(), video.sequences.end(),
                                     [](const SequenceEntry& entry) { return entry.info.hrd.has_value(); });
  if (signalled) {
    findings.fail(Property::kHrd, "a buffering period SEI message at every random access point", "one without",
                  video.buffering_period_missing);
    findings.fail(Property::kHrd, "a picture timing SEI message in every access unit", "one without",
                  video.picture_timing_missing);
    const auto& hrd = *std::find_if(video.sequences.begin(), video.sequences.end(), [](const SequenceEntry& entry) {
                         return entry.info.hrd.has_value();
                       })->info.hrd;
    findings.fail(Property::kHrd, fmt::format("no underflow of the CPB ({})", hrd_text(hrd)), video.cpb.first_underflow,
                  video.cpb.underflows);
    findings.fail(Property::kHrd, fmt::format("at most {} bits in the CPB ({})", hrd.cpb_size, hrd_text(hrd)),
                  video.cpb.first_overflow, video.cpb.overflows);
    findings.pass(Property::kHrd, "a CPB that neither underflows nor overflows", hrd_text(hrd));
  }
  if (context.video() != nullptr) check_planned_hrd(context);
}

void check_delimiters(CheckContext& context) {
  if (!context.nal_units()) return;
  const VideoLog& video = context.log.video;
  // H.222.0 demands them in transport streams.
  const bool needed =
      context.log.ts.has_value() || (context.video() != nullptr && context.video()->access_unit_delimiters);
  if (!needed) return;
  context.findings.fail(Property::kAccessUnitDelimiter, "an access unit delimiter first in every access unit",
                        "one that does not start with it", video.delimiter_missing);
  context.findings.pass(Property::kAccessUnitDelimiter, "an access unit delimiter first in every access unit", "so");
}

void check_bitrate(CheckContext& context) {
  if (!context.readable_video() || context.video() == nullptr) return;
  check_cap(context);
  check_constant(context);
}

}  // namespace jinsha::verify
