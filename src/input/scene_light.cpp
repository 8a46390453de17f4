#include "input/scene_light.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace jinsha {
namespace {

struct PrimariesRow {
  Primaries primaries;
  PrimaryPoints points;
};
constexpr double kX65 = 0.3127, kY65 = 0.3290;
// ITU-T H.273 Table 2, those that pictures are converted from and to.
constexpr std::array kSets{
    PrimariesRow{Primaries::kBt709, {0.640, 0.330, 0.300, 0.600, 0.150, 0.060, kX65, kY65}},
    PrimariesRow{Primaries::kBt470Bg, {0.640, 0.330, 0.290, 0.600, 0.150, 0.060, kX65, kY65}},
    PrimariesRow{Primaries::kSmpte170M, {0.630, 0.340, 0.310, 0.595, 0.155, 0.070, kX65, kY65}},
    PrimariesRow{Primaries::kBt2020, {0.708, 0.292, 0.170, 0.797, 0.131, 0.046, kX65, kY65}},
    PrimariesRow{Primaries::kP3Dci, {0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.314, 0.351}},
    PrimariesRow{Primaries::kP3D65, {0.680, 0.320, 0.265, 0.690, 0.150, 0.060, kX65, kY65}},
};
constexpr PrimaryPoints kXyzPoints{1, 0, 0, 1, 0, 0, 1.0 / 3, 1.0 / 3};
constexpr PrimaryPoints kBt2020Points{0.708, 0.292, 0.170, 0.797, 0.131, 0.046, kX65, kY65};

double deviation(const PrimaryPoints& a, const PrimaryPoints& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!std::isfinite(a[i])) return std::numeric_limits<double>::infinity();
    most = std::max(most, std::abs(a[i] - b[i]));
  }
  return most;
}

using Mat3 = std::array<double, 9>;
using Vec3 = std::array<double, 3>;

Mat3 product(const Mat3& a, const Mat3& b) {
  Mat3 c{};
  for (std::size_t i = 0; i < 9; ++i) {
    for (std::size_t k = 0; k < 3; ++k) c[i] += a[i / 3 * 3 + k] * b[k * 3 + i % 3];
  }
  return c;
}
Vec3 product(const Mat3& a, const Vec3& v) {
  Vec3 r{};
  for (std::size_t i = 0; i < 9; ++i) r[i / 3] += a[i] * v[i % 3];
  return r;
}
std::optional<Mat3> inverse(const Mat3& m) {
  const auto minor = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
    return m[a] * m[d] - m[b] * m[c];
  };
  const double det = m[0] * minor(4, 5, 7, 8) - m[1] * minor(3, 5, 6, 8) + m[2] * minor(3, 4, 6, 7);
  if (!std::isfinite(det) || std::abs(det) < 1e-9) return std::nullopt;
  Mat3 r{minor(4, 5, 7, 8),  -minor(1, 2, 7, 8), minor(1, 2, 4, 5),  -minor(3, 5, 6, 8), minor(0, 2, 6, 8),
         -minor(0, 2, 3, 5), minor(3, 4, 6, 7),  -minor(0, 1, 6, 7), minor(0, 1, 3, 4)};
  for (double& value : r) value /= det;
  return r;
}
Mat3 diagonal(const Vec3& v) { return {v[0], 0, 0, 0, v[1], 0, 0, 0, v[2]}; }

// XYZ of the white, luminance 1.
Vec3 white_of(const PrimaryPoints& p) { return {p[6] / p[7], 1, (1 - p[6] - p[7]) / p[7]}; }

// SMPTE RP 177, clause 3.3; with columns x, y, z, as a primary's y may be 0.
std::optional<Mat3> rgb_to_xyz(const PrimaryPoints& p) {
  if (!(p[7] > 0)) return std::nullopt;
  const Mat3 points{p[0], p[2], p[4], p[1], p[3], p[5], 1 - p[0] - p[1], 1 - p[2] - p[3], 1 - p[4] - p[5]};
  const std::optional<Mat3> back = inverse(points);
  if (!back) return std::nullopt;
  return product(points, diagonal(product(*back, white_of(p))));
}

