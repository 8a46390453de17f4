#include "image/chroma_filter.h"

#include <cmath>
#include <numbers>
#include <vector>

namespace jinsha::image {
namespace {

double keys(double x) {
  constexpr double kA = -0.5;
  const double d = std::abs(x);
  if (d < 1) return ((kA + 2) * d - (kA + 3)) * d * d + 1;
  if (d < 2) return ((kA * d - 5 * kA) * d + 8 * kA) * d - 4 * kA;
  return 0;
}

double lanczos2(double x) {
  if (x == 0) return 1;
  if (std::abs(x) >= 2) return 0;
  const double p = std::numbers::pi * x;
  return 2 * std::sin(p) * std::sin(p / 2) / (p * p);
}

// The filter around position `centre` (input samples, relative to `first` counting's origin), one
// weight per input sample from `from` to `to`; outer zeros removed, sum 1.
template <typename Weight>
kernels::Fir make_fir(int from, int to, Weight&& weight) {
  std::vector<double> taps;
  double sum = 0;
  for (int i = from; i <= to; ++i) {
    double w = weight(i);
    if (std::abs(w) < 1e-12) w = 0;
    taps.push_back(w);
    sum += w;
  }
  while (taps.back() == 0) taps.pop_back();
  while (taps.front() == 0) {
    taps.erase(taps.begin());
    ++from;
  }
  kernels::Fir fir{.first = from, .count = static_cast<int>(taps.size()), .taps = {}};
  for (std::size_t i = 0; i < taps.size(); ++i) fir.taps[i] = static_cast<float>(taps[i] / sum);
  return fir;
}

// Value at `position` between input samples.
kernels::Fir interpolator(double position) {
  const int left = static_cast<int>(std::floor(position));
  return make_fir(left - 1, left + 2, [&](int i) { return keys(i - position); });
}

}  // namespace

kernels::Siting siting_of(ChromaLocation location) {
  switch (location) {
    case ChromaLocation::kCenter: return {0.5F, 0.5F};
    case ChromaLocation::kTopLeft: return {0, 0};
    case ChromaLocation::kTop: return {0.5F, 0};
    case ChromaLocation::kBottomLeft: return {0, 1};
    case ChromaLocation::kBottom: return {0.5F, 1};
    case ChromaLocation::kLeft:
    case ChromaLocation::kUnspecified: break;
  }
  return {0, 0.5F};
}

kernels::ChromaAxis chroma_axis(int in_shift, double in_siting, int out_shift, double out_siting) {
  using Kind = kernels::ChromaAxis::Kind;
  if (in_shift == out_shift) {
    // Chroma sample j lies at luma 2j + siting on both sides.
    const double position = in_shift == 0 ? 0 : (out_siting - in_siting) / 2;
    return {Kind::kSame, {interpolator(position), {}}};
  }
  if (in_shift > out_shift) {
    // Full-resolution sample k lies at chroma index (k - siting) / 2.
    return {Kind::kUp2, {interpolator(-in_siting / 2), interpolator((1 - in_siting) / 2)}};
  }
  const auto weight = [&](int i) { return lanczos2((i - out_siting) / 2); };
  return {Kind::kDown2, {make_fir(-4, 5, weight), {}}};
}

}  // namespace jinsha::image
