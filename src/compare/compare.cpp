#include "compare/compare.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/os.h"
#include "base/thread_pool.h"
#include "compare/delta_e.h"
#include "compare/feed.h"
#include "compare/heat_map.h"
#include "compare/ssim.h"
#include "compare/weighted_errors.h"
#include "mux/file_sink.h"

namespace jinsha::compare {
namespace {

// Pictures the loop holds: the pair, the pair of the heat map; of the reference the two before as well.
constexpr int kOtherKept = 2;
constexpr int kReferenceKept = kOtherKept + 2;

bool has_three_planes(const Sides& sides) { return sides.reference.format.planes() == 3; }
bool is_rgb(const Sides& sides) { return sides.reference.color.matrix == Matrix::kIdentity && has_three_planes(sides); }

// Of files with so many frames in common.
Status check_heat_map_frame(const CompareSpec& spec, std::int64_t common) {
  const std::int64_t frame = spec.heat_map_frame.value_or(0);
  if (frame >= 0 && frame < common) return {};
  return make_error(ErrorCode::kUsage, "--frame {}: {} frames are compared, 0 to {}", frame, common, common - 1);
}

class Comparison {
 public:
  Comparison(const CompareSpec& spec, Report& report, int threads)
      : spec_(spec), report_(report), pool_(threads), peak_((1 << report.sides.reference.format.depth) - 1) {
    if (report.sides.no_light.empty()) delta_e_.emplace(report.sides.decoders[0], report.sides.decoders[1]);
  }

  void add(const Frame& reference, const Frame& other) {
    FrameScores frame;
    moment_.before_that = std::exchange(moment_.before, std::exchange(moment_.reference, reference));
    if (!moment_.before) moment_.before = reference;
    if (!moment_.before_that) moment_.before_that = moment_.before;
    moment_.other = other;
    if (report_.sides.no_code_values.empty()) measure_codes(frame);
    if (delta_e_) {
      const DeltaESummary difference = delta_e_->measure(reference, other, pool_);
      put(frame.scores, difference);
      keep_for_heat_map(difference.mean);
    }
    report_.frames.push_back(frame);
  }

  void finish() {
    Scores& overall = report_.overall;
    if (report_.sides.no_code_values.empty()) {
      const auto count = static_cast<double>(report_.frames.size());
      PlaneErrors mean;
      for (std::size_t plane = 0; plane < 3; ++plane) {
        mean.mean_square[plane] = sums_.mean_square[plane] / count;
        mean.weighted_mean_square[plane] = std::pow(sums_.weighted_mean_square[plane] / count, 2);
      }
      put(overall, mean);
      overall[Metric::kSsim] = ssim_sum_ / count;
    }
    if (delta_e_) put(overall, delta_e_->overall());
  }

  Status write_heat_map() {
    JINSHA_TRY(check_heat_map_frame(spec_, static_cast<std::int64_t>(report_.frames.size())));
    const FrameLayout& layout = heat_map_reference_.layout();
    JINSHA_ASSIGN(const auto sink, FileSink::create(spec_.heat_map, FileSink::Existing::kTruncate));
    JINSHA_TRY(compare::write_heat_map(delta_e_->map(heat_map_reference_, heat_map_other_, pool_), layout.width,
                                       layout.height, *sink));
    return sink->finish();
  }

 private:
  void measure_codes(FrameScores& frame) {
    const PlaneErrors errors = plane_errors(moment_, report_.sides.reference.frame_rate, pool_);
    put(frame.scores, errors);
    const double structure = ssim(moment_.reference, moment_.other, pool_);
    frame.scores[Metric::kSsim] = structure;
    frame.identical = std::ranges::all_of(errors.mean_square, [](double error) { return error == 0; });
    report_.frames_identical += frame.identical ? 1 : 0;
    ssim_sum_ += structure;
    for (std::size_t plane = 0; plane < 3; ++plane) {
      sums_.mean_square[plane] += errors.mean_square[plane];
      // Pooled as the square of the mean root, as the authors of XPSNR do.
      sums_.weighted_mean_square[plane] += std::sqrt(errors.weighted_mean_square[plane]);
    }
  }

