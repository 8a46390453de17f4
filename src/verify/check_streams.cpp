// Number and kind of streams, audio packets and durations.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "verify/checks.h"

namespace jinsha::verify {
namespace {

constexpr double kDurationTolerance = 1.0;  // s, and a packet of the stream
constexpr double kStartTolerance = 0.02;    // the same where the run says when the stream starts

void expect(CheckContext& context, bool same, const std::string& expected, const std::string& found) {
  if (!same) context.findings.fail(Property::kStreams, expected, found);
}

// ISO 639-2 codes are written in lower case; of a list, as a transport stream may have it, the first.
std::string language_of(const std::string& language) {
  std::string code = language.substr(0, std::min<std::size_t>(language.find(','), 3));
  for (char& c : code) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return code.empty() ? "und" : code;
}

// The header of HE-AAC's frames has the rate of its core, half of what comes out (ISO/IEC 14496-3).
bool same_rate(const AudioLog& found, int planned, bool transport) {
  return found.sample_rate == planned ||
         (transport && found.codec == "aac" && std::int64_t{2} * found.sample_rate == planned);
}

void check_transport_streams(CheckContext& context) {
  const TsLog& ts = *context.log.ts;
  if (ts.tables_changed.count > 0 && context.plan != nullptr) {
    context.findings.fail(Property::kStreams, "the same PAT, PMT and SDT throughout", "one that changes",
                          ts.tables_changed);
  }
  if (context.plan == nullptr) return;
  const Plan& plan = *context.plan;
  expect(context, ts.programs == 1, "1 program", fmt::format("{} programs", ts.programs));
  expect(context, ts.service_id == plan.service_id, fmt::format("service id {}", plan.service_id),
         fmt::format("{}", ts.service_id));
  expect(context, ts.pmt_pid == plan.pmt_pid, fmt::format("PMT PID {:#x}", plan.pmt_pid),
         fmt::format("{:#x}", ts.pmt_pid));
  expect(context, ts.video_pid == plan.first_es_pid, fmt::format("video PID {:#x}", plan.first_es_pid),
         ts.video_pid < 0 ? "no video" : fmt::format("{:#x}", ts.video_pid));
  for (std::size_t i = 0; i < std::min(plan.audio.size(), context.log.audio.size()); ++i) {
    const int pid = plan.first_es_pid + 1 + static_cast<int>(i);
    expect(context, context.log.audio[i].id == pid, fmt::format("audio stream {} on PID {:#x}", i, pid),
           fmt::format("{:#x}", context.log.audio[i].id));
  }
  for (std::size_t i = 0; i < std::min(plan.data.size(), context.log.data.size()); ++i) {
    const int pid = plan.first_es_pid + 1 + static_cast<int>(plan.audio.size() + i);
    expect(context, context.log.data[i].id == pid, fmt::format("data stream {} on PID {:#x}", i, pid),
           fmt::format("{:#x}", context.log.data[i].id));
  }
  const auto name = [&](const char* what, const std::string& planned, const std::optional<std::string>& found) {
    if (planned.empty()) return;
    expect(context, found == planned, fmt::format("{} \"{}\"", what, planned),
           found ? fmt::format("\"{}\"", *found) : "no service descriptor");
  };
  if (ts.sdt_service_id >= 0) {
    expect(context, ts.sdt_service_id == plan.service_id, fmt::format("service id {} in the SDT", plan.service_id),
           fmt::format("{}", ts.sdt_service_id));
  }
  name("service name", plan.service_name, ts.service_name);
  name("service provider", plan.service_provider, ts.service_provider);
}

void check_mp4_streams(CheckContext& context) {
  const Mp4Track* video = context.mp4_video();
  if (video == nullptr || context.plan == nullptr) return;
  const Codec codec = context.plan->video.codec;
  const char* entry = codec == Codec::kAv1 ? "av01" : codec == Codec::kAvc ? "avc1" : "hvc1";
  expect(context, video->entry == entry, fmt::format("sample entry {}", entry), video->entry);
  expect(context, context.log.mp4->fragmented, "a fragmented file", "one without fragments");
}

}  // namespace

void check_streams(CheckContext& context) {
  const StreamLog& log = context.log;
  Findings& findings = context.findings;
  std::string found = fmt::format("{} video ({})", log.video_streams, name_of(log.video.codec));
  for (const AudioLog& audio : log.audio) found += fmt::format(", audio {}", audio.codec);
  for (const DataLog& data : log.data) found += ", " + data.codec;
  if (log.other_streams > 0) found += fmt::format(", {} other", log.other_streams);
  check_data(context);
  check_captions(context);
  if (context.plan == nullptr) {
    if (log.has_video || !log.audio.empty() || !log.data.empty() || log.other_streams > 0) {
      findings.pass(Property::kStreams, "streams that are described", found);
    } else {
      findings.fail(Property::kStreams, "at least one stream", "none");
    }
    return;
  }
  const Plan& plan = *context.plan;
  std::string expected = fmt::format("1 video ({})", name_of(plan.video.codec));
  for (const PlannedAudio& audio : plan.audio) expected += fmt::format(", audio {}", audio.info.codec);
  for (const PlannedData& data : plan.data) expected += ", " + data.info.codec;
  bool same = log.video_streams == 1 && log.video.codec == plan.video.codec && log.other_streams == 0 &&
              log.audio.size() == plan.audio.size() && log.kind == plan.kind &&
              std::equal(log.data.begin(), log.data.end(), plan.data.begin(), plan.data.end(),
                         [](const DataLog& got, const PlannedData& want) { return got.codec == want.info.codec; });
  for (std::size_t i = 0; same && i < plan.audio.size(); ++i) {
    const AudioStreamInfo& info = plan.audio[i].info;
    // Which layer of MPEG audio it is only its frames tell.
    const bool undecided = log.audio[i].packets == 0 && log.audio[i].codec == "mp2" && info.codec == "mp3";
    same = undecided || log.audio[i].codec == info.codec;
    const auto wrong = [&](const char* what, const auto& want, const auto& got) {
      findings.fail(Property::kStreams, fmt::format("audio stream {} with {} {}", i, what, want),
                    fmt::format("{}", got));
    };
    if (same && info.sample_rate > 0 && log.audio[i].sample_rate > 0 &&
        !same_rate(log.audio[i], info.sample_rate, log.ts.has_value())) {
      wrong("sample rate", info.sample_rate, log.audio[i].sample_rate);
    }
    if (same && !info.language.empty() && language_of(log.audio[i].language) != language_of(info.language)) {
      wrong("language", language_of(info.language), language_of(log.audio[i].language));
    }
  }
  check_encoded_format(context);
  expect(context, same, expected, log.kind == plan.kind ? found : "a " + log.container);
  if (log.ts) check_transport_streams(context);
  if (log.mp4) check_mp4_streams(context);
  findings.pass(Property::kStreams, expected, found);
}

void check_audio(CheckContext& context) {
  const StreamLog& log = context.log;
  Findings& findings = context.findings;
  if (log.audio.empty() && (context.plan == nullptr || context.plan->audio.empty())) return;
  std::string found;
  for (std::size_t i = 0; i < log.audio.size(); ++i) {
    const AudioLog& audio = log.audio[i];
    const auto fail = [&](const std::string& expected, const std::string& what, const Tally& tally) {
      findings.fail(Property::kAudio, expected, fmt::format("audio stream {}: {}", i, what), tally);
    };
    fail("frames of " + audio.codec, audio.first_damage, audio.damaged);
    fail("a timestamp with every packet", "a packet without one", audio.untimed);
    fail("timestamps that increase", "one that does not", audio.backwards);
    // Gaps the source already had are no fault of the output.
    const bool has_gaps =
        context.run != nullptr && i < context.run->audio_gaps.size() && context.run->audio_gaps[i] > 0;
    if (!has_gaps || audio.gaps.count > context.run->audio_gaps[i]) {
      fail("timestamps without gaps of more than a packet", audio.first_gap, audio.gaps);
    }
    found += fmt::format("{}{} {} packets", found.empty() ? "" : ", ", audio.packets, audio.codec);
    // The run knows better: a truncated source may hold no audio at all.
    if (audio.packets == 0 && context.run == nullptr)
      findings.fail(Property::kAudio, "packets", fmt::format("audio stream {} without any", i));
  }
  check_encoded_packets(context);
  std::string expected = "packets with increasing timestamps";
  if (context.run != nullptr && context.plan != nullptr) {
    const auto& packets = context.run->audio_packets;
    for (std::size_t i = 0; i < packets.size(); ++i) {
      const std::int64_t got = i < log.audio.size() ? log.audio[i].packets : 0;
      if (got != packets[i]) {
        findings.fail(Property::kAudio, fmt::format("{} packets in audio stream {}", packets[i], i),
                      fmt::format("{}", got));
      }
    }
    expected = "all packets that were given, with increasing timestamps";
  }
  findings.pass(Property::kAudio, expected, found);
}

TimeSpan audio_span(const AudioLog& audio) {
  if (audio.first_pts == kNoTime) return {};
  const double tick = audio.time_base.to_double();
  return {static_cast<double>(audio.first_pts) * tick,
          (static_cast<double>(audio.last_pts) + static_cast<double>(audio.last_duration)) * tick, true};
}

TimeSpan video_span(const CheckContext& context) {
  const VideoLog& video = context.log.video;
  const Rational rate = context.frame_rate();
  std::int64_t first = kNoTime, last = kNoTime;
  for (const AccessUnit& unit : video.units) {
    if (unit.pts == kNoTime) continue;
    if (first == kNoTime || unit.pts < first) first = unit.pts;
    if (last == kNoTime || unit.pts > last) last = unit.pts;
  }
  TimeSpan span;
  double frame = rate.valid() ? rate.inverse().to_double() : 0;
  if (first != kNoTime) {
    const double tick = video.time_base.to_double();
    span = {static_cast<double>(first) * tick, static_cast<double>(last) * tick, true};
    if (!rate.valid() && video.units.size() > 1) {
      frame = (span.end - span.start) / static_cast<double>(video.units.size() - 1);
    }
    span.end += frame;
  } else if (!video.timed && rate.valid()) {
    span = {0, static_cast<double>(video.unit_count) * frame, true};
  }
  return span;
}

void check_duration(CheckContext& context) {
  const StreamLog& log = context.log;
  const TimeSpan video = video_span(context);
  if (!video.known) return;
  const double length = video.end - video.start;
  const auto expected = fmt::format("every stream from 0 to {:.3f} s", length);
  for (std::size_t i = 0; i < log.audio.size(); ++i) {
    const TimeSpan audio = audio_span(log.audio[i]);
    const bool encoded = context.plan != nullptr && i < context.plan->audio.size() && context.plan->audio[i].encoded;
    if (!audio.known || encoded) continue;
    const double frame = static_cast<double>(log.audio[i].last_duration) * log.audio[i].time_base.to_double();
    // The source's audio may end early: then only the count of packets tells whether all is there.
    const bool counted = context.run != nullptr && i < context.run->audio_packets.size() &&
                         context.run->audio_packets[i] == log.audio[i].packets;
    const bool offset = context.run != nullptr && i < context.run->audio_start_s.size();
    const double start = offset ? context.run->audio_start_s[i] : 0.0;
    const double start_tolerance = offset ? kStartTolerance : kDurationTolerance;
    if (std::fabs(audio.start - video.start - start) > start_tolerance + frame ||
        (!counted && std::fabs(audio.end - video.end) > kDurationTolerance + frame)) {
      context.findings.fail(Property::kDuration, expected,
                            fmt::format("audio stream {} from {:.3f} to {:.3f} s", i, audio.start - video.start,
                                        audio.end - video.start));
    }
  }
  check_encoded_span(context, video);
  if (log.mp4 && log.mp4->timescale > 0) {
    // A movie header covers only what stands in the movie box; mehd covers the fragments.
    const std::uint64_t declared = log.mp4->fragment_duration;
    const double seconds = static_cast<double>(declared) / log.mp4->timescale;
    double longest = length;
    for (const AudioLog& audio : log.audio) longest = std::max(longest, audio_span(audio).end - video.start);
    if (declared != 0 && std::fabs(seconds - longest) > kDurationTolerance) {
      context.findings.fail(Property::kDuration, fmt::format("a declared duration of {:.3f} s", longest),
                            fmt::format("{:.3f} s", seconds));
    }
  }
  if (const EncoderSettings* settings = context.video();
      settings != nullptr && context.run != nullptr && log.video.timed && settings->frame_rate.valid()) {
    const double planned = static_cast<double>(context.run->frames) / settings->frame_rate.to_double();
    const double frame = settings->frame_rate.inverse().to_double();
    if (std::fabs(length - planned) > frame / 2) {
      context.findings.fail(Property::kDuration, fmt::format("{:.3f} s of video", planned),
                            fmt::format("{:.3f} s", length));
    }
  }
  context.findings.pass(Property::kDuration, expected, "so");
}

}  // namespace jinsha::verify
