// A function of positive numbers, as cubics over 64ths of octaves: what powers and logarithms cost too much time for,
// once for each pixel. The error is below 1e-7 of the value for the curves of television (octave_table_test.cpp).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace jinsha::compare {

class OctaveTable {
 public:
  // From 2^low_exponent to 2^high_exponent; numbers outside, and NaN, are held at these ends.
  OctaveTable(const std::function<double(double)>& f, int low_exponent, int high_exponent);

  double operator()(double x) const {
    const double held = x > low_ ? std::min(x, high_) : low_;
    const auto bits = std::bit_cast<std::uint64_t>(held);
    const std::array<double, 4>& c = pieces_[(bits >> kPlaceBits) - first_];
    // The place inside the piece, 0 ... 1/64.
    const double u = std::bit_cast<double>((bits & kPlaceMask) | std::bit_cast<std::uint64_t>(1.0)) - 1;
    return ((c[3] * u + c[2]) * u + c[1]) * u + c[0];
  }

 private:
  static constexpr int kPiecesLog2 = 6;
  static constexpr int kPlaceBits = 52 - kPiecesLog2;  // of the 52 bits of a double's fraction
  static constexpr std::uint64_t kPlaceMask = (std::uint64_t{1} << kPlaceBits) - 1;

  double low_, high_;
  std::uint64_t first_;
  std::vector<std::array<double, 4>> pieces_;
};

}  // namespace jinsha::compare
