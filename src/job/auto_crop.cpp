#include "job/auto_crop.h"

#include <algorithm>
#include <cmath>

#include "input/black_bars.h"

namespace jinsha {
namespace {

constexpr int kPlaces = 12;
constexpr int kPicturesAtPlace = 2;
constexpr double kShortS = 4;  // of this and less all is looked at

// The part of a source that a job takes.
struct Span {
  double begin_s = 0;
  double length_s = 0;  // 0: not known
};

Span span_of(const JobSpec& spec, const SourceInfo& info) {
  const double rate = info.video.frame_rate.to_double();
  const auto seconds = [&](const SourcePoint& point) {
    return point.is_frame ? static_cast<double>(point.frame) / rate : point.seconds;
  };
  Span span;
  double end = info.duration_s > 0 ? info.duration_s : static_cast<double>(info.video.frame_count) / rate;
  if (spec.range_start) span.begin_s = seconds(*spec.range_start);
  if (spec.range_end) end = end > 0 ? std::min(end, seconds(*spec.range_end)) : seconds(*spec.range_end);
  if (spec.frames > 0) {
    const double last = span.begin_s + static_cast<double>(spec.frames) / rate;
    end = end > 0 ? std::min(end, last) : last;
  }
  span.length_s = std::max(0.0, end - span.begin_s);
  return span;
}

// What is black in all of `count` pictures from `begin_s` on; `looked_at` counts those.
Status look(Source& source, double begin_s, std::int64_t count, const std::stop_token& stop,
            std::optional<BlackBars>& bars, std::int64_t& looked_at) {
  const bool sought = begin_s > 0 && source.seek_near(begin_s);
  JINSHA_ASSIGN(const FramePool pool, FramePool::create(source.layout(), source.max_held_frames() + 2));
  const std::int64_t first =
      sought ? 0 : static_cast<std::int64_t>(begin_s * source.info().video.frame_rate.to_double());
  JINSHA_TRY(source.start(pool, stop, first, count));
  for (;;) {
    JINSHA_ASSIGN(const Item item, source.next());
    if (std::holds_alternative<EndOfStream>(item)) return {};
    const Frame* picture = std::get_if<Frame>(&item);
    if (picture == nullptr) continue;
    ++looked_at;
    if (const auto found = black_bars_of(*picture)) bars = bars ? bars->common_with(*found) : *found;
  }
}

// The bars as displayed give way to the rectangle between them, which begins and ends with whole chroma samples.
std::optional<Rectangle> between(const BlackBars& bars, const SourceVideo& video) {
  const bool turned = video.rotation_degrees % 180 != 0;
  const int width = turned ? video.height : video.width, height = turned ? video.width : video.height;
  const int step_x = 1 << (turned ? video.format.chroma_shift_y() : video.format.chroma_shift_x());
  const int step_y = 1 << (turned ? video.format.chroma_shift_x() : video.format.chroma_shift_y());
  const auto up = [](int value, int step) { return (value + step - 1) / step * step; };
  Rectangle used{.x = up(bars.left, step_x), .y = up(bars.top, step_y)};
  used.width = (width - bars.right - used.x) / step_x * step_x;
  used.height = (height - bars.bottom - used.y) / step_y * step_y;
  if (bars == BlackBars{} || used.width < step_x || used.height < step_y) return std::nullopt;
  return used;
}

}  // namespace

Result<std::optional<Rectangle>> find_crop(const JobSpec& spec,
                                           const std::function<Result<std::unique_ptr<Source>>()>& open,
                                           const std::stop_token& stop, const Log& log) {
  std::optional<BlackBars> bars;
  std::int64_t looked_at = 0;
  JINSHA_ASSIGN(std::unique_ptr<Source> source, open());
  const SourceInfo info = source->info();
  const Span span = span_of(spec, info);
  const bool whole = span.length_s <= kShortS;
  const auto all = static_cast<std::int64_t>(
      std::ceil((span.length_s > 0 ? span.length_s : kShortS) * info.video.frame_rate.to_double()));
  JINSHA_TRY(look(*source, span.begin_s, whole ? all : kPicturesAtPlace, stop, bars, looked_at));
  for (int place = 1; !whole && place < kPlaces; ++place) {
    source.reset();
    JINSHA_ASSIGN(source, open());
    const double at = span.begin_s + span.length_s * place / kPlaces;
    const Status seen = look(*source, at, kPicturesAtPlace, stop, bars, looked_at);
    // A place that a file cannot give, damaged or announced and not there, decides nothing.
    if (!seen.ok() && seen.error().code == ErrorCode::kInterrupted) return seen.error();
    if (!seen.ok()) log.debug("--crop auto: nothing is seen at {:.3f} s: {}", at, seen.error().message);
  }
  if (!bars) {
    log.warning("--crop auto: all {} pictures looked at are black; nothing is cropped", looked_at);
    return std::optional<Rectangle>();
  }
  const auto used = between(bars->turned(info.video.rotation_degrees, info.video.mirrored), info.video);
  if (used) {
    log.info("--crop auto: the picture is {}:{}:{}:{} in {} pictures looked at", used->width, used->height, used->x,
             used->y, looked_at);
  } else {
    log.info("--crop auto: no black bars in {} pictures looked at", looked_at);
  }
  return used;
}

}  // namespace jinsha
