#include "api/report.h"

#include <utility>

#include "base/os.h"
#include "base/version.h"
#include "encode/encoder.h"
#include "input/source.h"
#include "job/level_text.h"
#include "job/memory_plan.h"
#include "job/plan_json.h"

namespace jinsha {
namespace {

using nlohmann::json;

std::string rate_text(std::int64_t bits_per_s) {
  if (bits_per_s >= 1'000'000) return fmt::format("{:.2f} Mbit/s", static_cast<double>(bits_per_s) / 1e6);
  return fmt::format("{:.0f} kbit/s", static_cast<double>(bits_per_s) / 1e3);
}

std::string frame_rate_text(Rational rate) {
  if (rate.den == 1) return fmt::format("{}", rate.num);
  return fmt::format("{:.3f}", rate.to_double());
}

std::string picture_text(int width, int height, PixelFormat format, Rational rate, const ColorInfo& color) {
  return fmt::format("{}x{} {} {} fps, {}", width, height, describe(format), frame_rate_text(rate), describe(color));
}

std::string hdr_text(const HdrMetadata& hdr) {
  std::string text;
  if (hdr.mastering_display) {
    text += fmt::format(", mastering display {:g}…{:g} cd/m2", hdr.mastering_display->min_luminance / 10000.0,
                        hdr.mastering_display->max_luminance / 10000.0);
  }
  if (hdr.content_light) {
    text += fmt::format(", MaxCLL {} MaxFALL {}", hdr.content_light->max_cll_nits, hdr.content_light->max_fall_nits);
  }
  return text;
}

std::string rate_control_text(const RateControl& rate) {
  std::string text;
  switch (rate.mode) {
    case RateControl::Mode::kCrf: text = fmt::format("CRF {:g}", rate.crf); break;
    case RateControl::Mode::kQp: text = fmt::format("QP {}", rate.qp); break;
    case RateControl::Mode::kVbr: text = "average " + rate_text(rate.bitrate_bits_per_s); break;
    case RateControl::Mode::kCbr: return "constant " + rate_text(rate.bitrate_bits_per_s);
  }
  if (rate.maxrate_bits_per_s > 0) {
    text += fmt::format(", capped at {} over {:.1f} Mbit", rate_text(rate.maxrate_bits_per_s),
                        static_cast<double>(rate.bufsize_bits) / 1e6);
  }
  return text;
}

const char* word_of(PlanNote::Kind kind) {
  switch (kind) {
    case PlanNote::Kind::kKept: return "kept";
    case PlanNote::Kind::kConverted: return "converted";
    case PlanNote::Kind::kDropped: return "dropped";
    case PlanNote::Kind::kAssumed: return "assumed";
  }
  return "kept";
}

json notes_of(const Plan& plan, PlanNote::Kind kind) {
  json list = json::array();
  for (const PlanNote& note : plan.notes) {
    if (note.kind == kind) list.push_back(note.what);
  }
  return list;
}

json audio_counters_to_json(const Transcode& transcode) {
  json list = json::array();
  const std::vector<AudioTrackCounters> tracks = transcode.audio_counters();
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const AudioTrackCounters& track = tracks[i];
    list.push_back({{"encoded", transcode.plan().audio[i].encoded},
                    {"packets_undecodable", track.packets_undecodable},
                    {"frames_concealed", track.frames_concealed},
                    {"gaps_filled", track.gaps},
                    {"silence_samples", track.gap_samples},
                    {"overlaps_cut", track.overlaps},
                    {"overlap_samples", track.overlap_samples},
                    {"packets_misplaced", track.misplaced},
                    {"format_changes", track.format_changes},
                    {"clock_corrections", track.corrections},
                    {"first_damage", track.first_damage}});
  }
  return list;
}

}  // namespace

std::string build_info() {
  std::string text = std::string("Jinsha ") + version() + ", " + decoder_version();
  for (const EncoderBackend& backend : encoder_backends()) {
    if (const auto version = backend.available(); version.ok()) text += fmt::format(", {} {}", backend.name, *version);
  }
  return text;
}

verify::RunFacts run_facts(const Transcode& transcode) {
  const bool copied = transcode.plan().copied;
  return {.frames = copied ? transcode.source().counters().frames_delivered : transcode.encode_counts().frames,
          .audio_packets = transcode.mux_counts().audio_packets,
          .audio_gaps = transcode.mux_counts().audio_gaps,
          .forced_keys = transcode.encode_counts().forced_keys,
          .audio_start_s = transcode.mux_counts().audio_start_s,
          .captioned = copied ? std::nullopt : std::optional(transcode.encode_counts().captioned),
          .captions_digest = transcode.encode_counts().captions_digest,
          .data_packets = transcode.mux_counts().data_packets,
          .data_start_s = transcode.mux_counts().data_start_s};
}

