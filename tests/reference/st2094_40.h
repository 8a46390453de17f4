// The tone curve that HDR10+ carries: SMPTE ST 2094-40, a line to the knee, then a Bezier curve.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace jinsha::reference {

// Light of max(R, G, B), 0..1 of the scene's peak, to 0..1 of the target's. Knee in 12-bit codes, anchors in
// 10-bit codes.
inline double st2094_40_curve(double x, double knee_x_code, double knee_y_code, const std::vector<double>& anchors) {
  const double kx = knee_x_code / 4095, ky = knee_y_code / 4095;
  if (x <= kx) return kx > 0 ? x * ky / kx : 0;
  std::vector<double> points{0};
  for (const double code : anchors) points.push_back(code / 1023);
  points.push_back(1);
  // De Casteljau: the curve's point by repeated division of the lines between its control points.
  const double t = (x - kx) / (1 - kx);
  for (std::size_t left = points.size() - 1; left > 0; --left) {
    for (std::size_t i = 0; i < left; ++i) points[i] = std::lerp(points[i], points[i + 1], t);
  }
  return ky + (1 - ky) * points[0];
}

}  // namespace jinsha::reference
