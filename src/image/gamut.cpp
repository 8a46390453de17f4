#include "image/gamut.h"

#include <algorithm>
#include <cmath>

namespace jinsha::image {
namespace {

constexpr double kPower = 1.2;
constexpr std::array kThresholds{0.815, 0.803, 0.880};

}  // namespace

double GamutCurve::operator()(double distance) const {
  if (distance <= threshold) return distance;
  const double reach = limit - threshold;
  const double scale = reach / std::pow(std::pow((1 - threshold) / reach, -kPower) - 1, 1 / kPower);
  const double over = distance - threshold;
  return threshold + over / std::pow(1 + std::pow(over / scale, kPower), 1 / kPower);
}

std::optional<GamutCurves> gamut_compression(const Mat3& to_output) {
  // The farthest colours lie on the edges between the primaries and their sums: one component 1, one 0.
  std::array<double, 3> farthest{};
  constexpr int kSteps = 1000;
  for (std::size_t one = 0; one < 3; ++one) {
    for (std::size_t none = 0; none < 3; ++none) {
      if (none == one) continue;
      for (int step = 0; step <= kSteps; ++step) {
        Vec3 rgb{};
        rgb[3 - one - none] = static_cast<double>(step) / kSteps;
        rgb[one] = 1;
        const Vec3 out = to_output * rgb;
        const double most = std::max({out[0], out[1], out[2]});
        for (std::size_t i = 0; i < 3; ++i) farthest[i] = std::max(farthest[i], (most - out[i]) / most);
      }
    }
  }
  constexpr double kInside = 1 + 1e-6;
  if (*std::max_element(farthest.begin(), farthest.end()) <= kInside) return {};
  GamutCurves curves{};
  for (std::size_t i = 0; i < 3; ++i) curves[i] = {kThresholds[i], std::max(farthest[i], 1 + 1e-3)};
  return curves;
}

}  // namespace jinsha::image
