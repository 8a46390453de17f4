// Frame count, timestamps, distance of key frames, signalled frame rate.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <set>

#include "verify/checks.h"

namespace jinsha::verify {
namespace {

std::string time_text(std::int64_t ticks, Rational time_base) {
  return fmt::format("{} ({:.3f} s)", ticks, static_cast<double>(ticks) * time_base.to_double());
}

// The grid a stream of constant frame rate stands on, in ticks of its time base.
class Grid {
 public:
  Grid(Rational rate, Rational time_base) : frame_(rate.inverse()), time_base_(time_base) {
    exact_ = Int128{frame_.num} * time_base.den % (Int128{frame_.den} * time_base.num) == 0;
  }
  std::int64_t at(std::int64_t frame) const { return rescale(frame, frame_, time_base_); }
  // Where frames fall between ticks two roundings may differ by one.
  bool fits(Int128 difference, std::int64_t frame) const {
    const Int128 error = difference - at(frame);
    return exact_ ? error == 0 : error >= -1 && error <= 1;
  }

 private:
  Rational frame_;
  Rational time_base_;
  bool exact_ = false;
};

void check_decode_times(CheckContext& context, const Grid* grid) {
  const VideoLog& video = context.log.video;
  Findings& findings = context.findings;
  Tally untimed;
  const AccessUnit* last = nullptr;
  for (std::size_t i = 0; i < video.units.size(); ++i) {
    const AccessUnit& unit = video.units[i];
    const Place place = {static_cast<std::int64_t>(i), unit.byte};
    if (unit.pts == kNoTime || unit.dts == kNoTime) {
      untimed.add(place);
      continue;
    }
    // Composition offsets may be negative: the decode times of MP4 bind nobody.
    if (unit.dts > unit.pts && !context.log.mp4) {
      findings.fail(
          Property::kTimestamps, "DTS not after PTS",
          fmt::format("DTS {} and PTS {}", time_text(unit.dts, video.time_base), time_text(unit.pts, video.time_base)),
          place);
    }
    if (last != nullptr && unit.dts <= last->dts) {
      findings.fail(
          Property::kTimestamps, "DTS that increases",
          fmt::format("DTS {} after {}", time_text(unit.dts, video.time_base), time_text(last->dts, video.time_base)),
          place);
    } else if (grid != nullptr && video.units.front().dts != kNoTime &&
               !grid->fits(Int128{unit.dts} - video.units.front().dts, static_cast<std::int64_t>(i))) {
      findings.fail(Property::kTimestamps,
                    fmt::format("DTS {}", time_text(video.units.front().dts + grid->at(static_cast<std::int64_t>(i)),
                                                    video.time_base)),
                    time_text(unit.dts, video.time_base), place);
    }
    last = &unit;
  }
  if (context.log.mp4 || context.log.ivf || context.plan != nullptr || !context.log.ts) {
    findings.fail(Property::kTimestamps, "PTS and DTS for every access unit", "an access unit without", untimed);
  }
}

// PTS in the order in which the bitstream puts the pictures out.
void check_presentation_times(CheckContext& context, const Grid* grid) {
  const VideoLog& video = context.log.video;
  std::vector<std::size_t> order(video.units.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const AccessUnit& x = video.units[a];
    const AccessUnit& y = video.units[b];
    return x.epoch != y.epoch ? x.epoch < y.epoch : x.order < y.order;
  });
  const AccessUnit* first = nullptr;
  const AccessUnit* last = nullptr;
  std::int64_t frame = 0;
  for (const std::size_t index : order) {
    const AccessUnit& unit = video.units[index];
    const std::int64_t k = frame++;
    if (unit.pts == kNoTime) continue;
    const Place place = {static_cast<std::int64_t>(index), unit.byte};
    if (last != nullptr && unit.pts <= last->pts) {
      context.findings.fail(Property::kTimestamps, "PTS in the output order of the pictures",
                            fmt::format("PTS {} for the picture after the one with {}",
                                        time_text(unit.pts, video.time_base), time_text(last->pts, video.time_base)),
                            place);
    } else if (grid != nullptr && first != nullptr && !grid->fits(Int128{unit.pts} - first->pts, k)) {
      context.findings.fail(Property::kTimestamps,
                            fmt::format("PTS {} for frame {}", time_text(first->pts + grid->at(k), video.time_base), k),
                            time_text(unit.pts, video.time_base), place);
    }
    if (first == nullptr && k == 0) first = &unit;
    last = &unit;
  }
}

std::set<std::int64_t> forced_keys(const CheckContext& context) {
  std::set<std::int64_t> forced(context.video()->keyframes.begin(), context.video()->keyframes.end());
  if (context.run != nullptr) forced.insert(context.run->forced_keys.begin(), context.run->forced_keys.end());
  return forced;
}

// The first frame that is a key frame and should be none, or the reverse; -1: there is no such frame.
// A forced key frame leaves the grid of the others as it was, or `restarts` it.
std::int64_t off_grid(const VideoLog& video, std::int64_t gop, const std::set<std::int64_t>& forced, bool restarts) {
  const auto count = static_cast<std::int64_t>(video.units.size());
  std::int64_t start = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const bool listed = forced.count(i) != 0;
    const bool due = (i - start) % gop == 0;
    if (video.units[static_cast<std::size_t>(i)].key != (listed || due)) return i;
    if (listed && restarts) start = i;
  }
  return -1;
}

