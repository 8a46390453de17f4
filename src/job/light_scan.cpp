#include "job/light_scan.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "image/camera_curve.h"
#include "image/transfer.h"

namespace jinsha {
namespace {

// Of the pixels that may be brighter than a picture's peak: specks and ringing (ST 2094-40 has 99.98 % as its highest
// percentile).
constexpr double kBrighterShare = 0.0002;
// A scene changes at least so much, and so many times as much as the pictures beside.
constexpr float kSceneChange = 0.25F, kSceneChangeRatio = 2;

Result<PlannedJob> look(const PlannedJob& job, const PictureSide& pictures, bool converted) {
  PlannedJob looking = job;
  looking.plan.kind = ContainerKind::kNull;
  looking.plan.coded = false;
  looking.plan.output = "";
  looking.plan.encoder = {};
  looking.plan.audio.clear();
  looking.plan.data.clear();
  looking.plan.output_frames = 2;
  JINSHA_ASSIGN(const ImagePlan signals, plan_signals(pictures, LightHistogram::kDepth));
  looking.image.output = signals.output;
  const auto extend = [&](kernels::PictureProgram& program) {
    if (!converted) program.steps.clear();
    program.steps.insert(program.steps.end(), signals.program.steps.begin(), signals.program.steps.end());
  };
  extend(looking.image.program);
  if (!converted) looking.scenes.clear();
  for (SceneProgram& scene : looking.scenes) {
    kernels::PictureProgram program = *scene.program;
    extend(program);
    scene.program = std::make_shared<const kernels::PictureProgram>(std::move(program));
  }
  return looking;
}

}  // namespace

LightScan::LightScan(const std::function<double(double)>& nits) {
  for (std::size_t i = 0; i < nits_.size(); ++i)
    nits_[i] = std::max(nits(static_cast<double>(i) / static_cast<double>(nits_.size() - 1)), 0.0);
}

void LightScan::add(const LightHistogram& picture) {
  std::uint64_t all = 0;
  for (const std::uint32_t count : picture.pixels) all += count;
  if (all == 0) return;
  const auto pixels = static_cast<double>(all);

  FrameLight frame;
  std::array<double, kBins> bins{};
  double sum = 0, above = 0;
  bool peak_found = false;
  for (std::size_t i = LightHistogram::kLevels; i-- > 0;) {
    const auto count = static_cast<double>(picture.pixels[i]);
    if (count == 0) continue;
    sum += count * nits_[i];
    bins[i * kBins / LightHistogram::kLevels] += count / pixels;
    brightest_nits_ = std::max(brightest_nits_, nits_[i]);
    above += count;
    if (!peak_found && above > kBrighterShare * pixels) {
      frame.peak_nits = static_cast<float>(nits_[i]);
      peak_found = true;
    }
  }
  largest_mean_nits_ = std::max(largest_mean_nits_, sum / pixels);
  if (!frames_.empty()) {
    double moved = 0;
    for (std::size_t bin = 0; bin < kBins; ++bin) moved += std::abs(bins[bin] - last_[bin]) / 2;
    frame.change = static_cast<float>(moved);
  }
  last_ = bins;
  frames_.push_back(frame);
}

ContentLight LightScan::content_light() const {
  const auto rounded = [](double nits) {
    return static_cast<std::uint16_t>(std::clamp(std::round(nits), 1.0, 65'535.0));
  };
  return {rounded(brightest_nits_), rounded(largest_mean_nits_)};
}

bool LightScan::begins_scene(std::size_t frame) const {
  if (frame == 0) return true;
  const float before = frames_[frame - 1].change, after = frame + 1 < frames_.size() ? frames_[frame + 1].change : 0;
  const float change = frames_[frame].change;
  return change >= kSceneChange && change >= kSceneChangeRatio * std::max(before, after);
}

std::vector<SceneLight> LightScan::scenes() const {
  std::vector<SceneLight> scenes;
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    if (begins_scene(i)) scenes.push_back({static_cast<std::int64_t>(i), 1});
    scenes.back().peak_nits = std::max(scenes.back().peak_nits, static_cast<double>(frames_[i].peak_nits));
  }
  return scenes;
}

std::function<double(double)> nits_of_signal(const ColorInfo& color) {
  if (color.transfer == Transfer::kPq) return image::pq_eotf;
  if (!is_camera_log(color.transfer)) return {};
  return [color](double signal) {
    return image::kReferenceWhiteNits * image::camera_to_scene(color.transfer, color.range, signal);
  };
}

Result<PlannedJob> look_at_source(const PlannedJob& job) { return look(job, job.image.source, false); }

Result<PlannedJob> look_at_output(const PlannedJob& job) { return look(job, job.image.output, true); }

}  // namespace jinsha