constexpr Mat3 kBradford{0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296};

// SMPTE ST 2084, clause 5.
constexpr double kM1 = 2610.0 / 16384, kM2 = 2523.0 / 4096 * 128;
constexpr double kC1 = 3424.0 / 4096, kC2 = 2413.0 / 4096 * 32, kC3 = 2392.0 / 4096 * 32;
constexpr double kPeakNits = 10'000;

float half_value(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const float sign = bits >> 15 != 0 ? -1.0F : 1.0F;
  if (exponent == 31) return fraction == 0 ? sign * std::numeric_limits<float>::infinity() : std::nanf("");
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  return sign * std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
}

}  // namespace

std::optional<Primaries> nearest_primaries(const PrimaryPoints& points) {
  std::optional<Primaries> best;
  double least = kPrimariesTolerance;
  for (const PrimariesRow& row : kSets) {
    const double distance = deviation(points, row.points);
    if (distance > least) continue;
    least = distance;
    best = row.primaries;
  }
  return best;
}

PrimaryPoints points_of(Primaries primaries) {
  for (const PrimariesRow& row : kSets) {
    if (row.primaries == primaries) return row.points;
  }
  return kSets.front().points;
}

bool is_xyz(const PrimaryPoints& points) { return deviation(points, kXyzPoints) <= kPrimariesTolerance; }

std::optional<std::array<double, 9>> matrix_to_bt2020(const PrimaryPoints& points) {
  const std::optional<Mat3> from = rgb_to_xyz(points), to = rgb_to_xyz(kBt2020Points);
  if (!from || !to) return std::nullopt;
  Mat3 adapt{1, 0, 0, 0, 1, 0, 0, 0, 1};
  if (!is_xyz(points)) {
    const Vec3 source = product(kBradford, white_of(points)), target = product(kBradford, white_of(kBt2020Points));
    adapt =
        product(*inverse(kBradford),
                product(diagonal({target[0] / source[0], target[1] / source[1], target[2] / source[2]}), kBradford));
  }
  const Mat3 all = product(*inverse(*to), product(adapt, *from));
  for (const double value : all) {
    if (!std::isfinite(value)) return std::nullopt;
  }
  return all;
}

double pq_signal_of(double nits) {
  const double y = std::pow(std::clamp(nits / kPeakNits, 0.0, 1.0), kM1);
  return std::pow((kC1 + kC2 * y) / (1 + kC3 * y), kM2);
}

double pq_nits_of(double signal) {
  const double e = std::pow(std::clamp(signal, 0.0, 1.0), 1 / kM2);
  return kPeakNits * std::pow(std::max(e - kC1, 0.0) / (kC2 - kC3 * e), 1 / kM1);
}

const PqCodes& PqCodes::get() {
  static const PqCodes codes;
  return codes;
}

PqCodes::PqCodes() : begins_(std::size_t{kMaxCode} + 1) {
  for (int code = 1; code <= kMaxCode; ++code) {
    const double light = pq_nits_of((code - 0.5) / kMaxCode) / kSceneWhiteNits;
    auto least = static_cast<float>(light);
    if (static_cast<double>(least) < light) least = std::nextafter(least, std::numeric_limits<float>::infinity());
    begins_[static_cast<std::size_t>(code)] = least;
  }
  base_ = std::bit_cast<std::uint32_t>(begins_[1]) >> kStartShift;
  const std::uint32_t end = std::bit_cast<std::uint32_t>(begins_.back()) >> kStartShift;
  std::uint16_t code = 0;
  for (std::uint32_t upper = base_; upper <= end; ++upper) {
    const auto light = std::bit_cast<float>(upper << kStartShift);
    while (code < kMaxCode && light >= begins_[code + 1U]) ++code;
    starts_.push_back(code);
  }
  halves_.resize(std::size_t{1} << 16);
  for (std::size_t bits = 0; bits < halves_.size(); ++bits)
    halves_[bits] = of(half_value(static_cast<std::uint16_t>(bits)));
}

}  // namespace jinsha
