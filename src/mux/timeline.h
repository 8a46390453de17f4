// Conversion of timestamps into a container's clock.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace jinsha {

// `ticks` of `from` in ticks of `to`: floor(t + 1/2), also below zero, so that equal steps give the
// same pattern on both sides of it (59.94 fps on 90 kHz: 1501 and 1502 in turn). `rescale` of
// base/time.h rounds halves away from zero and would break the pattern there.
constexpr std::int64_t rescale_half_up(std::int64_t ticks, Rational from, Rational to) {
  const Int128 num = static_cast<Int128>(ticks) * from.num * to.den * 2;
  const Int128 half = static_cast<Int128>(from.den) * to.num;
  const Int128 den = half * 2;
  const Int128 sum = num + half;
  Int128 quotient = sum / den;
  if (sum < 0 && quotient * den != sum) --quotient;
  return static_cast<std::int64_t>(quotient);
}

// Exact order of two times in different time bases.
constexpr bool earlier(std::int64_t a, Rational base_a, std::int64_t b, Rational base_b) {
  return static_cast<Int128>(a) * base_a.num * base_b.den < static_cast<Int128>(b) * base_b.num * base_a.den;
}

}  // namespace jinsha
