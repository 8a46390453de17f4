// PQ: SMPTE ST 2084, ITU-R BT.2100-2 Table 4.
#pragma once

#include <algorithm>
#include <cmath>

namespace jinsha::reference {

inline constexpr double kPqM1 = 2610.0 / 16'384, kPqM2 = 2523.0 / 32;
inline constexpr double kPqC1 = 3424.0 / 4096, kPqC2 = 2413.0 / 128, kPqC3 = 2392.0 / 128;

// E' -> cd/m2
inline double pq_eotf(double signal) {
  const double t = std::pow(std::max(signal, 0.0), 1 / kPqM2);
  return 10'000 * std::pow(std::max(t - kPqC1, 0.0) / (kPqC2 - kPqC3 * t), 1 / kPqM1);
}

// cd/m2 -> E'
inline double pq_inverse_eotf(double nits) {
  const double t = std::pow(std::max(nits, 0.0) / 10'000, kPqM1);
  return std::pow((kPqC1 + kPqC2 * t) / (1 + kPqC3 * t), kPqM2);
}

}  // namespace jinsha::reference
