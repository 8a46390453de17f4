// HLG: ITU-R BT.2100-2 Table 5; system gamma of other displays: its note 5f, and BT.2390-10 clause 6.2.
#pragma once

#include <algorithm>
#include <cmath>

#include "reference/linear.h"

namespace jinsha::reference {

inline constexpr double kHlgA = 0.17883277, kHlgB = 1 - 4 * kHlgA;
inline const double kHlgC = 0.5 - kHlgA * std::log(4 * kHlgA);
inline constexpr Vec3 kBt2100Luminance{0.2627, 0.6780, 0.0593};

// Scene light 0..1 -> E' and back.
inline double hlg_oetf(double scene) {
  return scene <= 1.0 / 12 ? std::sqrt(3 * scene) : kHlgA * std::log(12 * scene - kHlgB) + kHlgC;
}
inline double hlg_inverse_oetf(double signal) {
  return signal <= 0.5 ? signal * signal / 3 : (std::exp((signal - kHlgC) / kHlgA) + kHlgB) / 12;
}

// Of a display of `peak` cd/m2: the formula for 400..2000, and the one for any.
inline double hlg_gamma(double peak) { return 1.2 + 0.42 * std::log10(peak / 1000); }
inline double hlg_gamma_extended(double peak) { return 1.2 * std::pow(1.111, std::log2(peak / 1000)); }

// Scene light -> display light in cd/m2 and back. `luminance`: that of unit R, G, B.
inline Vec3 hlg_ootf(const Vec3& scene, double peak = 1000, double gamma = 1.2,
                     const Vec3& luminance = kBt2100Luminance) {
  const double y = dot(luminance, scene);
  return y > 0 ? scaled(scene, peak * std::pow(y, gamma - 1)) : Vec3{};
}
inline Vec3 hlg_inverse_ootf(const Vec3& nits, double peak = 1000, double gamma = 1.2,
                             const Vec3& luminance = kBt2100Luminance) {
  const double y = dot(luminance, nits) / peak;
  return y > 0 ? scaled(nits, std::pow(y, (1 - gamma) / gamma) / peak) : Vec3{};
}

// E' -> cd/m2 of a display of black `black` cd/m2, which BT.2100-2 puts into the signal.
inline Vec3 hlg_eotf(const Vec3& signal, double peak = 1000, double gamma = 1.2, double black = 0) {
  const double beta = std::sqrt(3 * std::pow(black / peak, 1 / gamma));
  const auto scene = [&](double e) { return hlg_inverse_oetf(std::max(0.0, (1 - beta) * e + beta)); };
  return hlg_ootf(each(signal, scene), peak, gamma);
}

}  // namespace jinsha::reference