std::vector<std::string> damage_sentences(const SourceCounters& counters, bool variable_rate) {
  std::vector<std::string> list;
  const auto add = [&](std::int64_t count, const char* what) {
    if (count > 0) list.push_back(fmt::format("{} {}", count, what));
  };
  add(counters.frames_concealed, "frames decoded with errors and concealed");
  add(counters.frames_undecodable, "frames that could not be decoded");
  add(counters.packets_corrupt, "corrupt packets in the source");
  add(counters.timestamp_jumps, "jumps of the source's clock, closed up");
  // Where the rate varies, leaving out and repeating is the conversion to a constant one.
  if (!variable_rate) {
    add(counters.frames_dropped, "frames left out, more than the frame rate has");
    add(counters.frames_repeated, "frames repeated in the place of missing ones");
  }
  add(counters.frames_before_key, "frames before the first key frame");
  if (!list.empty() && !counters.first_damage.empty()) list.front() += " (first: " + counters.first_damage + ")";
  list.insert(list.end(), counters.late_losses.begin(), counters.late_losses.end());
  return list;
}

std::vector<std::string> audio_damage_sentences(const Transcode& transcode) {
  std::vector<std::string> list;
  const std::vector<AudioTrackCounters> tracks = transcode.audio_counters();
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const AudioTrackCounters& track = tracks[i];
    std::string first = track.first_damage.empty() ? "" : fmt::format(" (first: {})", track.first_damage);
    const auto add = [&](std::int64_t count, const char* what) {
      if (count == 0) return;
      list.push_back(fmt::format("audio stream {}: {} {}{}", i, count, what, std::exchange(first, "")));
    };
    add(track.packets_undecodable, "packets that could not be decoded");
    add(track.frames_concealed, "frames decoded with errors and concealed");
    add(track.overlaps, "packets cut off where they overlap");
    add(track.misplaced, "packets left out whose time is far off");
  }
  return list;
}

std::vector<std::string> audio_repair_sentences(const Transcode& transcode) {
  std::vector<std::string> list;
  const std::vector<AudioTrackCounters> tracks = transcode.audio_counters();
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const AudioTrackCounters& track = tracks[i];
    const int rate = transcode.plan().audio[i].info.sample_rate;
    const auto add = [&](std::int64_t count, const std::string& what) {
      if (count > 0) list.push_back(fmt::format("audio stream {}: {} {}", i, count, what));
    };
    add(track.gaps, fmt::format("gaps without sound filled with silence, {:.3f} s together",
                                static_cast<double>(track.gap_samples) / rate));
    add(track.format_changes, "changes of the source's channels or rate");
    add(track.corrections, "corrections of a drifting clock");
  }
  return list;
}

std::string describe_source(const SourceInfo& source) {
  const SourceVideo& video = source.video;
  std::string text = fmt::format("{}: {}, {} {}", source.path, source.container, video.codec_name,
                                 picture_text(video.width, video.height, video.format, video.frame_rate, video.color));
  text += hdr_text(video.hdr);
  if (video.frame_count > 0)
    text += fmt::format(", {}{} frames", video.exact_frame_count ? "" : "about ", video.frame_count);
  for (const SourceAudio& track : source.audio) {
    text += fmt::format("; audio {} {} {} Hz", track.info.codec, track.info.layout, track.info.sample_rate);
    if (!track.info.language.empty()) text += " " + track.info.language;
  }
  return text;
}

std::string describe_plan(const Plan& plan, const SourceInfo& source) {
  std::string text = "source     " + describe_source(source) + "\n";
  text += "output     " + plan.output + "\n";
  if (plan.copied) {
    const EncoderSettings& video = plan.video;
    text += fmt::format("video      {} {}, copied: {}\n", name_of(video.codec), video.profile,
                        picture_text(video.width, video.height, video.format, video.frame_rate, video.color));
    if (plan.muxrate_bits_per_s > 0) text += "muxrate    " + rate_text(plan.muxrate_bits_per_s) + "\n";
  } else if (plan.coded) {
    const EncoderSettings& video = plan.video;
    text += fmt::format(
        "video      {} {} {} level {} {}, {}{}\n", plan.encoder.encoder, name_of(video.codec), video.profile,
        level_text(video.codec, video.level_idc), video.tier == Tier::kHigh ? "High" : "Main",
        picture_text(video.width, video.height, video.format, video.frame_rate, video.color), hdr_text(video.hdr));
    text += fmt::format("rate       {}, speed {}, key frame every {} frames{}\n", rate_control_text(video.rate),
                        plan.encoder.speed, video.gop_frames,
                        plan.encoder.passes > 1 ? fmt::format(", in {} passes", plan.encoder.passes) : "");
    if (plan.muxrate_bits_per_s > 0) text += "muxrate    " + rate_text(plan.muxrate_bits_per_s) + "\n";
  }
  for (const PlanNote& note : plan.notes) text += fmt::format("{:<10} {}\n", word_of(note.kind), note.what);
  for (const std::string& warning : plan.warnings) text += "warning    " + warning + "\n";
  return text + "memory\n" + memory_table(plan);
}