void check_key_distances(CheckContext& context) {
  const EncoderSettings& settings = *context.video();
  const VideoLog& video = context.log.video;
  const std::set<std::int64_t> forced = forced_keys(context);
  const std::int64_t gop = settings.gop_frames;
  const auto expected = fmt::format("{} {} frames{}", settings.fixed_gop ? "a key frame every" : "key frames at most",
                                    gop, forced.empty() ? "" : " and at the forced ones");
  const auto fail = [&](const std::string& found, std::int64_t index) {
    const Place place = {index, video.units[static_cast<std::size_t>(index)].byte};
    context.findings.fail(Property::kKeyFrameDistance, expected, found, place);
  };
  if (settings.fixed_gop && gop > 0) {
    // Encoders differ in what a forced key frame does to the grid, but do one thing throughout.
    const std::int64_t wrong = off_grid(video, gop, forced, false);
    if (wrong < 0 || off_grid(video, gop, forced, true) < 0) return;
    const bool key = video.units[static_cast<std::size_t>(wrong)].key;
    if (key) {
      std::int64_t last = wrong - 1;
      while (last > 0 && !video.units[static_cast<std::size_t>(last)].key) --last;
      fail(fmt::format("a distance of {}", wrong - last), wrong);
    } else {
      const bool listed = forced.count(wrong) != 0;
      fail(fmt::format("no key frame {}, at frame {}", listed ? "where one was forced" : "where one is due", wrong),
           wrong);
    }
    return;
  }
  std::int64_t last = -1;
  const auto count = static_cast<std::int64_t>(video.units.size());
  for (std::int64_t i = 0; i < count; ++i) {
    const bool key = video.units[static_cast<std::size_t>(i)].key;
    if (!key && forced.count(i) != 0) fail(fmt::format("no key frame where one was forced, at frame {}", i), i);
    if (!key) continue;
    if (last >= 0 && gop > 0 && i - last > gop) fail(fmt::format("a distance of {}", i - last), i);
    last = i;
  }
  if (gop > 0 && last >= 0 && count - last > gop) fail(fmt::format("{} frames after the last", count - last), last);
}

}  // namespace

Rational CheckContext::frame_rate() const {
  if (video() != nullptr && video()->frame_rate.valid()) return video()->frame_rate;
  if (!log.video.sequences.empty()) {
    const SequenceInfo& info = log.video.sequences.front().info;
    if (!info.fields && info.frame_rate.valid()) return info.frame_rate;
  }
  if (log.ivf && log.ivf->frame_rate.valid()) return log.ivf->frame_rate;
  return {0, 1};
}

void check_frame_count(CheckContext& context) {
  if (!context.log.has_video) return;
  const VideoLog& video = context.log.video;
  const auto found = fmt::format("{}", video.unit_count);
  std::int64_t expected = -1;
  if (context.run != nullptr) {
    expected = context.run->frames;
  } else if (context.plan != nullptr && context.plan->exact_frame_count) {
    expected = context.plan->frame_count;
  }
  if (expected >= 0) {
    const auto text = fmt::format("{} frames", expected);
    if (video.unit_count == expected) {
      context.findings.pass(Property::kFrameCount, text, found);
    } else {
      context.findings.fail(Property::kFrameCount, text, found);
    }
  }
  if (context.readable_video() && context.plan != nullptr) {
    context.findings.fail(Property::kFrameCount, "one picture in every access unit", "one without a picture",
                          video.empty_units);
    context.findings.fail(Property::kFrameCount, "one picture in every access unit", "one with more",
                          video.double_units);
  }
  if (video.unit_count == 0) {
    context.findings.fail(Property::kFrameCount, "at least one frame", "none");
  } else if (expected < 0) {
    context.findings.pass(Property::kFrameCount, "at least one frame", found);
  }
}

