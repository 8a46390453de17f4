#include "compare/metrics.h"

#include <algorithm>
#include <cmath>

namespace jinsha::compare {

double decibels(double mean_square, double peak) {
  if (!(mean_square > 0)) return kMaxDb;
  return std::min(kMaxDb, 10 * std::log10(peak * peak / mean_square));
}

double weighted_611(double first, double second, double third) { return (6 * first + second + third) / 8; }

}  // namespace jinsha::compare
