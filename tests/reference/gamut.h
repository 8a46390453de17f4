// Gamut mapping: the ACES reference gamut compression (S-2021-001), with the limits where the farthest colours of the
// source's primaries lie; and at constant hue of ICtCp. Linear light, black 0.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "reference/ictcp.h"
#include "reference/linear.h"

namespace jinsha::reference {

// Distances of the components below the largest, as shares of it, of the farthest colours of a cube of light.
inline Vec3 farthest_distances(const Mat3& to_output) {
  Vec3 farthest{};
  for (int i = 0; i <= 1000; ++i) {
    const double t = i / 1000.0;
    for (const Vec3& edge : {Vec3{1, t, 0}, {1, 0, t}, {t, 1, 0}, {0, 1, t}, {t, 0, 1}, {0, t, 1}}) {
      const Vec3 out = times(to_output, edge);
      const double most = std::max({out[0], out[1], out[2]});
      for (std::size_t k = 0; k < 3; ++k) farthest[k] = std::max(farthest[k], (most - out[k]) / most);
    }
  }
  return farthest;
}

// R, G, B of the output in cd/m2: the most colour, at constant I and hue of ICtCp, with no component outside 0..high.
inline Vec3 chroma_reduced(const Vec3& rgb, const Mat3& to_2020, double high) {
  const auto inside = [&](const Vec3& x) {
    return std::min({x[0], x[1], x[2]}) >= -1e-6 * high && std::max({x[0], x[1], x[2]}) <= high * (1 + 1e-6);
  };
  if (inside(rgb)) return rgb;
  const Vec3 itp = ictcp_pq(times(to_2020, rgb));
  const auto with = [&](double share) {
    const Vec3 lms = times(inverse(kPqToIctcp), Vec3{itp[0], share * itp[1], share * itp[2]});
    const Vec3 light = each(lms, [](double x) { return pq_eotf(std::clamp(x, 0.0, 1.0)); });
    return times(inverse(to_2020), times(inverse(kRgbToLms), light));
  };
  double low = 0, most = 1;
  for (int i = 0; i < 50; ++i) {
    const double middle = (low + most) / 2;
    const Vec3 x = with(middle);
    const bool fits = std::min({x[0], x[1], x[2]}) >= 0 && std::max({x[0], x[1], x[2]}) <= high;
    (fits ? low : most) = middle;
  }
  return each(with(most), [&](double x) { return std::clamp(x, 0.0, high); });
}

// R, G, B of the output; what lies beyond the limits keeps its distance from them.
inline Vec3 gamut_compressed(Vec3 rgb, const Vec3& limits) {
  constexpr std::array kThresholds{0.815, 0.803, 0.880};
  const double most = std::max({rgb[0], rgb[1], rgb[2]}), p = 1.2;
  if (most <= 0) return rgb;
  for (std::size_t k = 0; k < 3; ++k) {
    const double t = kThresholds[k], d = std::min((most - rgb[k]) / most, limits[k]);
    if (d <= t) continue;
    const double reach = limits[k] - t, s = reach / std::pow(std::pow((1 - t) / reach, -p) - 1, 1 / p);
    rgb[k] += most * (d - t - (d - t) / std::pow(1 + std::pow((d - t) / s, p), 1 / p));
  }
  return rgb;
}

}  // namespace jinsha::reference
