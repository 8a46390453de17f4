#include "image/curve_bake.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace jinsha::image {
namespace {

// The line through f at both ends of [from, to], value = base + slope * t, rounded so that the
// start is met best: there the product with the rounded slope is exact in double.
kernels::CurveSegment line(double from, double f_from, double to, double f_to) {
  const auto slope = static_cast<float>((f_to - f_from) / (to - from));
  return {static_cast<float>(f_from - static_cast<double>(slope) * from), slope};
}

}  // namespace

kernels::Curve bake(const std::function<double(double)>& f, const CurveRange& range) {
  kernels::Curve curve;
  curve.mantissa_bits = range.mantissa_bits;
  curve.high = static_cast<float>(range.high);
  curve.mirror = range.mirror;
  const int shift = 23 - range.mantissa_bits;
  const auto first = static_cast<float>(std::exp2(std::floor(std::log2(range.first))));
  const std::int32_t first_bits = std::bit_cast<std::int32_t>(first);
  const std::int32_t last_key = std::bit_cast<std::int32_t>(curve.high) >> shift;
  curve.first_key = (first_bits >> shift) - 1;
  curve.segments.push_back(line(0, range.at_zero, first, f(first)));
  double from = first, f_from = f(first);
  for (std::int32_t key = first_bits >> shift; key <= last_key; ++key) {
    const auto to = static_cast<double>(std::bit_cast<float>((key + 1) << shift));
    // The curve ends at `high`: nothing beyond is looked at.
    const double end = std::min(to, std::max(range.high, from));
    if (end > from) {
      const double f_end = f(end);
      curve.segments.push_back(line(from, f_from, end, f_end));
      f_from = f_end;
    } else {
      curve.segments.push_back({static_cast<float>(f_from), 0});
    }
    from = to;
  }
  return curve;
}

float evaluate(const kernels::Curve& curve, float x) {
  const float magnitude = curve.mirror ? std::abs(x) : x;
  const float raised = magnitude > curve.low ? magnitude : curve.low;
  const float t = raised < curve.high ? raised : curve.high;
  const std::int32_t key = std::bit_cast<std::int32_t>(t) >> (23 - curve.mantissa_bits);
  const auto& segment = curve.segments[static_cast<std::size_t>(std::max(key - curve.first_key, 0))];
  const float value = std::fma(segment.slope, t, segment.base);
  return curve.mirror ? std::copysign(value, x) : value;
}

}  // namespace jinsha::image
