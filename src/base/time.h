// Time as exact integers: rationals, the 90 kHz and 27 MHz clocks of MPEG systems, rescaling.
#pragma once

#include <chrono>
#include <cstdint>
#include <numeric>
#include <ratio>

namespace jinsha {

__extension__ using Int128 = __int128;

// 90 kHz ticks (PTS and DTS, ISO/IEC 13818-1 2.4.3.6) and 27 MHz ticks (PCR, 2.4.2.2), unwrapped.
using Pts = std::chrono::duration<std::int64_t, std::ratio<1, 90'000>>;
using Pcr = std::chrono::duration<std::int64_t, std::ratio<1, 27'000'000>>;

// A fraction with a positive denominator. Frame rates are frames per second, time bases are seconds
// per tick. {0, 1} means unknown.
struct Rational {
  std::int64_t num = 0;
  std::int64_t den = 1;

  constexpr bool valid() const { return num > 0 && den > 0; }
  constexpr double to_double() const { return static_cast<double>(num) / static_cast<double>(den); }
  constexpr Rational inverse() const { return {den, num}; }
  constexpr Rational reduced() const {
    const std::int64_t g = std::gcd(num, den);
    return g > 1 ? Rational{num / g, den / g} : *this;
  }
  // Equality of value, not of representation.
  friend constexpr bool operator==(const Rational& a, const Rational& b) {
    return static_cast<Int128>(a.num) * b.den == static_cast<Int128>(b.num) * a.den;
  }
};

// `ticks` of time base `from` in ticks of time base `to`, rounded to nearest, halves away from zero.
// Exact for every int64 input whose result fits in int64.
constexpr std::int64_t rescale(std::int64_t ticks, Rational from, Rational to) {
  const Int128 num = static_cast<Int128>(ticks) * from.num * to.den;
  const Int128 den = static_cast<Int128>(from.den) * to.num;
  const Int128 half = den / 2;
  return static_cast<std::int64_t>(num >= 0 ? (num + half) / den : -((-num + half) / den));
}

inline constexpr Rational kPtsTimeBase{1, 90'000};

}  // namespace jinsha
