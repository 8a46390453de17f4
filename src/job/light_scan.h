// Light of a whole run of pictures, measured before they are coded: scenes and their peaks, MaxCLL, MaxFALL.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "job/planner.h"
#include "media/hdr_metadata.h"

namespace jinsha {

// Pixels of one picture by their largest component, as R'G'B' of 12 bits in full range.
struct LightHistogram {
  static constexpr int kDepth = 12;
  static constexpr std::size_t kLevels = std::size_t{1} << kDepth;
  std::array<std::uint32_t, kLevels> pixels{};
};

class LightScan {
 public:
  // `nits`: light in cd/m2 of a signal 0..1.
  explicit LightScan(const std::function<double(double signal)>& nits);

  // The next picture. One thread.
  void add(const LightHistogram& picture);

  std::int64_t frames() const { return static_cast<std::int64_t>(frames_.size()); }
  // CTA-861.3 Annex A: the brightest pixel, and the largest mean of a picture, of max(R, G, B); rounded, from 1 on.
  ContentLight content_light() const;
  // A scene begins where the histogram changes much more than just before and after, so a flash begins none. Its peak
  // is the largest of its pictures', where 0.02 % of the pixels are brighter; at least 1 cd/m2. Empty without pictures.
  std::vector<SceneLight> scenes() const;

 private:
  static constexpr std::size_t kBins = 64;  // of the histograms that are compared
  struct FrameLight {
    float change = 0;  // against the picture before: share of the pixels that moved to another bin
    float peak_nits = 0;
  };
  bool begins_scene(std::size_t frame) const;

  std::array<double, LightHistogram::kLevels> nits_{};
  std::vector<FrameLight> frames_;
  std::array<double, kBins> last_{};
  double brightest_nits_ = 0, largest_mean_nits_ = 0;
};

// Light of a signal of the pictures' light, E' 0..1, in cd/m2. Empty where signals have no light of their own: SDR, and
// HLG, whose display decides.
std::function<double(double)> nits_of_signal(const ColorInfo& color);

// The job that only looks: the pictures of the source, or those that `job` makes of them, as R'G'B' for a
// LightHistogram. Its output is nothing.
Result<PlannedJob> look_at_source(const PlannedJob& job);
Result<PlannedJob> look_at_output(const PlannedJob& job);

}  // namespace jinsha
