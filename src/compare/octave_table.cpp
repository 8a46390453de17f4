#include "compare/octave_table.h"

#include <cmath>
#include <numbers>

namespace jinsha::compare {
namespace {

// The cubic through the values of `f` at the Chebyshev points of 0 ... width.
std::array<double, 4> cubic(const std::function<double(double)>& f, double width) {
  std::array<double, 4> x{}, d{};
  for (std::size_t i = 0; i < 4; ++i) {
    x[i] = width / 2 * (1 - std::cos((2 * static_cast<double>(i) + 1) * std::numbers::pi / 8));
    d[i] = f(x[i]);
  }
  // Newton's divided differences, then the powers of x.
  for (std::size_t order = 1; order < 4; ++order) {
    for (std::size_t i = 3; i >= order; --i) d[i] = (d[i] - d[i - 1]) / (x[i] - x[i - order]);
  }
  std::array<double, 4> c{d[3], 0, 0, 0};
  for (std::size_t i = 3; i-- > 0;) {
    for (std::size_t k = 3; k > 0; --k) c[k] = c[k - 1] - x[i] * c[k];
    c[0] = d[i] - x[i] * c[0];
  }
  return c;
}

}  // namespace

OctaveTable::OctaveTable(const std::function<double(double)>& f, int low_exponent, int high_exponent)
    : low_(std::ldexp(1, low_exponent)),
      high_(std::ldexp(1, high_exponent)),
      first_(std::bit_cast<std::uint64_t>(low_) >> kPlaceBits) {
  constexpr int kPieces = 1 << kPiecesLog2;
  const int count = (high_exponent - low_exponent) * kPieces + 1;  // the last begins at the upper end
  for (int i = 0; i < count; ++i) {
    const double unit = std::ldexp(low_, i / kPieces);
    const double start = 1 + static_cast<double>(i % kPieces) / kPieces;
    pieces_.push_back(cubic([&](double u) { return f(std::min(unit * (start + u), high_)); }, 1.0 / kPieces));
  }
}

}  // namespace jinsha::compare
