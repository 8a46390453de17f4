// ICtCp: ITU-R BT.2100-2 Table 7; the colour difference of BT.2124-0.
#pragma once

#include <cmath>

#include "reference/hlg.h"
#include "reference/linear.h"
#include "reference/pq.h"

namespace jinsha::reference {

// Linear RGB of BT.2020 -> cone responses.
inline Vec3 lms_of(const Vec3& rgb) {
  constexpr Mat3 kRgbToLms{{{1688, 2146, 262}, {683, 2951, 462}, {99, 309, 3688}}};
  return scaled(times(kRgbToLms, rgb), 1.0 / 4096);
}

// Display light in cd/m2.
inline Vec3 ictcp_pq(const Vec3& nits) {
  constexpr Mat3 kPqToIctcp{{{2048, 2048, 0}, {6610, -13'613, 7003}, {17'933, -17'390, -543}}};
  return scaled(times(kPqToIctcp, each(lms_of(nits), pq_inverse_eotf)), 1.0 / 4096);
}

// Scene light 0..1.
inline Vec3 ictcp_hlg(const Vec3& scene) {
  constexpr Mat3 kHlgToIctcp{{{2048, 2048, 0}, {3625, -7465, 3840}, {9500, -9212, -288}}};
  return scaled(times(kHlgToIctcp, each(lms_of(scene), hlg_oetf)), 1.0 / 4096);
}

// Of two lights in cd/m2, BT.2020; 1 is about what can just be seen.
inline double delta_e_itp(const Vec3& nits_a, const Vec3& nits_b) {
  const Vec3 a = ictcp_pq(nits_a), b = ictcp_pq(nits_b);
  return 720 * std::hypot(a[0] - b[0], 0.5 * (a[1] - b[1]), a[2] - b[2]);
}

}  // namespace jinsha::reference
