#include "image/curve_bake.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <vector>

namespace jinsha::image {
namespace {

using kernels::Curve;

// Coefficients of u^0, u^1, ... of the polynomial that meets `f` at the extremes of the Chebyshev polynomial on
// [from, to]: within a small factor of the best there is, and neighbours meet.
std::vector<double> interpolate(const std::function<double(double)>& f, double from, double to, int degree) {
  const auto count = static_cast<std::size_t>(degree) + 1;
  // Newton's divided differences, then multiplied out.
  std::vector<double> node(count), difference(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double angle = std::numbers::pi * static_cast<double>(i) / degree;
    node[i] = (from + to) / 2 - (to - from) / 2 * std::cos(angle);
    difference[i] = f(node[i]);
  }
  for (std::size_t k = 1; k < count; ++k) {
    for (std::size_t i = count - 1; i >= k; --i)
      difference[i] = (difference[i] - difference[i - 1]) / (node[i] - node[i - k]);
  }
  std::vector<double> c(count, 0.0);
  for (std::size_t k = count; k-- > 0;) {
    for (std::size_t i = count - 1; i > 0; --i) c[i] = c[i - 1] - node[k] * c[i];
    c[0] = difference[k] - node[k] * c[0];
  }
  return c;
}

std::int32_t bits_of(float t) { return std::bit_cast<std::int32_t>(t); }

struct Cut {
  int slots;
  int octaves;  // kFromZero
};
// Cheaper first.
constexpr Cut kCuts[] = {{16, 4}, {16, 8}, {16, 16}, {32, 8}, {32, 16}, {32, 32}};

// One way to cut the domain into pieces, and the polynomials on them.
class Baker {
 public:
  Baker(const std::function<double(double)>& f, const CurveSpec& spec) : f_(f), spec_(spec) {
    curve_.squared = spec.root;
    curve_.mirror = spec.mirror;
  }

  // False: there are not enough slots for so fine a cut.
  bool cut(Cut cut) {
    curve_.slots = cut.slots;
    switch (spec_.pieces) {
      case CurveSpec::Pieces::kUniform: return cut_uniform();
      case CurveSpec::Pieces::kFromZero: return cut_from_zero(cut);
      case CurveSpec::Pieces::kOctaves: break;
    }
    return cut_octaves();
  }

  Curve fit(int degree, double& error) {
    curve_.degree = degree;
    curve_.coefficients = {};
    error = 0;
    const std::int32_t first = bits_of(curve_.low) >> curve_.shift, last = bits_of(curve_.high) >> curve_.shift;
    for (std::int32_t key = first; key <= last; ++key) fit_piece(key);
    for (std::int32_t key = first; key <= last; ++key) error = std::max(error, error_of_piece(key));
    return curve_;
  }

 private:
  bool cut_uniform() {
    const int most = curve_.slots - 1;  // the last one is for the end itself
    double width = spec_.high / most;
    if (spec_.corner > 0) {
      const double parts = std::floor(spec_.corner / width);
      if (parts < 1) return false;
      width = spec_.corner / parts;
    }
    curve_.scale = static_cast<float>(1 / (width * curve_.slots));
    curve_.offset = 1;
    curve_.low = 1;
    curve_.shift = 23 - std::countr_zero(static_cast<unsigned>(curve_.slots));
    curve_.high = t_of(spec_.high);
    return true;
  }

  // t runs from a power of two to 1, which is excluded.
  bool cut_from_zero(Cut cut) {
    constexpr double kBelow1 = 1 - 0x1p-20;
    const double least = std::ldexp(1.0, -cut.octaves);
    double scale = (1 - least) * kBelow1 / (spec_.high - spec_.low);
    if (spec_.corner > 0) {
      const double corner = spec_.corner - spec_.low;
      const double meets = std::exp2(std::floor(std::log2(scale * corner + least)));
      if (meets <= least) return false;
      scale = (meets - least) / corner;
    }
    curve_.scale = static_cast<float>(scale);
    curve_.low = static_cast<float>(least);
    curve_.offset = static_cast<float>(least - static_cast<double>(curve_.scale) * spec_.low);
    curve_.shift = 23 - std::countr_zero(static_cast<unsigned>(cut.slots / cut.octaves));
    curve_.high = t_of(spec_.high);
    return true;
  }

  bool cut_octaves() {
    curve_.offset = 0;
    const double corner = spec_.corner > 0 ? spec_.corner : spec_.high;
    // A power of two near 1 where the corner is.
    curve_.scale = static_cast<float>(1 / corner);
    curve_.low = t_of(spec_.low);
    curve_.high = t_of(spec_.high);
    constexpr int kFinest = 4;
    for (int bits = kFinest; bits >= 0; --bits) {
      curve_.shift = 23 - bits;
      const std::int32_t keys = (bits_of(curve_.high) >> curve_.shift) - (bits_of(curve_.low) >> curve_.shift) + 1;
      if (keys <= curve_.slots) return true;
    }
    return false;
  }

