// What a stream says of itself, in words.
#include <fmt/core.h>

#include <algorithm>

#include "verify/checks.h"

namespace jinsha::verify {

std::string rate_text(Rational rate) {
  const Rational r = rate.reduced();
  return r.den == 1 ? fmt::format("{}", r.num) : fmt::format("{}/{}", r.num, r.den);
}

std::string describe(const SequenceInfo& info, Codec codec) {
  return fmt::format("{}x{} {} profile {} level {}", info.width, info.height, describe(info.format), info.profile,
                     level_text(info.level_idc, info.tier, codec));
}

StreamFacts collect_facts(const CheckContext& context) {
  const StreamLog& log = context.log;
  const VideoLog& video = log.video;
  StreamFacts facts;
  facts.container = log.container;
  facts.bytes = log.bytes;
  facts.audio_streams = static_cast<int>(log.audio.size());
  auto& details = facts.details;
  if (log.has_video) {
    facts.video_codec = video.codec;
    facts.frames = video.unit_count;
    facts.key_frames = video.key_count;
    const TimeSpan span = video_span(context);
    if (span.known) facts.duration_s = span.end - span.start;
    if (facts.duration_s > 0) {
      facts.video_bits_per_s = static_cast<std::int64_t>(static_cast<double>(video.bytes) * 8.0 / facts.duration_s);
    }
  } else if (!log.audio.empty()) {
    const TimeSpan span = audio_span(log.audio.front());
    if (span.known) facts.duration_s = span.end - span.start;
  }
  if (!video.sequences.empty()) {
    const SequenceInfo& info = video.sequences.front().info;
    details["size"] = fmt::format("{}x{}", info.width, info.height);
    details["format"] = describe(info.format);
    details["profile"] = info.profile;
    details["level"] = level_text(info.level_idc, info.tier, video.codec);
    details["color"] = describe(info.color);
    if (info.frame_rate.valid()) details["frame_rate"] = rate_text(info.frame_rate);
    if (info.sample_aspect.valid()) {
      details["sample_aspect"] = fmt::format("{}:{}", info.sample_aspect.num, info.sample_aspect.den);
    }
    if (info.hrd) {
      details["hrd"] = fmt::format("{} bit/s, CPB {} bits, cbr_flag {}", info.hrd->bit_rate, info.hrd->cpb_size,
                                   info.hrd->cbr ? 1 : 0);
    }
  }
  if (video.mastering_display.value) details["mastering_display"] = describe(*video.mastering_display.value);
  if (video.av1_mastering_display.value) details["mastering_display"] = describe(*video.av1_mastering_display.value);
  if (video.content_light.value) details["content_light"] = describe(*video.content_light.value);
  if (video.alternative_transfer) details["alternative_transfer"] = fmt::format("{}", *video.alternative_transfer);
  if (video.filler_bytes > 0) details["filler_bytes"] = fmt::format("{}", video.filler_bytes);
  if (video.unit_count > static_cast<std::int64_t>(video.units.size())) {
    details["not_looked_at_one_by_one"] =
        fmt::format("{} access units after the first {}",
                    video.unit_count - static_cast<std::int64_t>(video.units.size()), video.units.size());
  }
  if (log.ts) {
    const auto& pcrs = log.ts->pcrs.items();
    if (log.ts->packets > 0) {
      details["null_packets"] = fmt::format(
          "{:.2f} %", 100.0 * static_cast<double>(log.ts->null_packets) / static_cast<double>(log.ts->packets));
    }
    if (pcrs.size() > 1 && pcrs.back().pcr > pcrs.front().pcr) {
      const std::uint64_t bits = (pcrs.back().byte - pcrs.front().byte) / log.ts->stride * 188 * 8;
      const auto ticks = static_cast<double>(pcrs.back().pcr - pcrs.front().pcr);
      details["muxrate"] = fmt::format("{:.0f} bit/s", static_cast<double>(bits) * 27e6 / ticks);
    }
    if (log.ts->service_name) details["service_name"] = *log.ts->service_name;
  }
  if (const Mp4Track* track = context.mp4_video()) {
    details["sample_entry"] = track->entry;
    if (track->mdcv) details["mdcv"] = describe(*track->mdcv);
    if (track->clli) details["clli"] = describe(*track->clli);
    if (track->colr) details["colr"] = describe(*track->colr);
    if (details.count("size") == 0) details["size"] = fmt::format("{}x{}", track->width, track->height);
  }
  for (std::size_t i = 0; i < log.audio.size(); ++i) {
    const AudioLog& audio = log.audio[i];
    details[fmt::format("audio_{}", i)] =
        fmt::format("{} {} Hz, {} channels, {} packets", audio.codec, audio.sample_rate, audio.channels, audio.packets);
  }
  return facts;
}

}  // namespace jinsha::verify
