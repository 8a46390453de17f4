// Gamut mapping: colours outside the output's primaries brought inside, in linear light.
#pragma once

#include <array>
#include <optional>

#include "image/matrix3.h"

namespace jinsha::image {

// The parametric curve of the ACES reference gamut compression (S-2021-001): of the distance of a component below the
// largest one, as a share of it: 0 grey, 1 where the component is 0, above it is negative.
struct GamutCurve {
  double threshold;  // nothing changes below
  double limit;      // becomes 1
  double operator()(double distance) const;
};
using GamutCurves = std::array<GamutCurve, 3>;  // of R, G, B: cyan, magenta, yellow

// The thresholds of ACES, the limits where the farthest colours of the source lie: `to_output` takes its linear R, G, B
// to those of the output. Empty where all lie inside.
std::optional<GamutCurves> gamut_compression(const Mat3& to_output);

}  // namespace jinsha::image