  void put(Scores& scores, const PlaneErrors& errors) const {
    constexpr Metric kPsnr[] = {Metric::kPsnr0, Metric::kPsnr1, Metric::kPsnr2};
    constexpr Metric kXpsnr[] = {Metric::kXpsnr0, Metric::kXpsnr1, Metric::kXpsnr2};
    for (std::size_t plane = 0; plane < (has_three_planes(report_.sides) ? 3U : 1U); ++plane) {
      scores[kPsnr[plane]] = decibels(errors.mean_square[plane], peak_);
      scores[kXpsnr[plane]] = decibels(errors.weighted_mean_square[plane], peak_);
    }
    if (has_three_planes(report_.sides) && !is_rgb(report_.sides)) {
      scores[Metric::kPsnrWeighted] =
          weighted_611(scores[Metric::kPsnr0], scores[Metric::kPsnr1], scores[Metric::kPsnr2]);
    }
  }

  static void put(Scores& scores, const DeltaESummary& difference) {
    scores[Metric::kDeltaEMean] = difference.mean;
    scores[Metric::kDeltaE99] = difference.p99;
    scores[Metric::kDeltaEMax] = difference.max;
  }

  void keep_for_heat_map(double mean) {
    if (spec_.heat_map.empty()) return;
    const auto index = static_cast<std::int64_t>(report_.frames.size());
    const bool wanted =
        spec_.heat_map_frame ? index == *spec_.heat_map_frame : !heat_map_reference_ || mean > heat_map_mean_;
    if (!wanted) return;
    heat_map_reference_ = moment_.reference;
    heat_map_other_ = moment_.other;
    heat_map_mean_ = mean;
    report_.heat_map_frame = index;
  }

