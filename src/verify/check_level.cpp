// Level and tier: as planned, alike everywhere, and the stream inside their limits.
#include <fmt/core.h>

#include <algorithm>

#include "verify/checks.h"
#include "verify/levels.h"

namespace jinsha::verify {
namespace {

constexpr int kHevcNoLimit = 255;  // level 8.5
constexpr int kAv1NoLimit = 31;
constexpr int kAvc1b = 9;

int no_limit(Codec codec) { return codec == Codec::kAv1 ? kAv1NoLimit : codec == Codec::kAvc ? -1 : kHevcNoLimit; }

void check_fit(CheckContext& context, const SequenceEntry& entry) {
  const VideoLog& video = context.log.video;
  const SequenceInfo& info = entry.info;
  if (info.level_idc == no_limit(video.codec)) return;
  const auto limits = level_limits(video.codec, info.level_idc, info.tier, info.profile);
  const auto level = level_text(info.level_idc, info.tier, video.codec);
  const auto fail = [&](const std::string& what, std::int64_t limit, std::int64_t value) {
    context.findings.fail(Property::kLevelTier, fmt::format("{} of at most {} at level {}", what, limit, level),
                          fmt::format("{}", value), entry.place);
  };
  if (!limits) {
    context.findings.fail(Property::kLevelTier, "a level of the standard", level, entry.place);
    return;
  }
  const std::int64_t picture = info.coded_width * info.coded_height;
  if (picture > limits->max_picture) fail("luma samples in a picture", limits->max_picture, picture);
  if (info.coded_width > limits->max_width) fail("a width", limits->max_width, info.coded_width);
  if (info.coded_height > limits->max_height) fail("a height", limits->max_height, info.coded_height);
  const Rational rate = context.frame_rate();
  if (rate.valid() && Int128{picture} * rate.num > Int128{limits->max_rate} * rate.den) {
    fail("luma samples a second", limits->max_rate, static_cast<std::int64_t>(Int128{picture} * rate.num / rate.den));
  }
  if (info.hrd) {
    if (info.hrd->bit_rate > limits->max_bit_rate) fail("an HRD bit rate", limits->max_bit_rate, info.hrd->bit_rate);
    if (info.hrd->cpb_size > limits->max_buffer) fail("a CPB size in bits", limits->max_buffer, info.hrd->cpb_size);
  } else if (rate.valid() && video.unit_count > 0) {
    // The average over the whole stream, after a full buffer.
    const Int128 allowed =
        Int128{limits->max_buffer} + Int128{limits->max_bit_rate} * video.unit_count * rate.den / rate.num;
    if (Int128{video.bytes} * 8 > allowed) {
      context.findings.fail(
          Property::kLevelTier,
          fmt::format("bits in the stream of at most {} at level {}", static_cast<std::int64_t>(allowed), level),
          fmt::format("{}; --maxrate caps the rate{}", video.bytes * 8,
                      info.tier == Tier::kMain ? ", --tier high allows a higher one from level 4 on" : ""),
          entry.place);
    }
  }
}

}  // namespace

std::string level_text(int level_idc, Tier tier, Codec codec) {
  if (level_idc == no_limit(codec)) return "without limits";
  if (codec == Codec::kAvc) return level_idc == kAvc1b ? "1b" : fmt::format("{}.{}", level_idc / 10, level_idc % 10);
  int major = level_idc / 30, minor = level_idc % 30 / 3;
  if (codec == Codec::kAv1) {
    major = 2 + level_idc / 4;
    minor = level_idc % 4;
  }
  return fmt::format("{}.{} {}", major, minor, tier == Tier::kHigh ? "High" : "Main");
}

void check_level(CheckContext& context) {
  if (!context.readable_video() || context.log.video.sequences.empty()) return;
  const VideoLog& video = context.log.video;
  Findings& findings = context.findings;
  const SequenceInfo& first = video.sequences.front().info;
  const auto text = [&](int level, Tier tier) { return level_text(level, tier, video.codec); };
  std::string expected = "a level that the stream fits";
  const EncoderSettings* settings = context.video();
  if (settings != nullptr && settings->level_idc > 0) expected = text(settings->level_idc, settings->tier);
  for (const SequenceEntry& entry : video.sequences) {
    if (settings != nullptr && (settings->level_idc > 0 || video.codec == Codec::kAv1) &&
        (entry.info.level_idc != settings->level_idc || entry.info.tier != settings->tier)) {
      findings.fail(Property::kLevelTier, expected, text(entry.info.level_idc, entry.info.tier), entry.place);
    }
    check_fit(context, entry);
  }
  findings.fail(Property::kLevelTier, "the same level, tier and profile in VPS and SPS", video.first_vps_difference,
                video.vps_differs);
  const Mp4Track* track = context.mp4_video();
  if (track != nullptr && track->configuration) {
    const SequenceInfo& box = *track->configuration;
    if (box.level_idc != first.level_idc || box.tier != first.tier) {
      findings.fail(Property::kLevelTier,
                    fmt::format("level {} in the decoder configuration", text(first.level_idc, first.tier)),
                    text(box.level_idc, box.tier), Place{-1, track->configuration_byte});
    }
  }
  findings.pass(Property::kLevelTier, expected, text(first.level_idc, first.tier));
}

}  // namespace jinsha::verify