void check_timestamps(CheckContext& context) {
  const VideoLog& video = context.log.video;
  if (!context.log.has_video || !video.timed || video.units.empty()) return;
  std::optional<Grid> grid;
  if (context.video() != nullptr && context.video()->frame_rate.valid()) {
    grid.emplace(context.video()->frame_rate, video.time_base);
  }
  check_decode_times(context, grid ? &*grid : nullptr);
  if (context.readable_video()) check_presentation_times(context, grid ? &*grid : nullptr);
  if (context.plan != nullptr) {
    context.findings.fail(Property::kTimestamps, "an access unit in every PES packet", "a PES packet without",
                          video.marks_without_unit);
  }
  const TimeSpan span = video_span(context);
  context.findings.pass(Property::kTimestamps,
                        grid ? fmt::format("PTS every 1/{} s, DTS increasing", rate_text(context.video()->frame_rate))
                             : "PTS in output order, DTS increasing",
                        fmt::format("{:.3f} to {:.3f} s", span.start, span.end));
}

void check_key_frames(CheckContext& context) {
  if (!context.readable_video() || context.log.video.units.empty()) return;
  const VideoLog& video = context.log.video;
  const AccessUnit& first = video.units.front();
  if (!first.key && !(first.open_key && context.video() == nullptr)) {
    context.findings.fail(Property::kKeyFrameDistance, "a key frame at the start", "another picture",
                          Place{0, first.byte});
  }
  if (context.video() != nullptr) {
    if (context.video()->closed_gop) {
      context.findings.fail(Property::kKeyFrameDistance, "closed groups of pictures", video.first_open,
                            video.open_pictures);
    }
    check_key_distances(context);
    context.findings.fail(Property::kKeyFrameDistance, "random access marks of the container at the key frames",
                          video.first_wrong_mark, video.key_mark_wrong);
  }
  context.findings.pass(
      Property::kKeyFrameDistance,
      context.video() != nullptr ? fmt::format("{} frames", context.video()->gop_frames) : "a key frame at the start",
      fmt::format("{} key frames in {}", video.key_count, video.unit_count));
}

void check_frame_rate(CheckContext& context) {
  if (!context.readable_video()) return;
  const StreamLog& log = context.log;
  Findings& findings = context.findings;
  const Rational planned = context.video() != nullptr ? context.video()->frame_rate : Rational{0, 1};
  const auto expected = planned.valid() ? rate_text(planned) + " frames/s" : "the same rate everywhere";
  Rational signalled{0, 1};
  const auto compare = [&](const char* where, Rational rate, const Place& place) {
    const Rational wanted = planned.valid() ? planned : signalled;
    if (wanted.valid() && !(rate == wanted)) {
      findings.fail(Property::kFrameRate, expected, fmt::format("{} in the {}", rate_text(rate), where), place);
    }
    if (!signalled.valid()) signalled = rate;
  };
  for (const SequenceEntry& entry : log.video.sequences) {
    if (entry.info.fields) continue;
    if (entry.info.frame_rate.valid()) {
      compare(context.nal_units() ? "VUI" : "sequence header", entry.info.frame_rate, entry.place);
    } else if (planned.valid() && context.hevc()) {
      findings.fail(Property::kFrameRate, expected, "no timing information in the VUI", entry.place);
    }
  }
  const Mp4Track* track = context.mp4_video();
  if (track != nullptr && planned.valid() && log.mp4->video_duration > 0) {
    const std::int64_t ticks = rescale(1, planned.inverse(), log.video.time_base);
    const bool whole = Int128{track->timescale} * planned.den % planned.num == 0;
    if (std::llabs(log.mp4->video_duration - ticks) > (whole ? 0 : 1)) {
      findings.fail(Property::kFrameRate, fmt::format("samples of {} / {} s", ticks, track->timescale),
                    fmt::format("{} / {} s", log.mp4->video_duration, track->timescale));
    }
  }
  if (log.ivf && log.ivf->frame_rate.valid()) {
    // The header's rate is that of its ticks, of which a frame may take several.
    if (planned.valid() &&
        !(Int128{log.ivf->frame_rate.num} * planned.den % (Int128{planned.num} * log.ivf->frame_rate.den) == 0)) {
      findings.fail(Property::kFrameRate, expected,
                    fmt::format("{} ticks/s in the IVF header", rate_text(log.ivf->frame_rate)));
    } else if (!signalled.valid()) {
      signalled = log.ivf->frame_rate;
    }
  }
  if (planned.valid() || signalled.valid()) {
    findings.pass(Property::kFrameRate, expected, signalled.valid() ? rate_text(signalled) : "by timestamps only");
  }
}

}  // namespace jinsha::verify