std::string describe_run(const Transcode& transcode, const RunOutcome& outcome) {
  const TranscodeProgress progress = transcode.progress();
  std::string text;
  if (outcome.status.ok() || outcome.status.error().code == ErrorCode::kLosses) {
    text = fmt::format("{} frames in {:.1f} s, {:.2f} fps", progress.frames, progress.elapsed_s,
                       static_cast<double>(progress.frames) / std::max(progress.elapsed_s, 1e-9));
    if (outcome.verdict) {
      text += fmt::format(", {}, judged good in {} checks", rate_text(outcome.verdict->facts.video_bits_per_s),
                          outcome.verdict->checks.size());
    }
    if (!outcome.output.empty()) text += ": " + outcome.output;
  }
  return text;
}

json verdict_to_json(const verify::Verdict& verdict) {
  json checks = json::array();
  for (const verify::Check& check : verdict.checks) {
    checks.push_back({{"property", verify::name_of(check.property)},
                      {"passed", check.passed},
                      {"expected", check.expected},
                      {"found", check.found},
                      {"where", check.where}});
  }
  const verify::StreamFacts& facts = verdict.facts;
  return {{"passed", verdict.passed()},
          {"checks", std::move(checks)},
          {"facts",
           {{"container", facts.container},
            {"video_codec", name_of(facts.video_codec)},
            {"bytes", facts.bytes},
            {"frames", facts.frames},
            {"key_frames", facts.key_frames},
            {"duration_s", facts.duration_s},
            {"video_bits_per_s", facts.video_bits_per_s},
            {"audio_streams", facts.audio_streams},
            {"details", facts.details}}}};
}

std::string refusal_json(const Error& error) {
  const json report{{"jinsha", version()},
                    {"build", build_info()},
                    {"result",
                     {{"code", error_code_name(error.code)},
                      {"exit_status", exit_status(error.code)},
                      {"message", error.message},
                      {"output", ""}}}};
  return report.dump(2, ' ', false, json::error_handler_t::replace);
}

json report_json(const Transcode& transcode, const SourceInfo& source, const RunOutcome& outcome) {
  const TranscodeProgress progress = transcode.progress();
  const Plan& plan = transcode.plan();
  json stages = json::array();
  for (const TranscodeProgress::StageLoad& stage : progress.stages) {
    stages.push_back({{"name", stage.name},
                      {"frames", stage.frames},
                      {"busy_s", stage.busy_s},
                      {"cpu_s", stage.cpu_s},
                      {"load", stage.busy}});
  }
  json report{{"jinsha", version()},
              {"build", build_info()},
              {"result",
               {{"code", outcome.status.ok() ? "ok" : error_code_name(outcome.status.error().code)},
                {"exit_status", outcome.status.ok() ? 0 : exit_status(outcome.status.error().code)},
                {"message", outcome.status.ok() ? "" : outcome.status.error().message},
                {"output", outcome.output}}},
              {"source", source_to_json(source)},
              {"source_counters", counters_to_json(transcode.source().counters())},
              {"plan", plan_to_json(plan)},
              {"plan_hash", plan_hash(plan)},
              {"kept", notes_of(plan, PlanNote::Kind::kKept)},
              {"converted", notes_of(plan, PlanNote::Kind::kConverted)},
              {"dropped", notes_of(plan, PlanNote::Kind::kDropped)},
              {"assumed", notes_of(plan, PlanNote::Kind::kAssumed)},
              {"losses", outcome.losses},
              {"audio", audio_counters_to_json(transcode)},
              {"device", transcode.device_name()},
              {"timing",
               {{"wall_s", progress.elapsed_s},
                {"first_byte_s", progress.first_byte_s},
                {"first_passes_s", outcome.first_passes_s},
                {"measuring_s", outcome.measuring_s},
                {"judge_s", outcome.judge_s},
                {"stages", std::move(stages)}}},
              {"memory", {{"planned_bytes", plan.memory_bytes}, {"peak_resident_bytes", peak_resident_bytes()}}},
              {"frames", progress.frames},
              {"bytes", progress.bytes}};
  if (outcome.verdict) report["judge"] = verdict_to_json(*outcome.verdict);
  return report;
}

}  // namespace jinsha