  float t_of(double x) const { return std::fma(static_cast<float>(x), curve_.scale, curve_.offset); }
  double x_of(double t) const { return (t - static_cast<double>(curve_.offset)) / static_cast<double>(curve_.scale); }

  // What of a piece is looked at, in t: corners may lie outside.
  struct Piece {
    double start, from, to;
  };
  Piece piece(std::int32_t key) const {
    const auto start = static_cast<double>(std::bit_cast<float>(key << curve_.shift));
    const auto next = static_cast<double>(std::bit_cast<float>((key + 1) << curve_.shift));
    return {start, std::max(start, static_cast<double>(curve_.low)), std::min(next, static_cast<double>(curve_.high))};
  }

  void fit_piece(std::int32_t key) {
    const Piece p = piece(key);
    // u runs with t, from 0.
    const double unit = std::ldexp(1.0, std::ilogb(p.start)), u0 = (p.from - p.start) / unit,
                 u1 = (p.to - p.start) / unit;
    const auto fitted = [&](double y) { return spec_.root ? std::sqrt(std::max(y, 0.0)) : y; };
    const auto value = [&](double u) {
      return fitted(f_(std::clamp(x_of(p.start + u * unit), spec_.low, spec_.high)));
    };
    std::vector<double> c(1, value(u0));
    // A line will do for a sliver, where differences of differences are noise.
    constexpr double kSliver = 0x1p-12;
    // A jump between two pieces belongs to neither; the domain's ends are met.
    const double inset = (u1 - u0) * 0x1p-20, left = p.from > static_cast<double>(curve_.low) ? inset : 0,
                 right = p.to < static_cast<double>(curve_.high) ? inset : 0;
    if (u1 > u0) c = interpolate(value, u0 + left, u1 - right, u1 - u0 < kSliver ? 1 : curve_.degree);
    const auto slot = static_cast<std::size_t>(key & (curve_.slots - 1));
    for (std::size_t k = 0; k < c.size(); ++k)
      curve_.coefficients[static_cast<std::size_t>(curve_.degree) - k][slot] = static_cast<float>(c[k]);
  }

  double error_of_piece(std::int32_t key) const {
    const Piece p = piece(key);
    constexpr int kSamples = 40;
    double error = 0;
    for (int i = 0; i <= kSamples; ++i) {
      // Closer together at the ends.
      const double part = (1 - std::cos(std::numbers::pi * i / kSamples)) / 2;
      const auto x = static_cast<float>(x_of(p.from + (p.to - p.from) * part));
      const double exact = std::clamp(static_cast<double>(x), spec_.low, spec_.high);
      const double got = spec_.cost(exact, static_cast<double>(evaluate(curve_, x)));
      error = std::max(error, std::abs(got - spec_.cost(exact, f_(exact))));
    }
    return error;
  }

  const std::function<double(double)>& f_;
  const CurveSpec& spec_;
  Curve curve_;
};

}  // namespace

Curve bake(const std::function<double(double)>& f, const CurveSpec& spec, double* error) {
  Curve best;
  double best_error = -1;
  for (int degree = 2; degree <= kernels::kMaxCurveDegree; ++degree) {
    for (const Cut cut : kCuts) {
      Baker baker(f, spec);
      if (!baker.cut(cut)) continue;
      double found = 0;
      Curve curve = baker.fit(degree, found);
      if (best_error < 0 || found < best_error) {
        best = curve;
        best_error = found;
      }
      if (found <= spec.tolerance) {
        if (error != nullptr) *error = found;
        return curve;
      }
    }
  }
  if (best_error < 0 && spec.corner > 0) {
    CurveSpec without = spec;
    without.corner = 0;
    return bake(f, without, error);
  }
  if (error != nullptr) *error = best_error;
  return best;
}

float evaluate(const Curve& curve, float x) {
  const float magnitude = curve.mirror ? std::abs(x) : x;
  const float mapped = std::fma(magnitude, curve.scale, curve.offset);
  const float raised = mapped > curve.low ? mapped : curve.low;
  const float t = raised < curve.high ? raised : curve.high;
  const auto slot = static_cast<std::size_t>((bits_of(t) >> curve.shift) & (curve.slots - 1));
  const float u = std::bit_cast<float>((bits_of(t) & ((1 << curve.shift) - 1)) | 0x3F800000) - 1;
  float v = curve.coefficients[0][slot];
  for (int k = 1; k <= curve.degree; ++k) v = std::fma(v, u, curve.coefficients[static_cast<std::size_t>(k)][slot]);
  if (curve.squared) v *= v;
  return curve.mirror ? std::copysign(v, x) : v;
}

}  // namespace jinsha::image
