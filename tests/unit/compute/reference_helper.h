// The conversions in double precision, evaluated from the formulas pixel by pixel: no tables, no
// folded matrices, no strips. What the device is held against.
#pragma once

#include <vector>

#include "compute/picture_helper.h"

namespace jinsha::test {

// Code values before rounding, rows without gaps, and by how much each may move when every linear
// component of the output moves by kLightSlack: a power curve has infinite slope at 0, so where a
// gamut matrix takes a component to nearly nothing no finite arithmetic holds a bound in codes.
struct ExactPicture {
  PixelFormat format;
  int width = 0;
  int height = 0;
  std::vector<double> planes[3];
  std::vector<double> slack[3];
};
inline constexpr double kLightSlack = 2e-6;  // of the output's peak

struct ReferenceLight {
  ToneMap tone_map = ToneMap::kBt2390;
  double source_peak_nits = 1000;
  double target_peak_nits = 100;
  GamutMap gamut = GamutMap::kClip;
  ToneMapOn tone_map_on = ToneMapOn::kMaxRgb;
};

constexpr ReferenceLight tone_mapped_on(ToneMapOn on, double source_peak_nits, double target_peak_nits) {
  return {ToneMap::kBt2390, source_peak_nits, target_peak_nits, GamutMap::kClip, on};
}

// All members of `from` and `to` specified; not both R'G'B' and subsampled.
ExactPicture reference(const Picture& picture, const ColorInfo& from, const ColorInfo& to, PixelFormat out,
                       const ReferenceLight& light);

// Largest distance of a code from the exact value, less the half code that rounding may take and
// the slack.
double excess_error(const Picture& picture, const ExactPicture& exact);

// Distance of codes from the exact values, rounded.
struct Deviation {
  double worst = 0, mean = 0;
};
Deviation deviation(const Picture& picture, const ExactPicture& exact);

}  // namespace jinsha::test
