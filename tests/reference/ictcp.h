// ICtCp: ITU-R BT.2100-2 Table 7; the colour difference of BT.2124-0.
#pragma once

#include <cmath>

#include "reference/hlg.h"
#include "reference/linear.h"
#include "reference/pq.h"

namespace jinsha::reference {

constexpr Mat3 of_4096(const Mat3& shares) {
  Mat3 m{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) m[i][j] = shares[i][j] / 4096;
  }
  return m;
}
// Linear RGB of BT.2020 -> cone responses; those through the curve of PQ or HLG -> I, Ct, Cp.
inline constexpr Mat3 kRgbToLms = of_4096({{{1688, 2146, 262}, {683, 2951, 462}, {99, 309, 3688}}});
inline constexpr Mat3 kPqToIctcp = of_4096({{{2048, 2048, 0}, {6610, -13'613, 7003}, {17'933, -17'390, -543}}});
inline constexpr Mat3 kHlgToIctcp = of_4096({{{2048, 2048, 0}, {3625, -7465, 3840}, {9500, -9212, -288}}});

// Display light in cd/m2.
inline Vec3 ictcp_pq(const Vec3& nits) { return times(kPqToIctcp, each(times(kRgbToLms, nits), pq_inverse_eotf)); }

// Scene light 0..1.
inline Vec3 ictcp_hlg(const Vec3& scene) { return times(kHlgToIctcp, each(times(kRgbToLms, scene), hlg_oetf)); }

// Of two lights in cd/m2, BT.2020; 1 is about what can just be seen.
inline double delta_e_itp(const Vec3& nits_a, const Vec3& nits_b) {
  const Vec3 a = ictcp_pq(nits_a), b = ictcp_pq(nits_b);
  return 720 * std::hypot(a[0] - b[0], 0.5 * (a[1] - b[1]), a[2] - b[2]);
}

}  // namespace jinsha::reference