  const CompareSpec& spec_;
  Report& report_;
  ThreadPool pool_;
  const double peak_;
  std::optional<DeltaE> delta_e_;
  Moment moment_;
  PlaneErrors sums_;
  double ssim_sum_ = 0;
  Frame heat_map_reference_, heat_map_other_;
  double heat_map_mean_ = 0;
};

Status check_memory(const Feed& reference, const Feed& other) {
  constexpr double kMb = 1e6;
  const std::uint64_t of_reference = reference.memory_bytes(kReferenceKept), of_other = other.memory_bytes(kOtherKept);
  const std::uint64_t limit = memory_limit_bytes();
  if (of_reference + of_other <= limit) return {};
  return make_error(
      ErrorCode::kNotPossible,
      "comparing takes {:.0f} MB for A and {:.0f} MB for B, more than the {:.0f} MB there are here; fewer "
      "--threads hold fewer pictures",
      static_cast<double>(of_reference) / kMb, static_cast<double>(of_other) / kMb, static_cast<double>(limit) / kMb);
}

Status check_frame(const std::optional<Frame>& frame, const Side& side) {
  if (!frame) return {};
  const FrameLayout& layout = frame->layout();
  if (layout.width == side.width && layout.height == side.height && layout.format == side.format) return {};
  return make_error(ErrorCode::kInput, "{}: the picture changes from {}x{} {} to {}x{} {}", side.path, side.width,
                    side.height, describe(side.format), layout.width, layout.height, describe(layout.format));
}

// Frames to expect: of the shorter file, where both know.
std::int64_t expected_frames(const SourceVideo& a, const SourceVideo& b, std::int64_t limit) {
  if (a.frame_count == 0 || b.frame_count == 0) return limit;
  const std::int64_t common = std::min(a.frame_count, b.frame_count);
  return limit > 0 ? std::min(common, limit) : common;
}

Status run(Feed& reference, Feed& other, const CompareSpec& spec, Comparison& comparison, Report& report) {
  const std::int64_t total = expected_frames(reference.info().video, other.info().video, spec.frames);
  for (;;) {
    JINSHA_ASSIGN(const std::optional<Frame> a, reference.take());
    JINSHA_ASSIGN(const std::optional<Frame> b, other.take());
    JINSHA_TRY(check_frame(a, report.sides.reference));
    JINSHA_TRY(check_frame(b, report.sides.other));
    if (!a && !b) return {};
    report.reference_frames += a ? 1 : 0;
    report.other_frames += b ? 1 : 0;
    if (a && b) comparison.add(*a, *b);
    const auto done = static_cast<std::int64_t>(report.frames.size());
    if (spec.progress && !spec.progress(done, total > 0 ? std::max(total, done) : 0)) {
      return make_error(ErrorCode::kInterrupted, "stopped after {} pictures", done);
    }
  }
}

}  // namespace

std::optional<std::size_t> worst_frame(const Report& report, const MetricRow& row) {
  std::optional<std::size_t> worst;
  for (std::size_t i = 0; i < report.frames.size(); ++i) {
    const double score = report.frames[i].scores[row.metric];
    if (std::isnan(score)) return std::nullopt;
    const double so_far = worst ? report.frames[*worst].scores[row.metric] : score;
    if (!worst || (row.higher_is_better ? score < so_far : score > so_far)) worst = i;
  }
  return worst;
}

namespace {

struct PlaneName {
  const char* name;
  const char* label;
};
PlaneName plane_name(int plane, const Sides& sides) {
  constexpr PlaneName kYcbcr[] = {{"y", "Y"}, {"cb", "Cb"}, {"cr", "Cr"}},
                      kRgb[] = {{"g", "G"}, {"b", "B"}, {"r", "R"}};
  return (is_rgb(sides) ? kRgb : kYcbcr)[plane];
}

}  // namespace

std::string name_of(const MetricRow& row, const Sides& sides) {
  return row.plane < 0 ? row.name : fmt::format("{}_{}", row.name, plane_name(row.plane, sides).name);
}

std::string label_of(const MetricRow& row, const Sides& sides) {
  return fmt::format("{} {}", row.family, row.plane < 0 ? row.detail : plane_name(row.plane, sides).label);
}

Result<Report> compare_files(const CompareSpec& spec, const Log& log) {
  if (spec.frames < 0) return make_error(ErrorCode::kUsage, "--frames {}: is below 1", spec.frames);
  if (spec.reference == "-" && spec.other == "-") {
    return make_error(ErrorCode::kUsage, "A and B are both standard input, which can be read only once");
  }
  const int threads = spec.threads > 0 ? spec.threads : cpu_count();
  JINSHA_ASSIGN(const std::unique_ptr<Feed> reference, Feed::open(spec.reference, threads, log));
  JINSHA_ASSIGN(const std::unique_ptr<Feed> other, Feed::open(spec.other, threads, log));
  Report report;
  JINSHA_ASSIGN(report.sides, match_sides(reference->info(), reference->layout(), other->info(), other->layout()));
  if (!spec.heat_map.empty() && !report.sides.no_light.empty()) {
    return make_error(ErrorCode::kInput, "--heatmap: {}", report.sides.no_light);
  }
  const SourceVideo &video_a = reference->info().video, &video_b = other->info().video;
  if (video_a.exact_frame_count && video_b.exact_frame_count) {
    JINSHA_TRY(check_heat_map_frame(spec, expected_frames(video_a, video_b, spec.frames)));
  }
  JINSHA_TRY(check_memory(*reference, *other));
  JINSHA_TRY(reference->start(kReferenceKept, spec.frames));
  JINSHA_TRY(other->start(kOtherKept, spec.frames));
  Comparison comparison(spec, report, threads);
  JINSHA_TRY(run(*reference, *other, spec, comparison, report));
  if (report.frames.empty())
    return make_error(ErrorCode::kInput, "{} and {} have no picture in common", spec.reference, spec.other);
  comparison.finish();
  if (!spec.heat_map.empty()) JINSHA_TRY(comparison.write_heat_map());
  report.reference_counters = reference->counters();
  report.other_counters = other->counters();
  return report;
}

}  // namespace jinsha::compare
