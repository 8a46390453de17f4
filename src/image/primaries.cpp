#include "image/primaries.h"

namespace jinsha::image {
namespace {

constexpr double kD65x = 0.3127, kD65y = 0.3290;
constexpr double kAcesX = 0.32168, kAcesY = 0.33767;
constexpr Chromaticities kXyz{1, 0, 0, 1, 0, 0, 1.0 / 3, 1.0 / 3};

struct Row {
  Primaries primaries;
  Chromaticities c;
};
constexpr Row kRows[] = {
    {Primaries::kBt709, {0.640, 0.330, 0.300, 0.600, 0.150, 0.060, kD65x, kD65y}},
    {Primaries::kBt470Bg, {0.640, 0.330, 0.290, 0.600, 0.150, 0.060, kD65x, kD65y}},
    {Primaries::kSmpte170M, {0.630, 0.340, 0.310, 0.595, 0.155, 0.070, kD65x, kD65y}},
    {Primaries::kSmpte240M, {0.630, 0.340, 0.310, 0.595, 0.155, 0.070, kD65x, kD65y}},
    {Primaries::kBt2020, {0.708, 0.292, 0.170, 0.797, 0.131, 0.046, kD65x, kD65y}},
    {Primaries::kP3Dci, {0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.314, 0.351}},
    {Primaries::kP3D65, {0.680, 0.320, 0.265, 0.690, 0.150, 0.060, kD65x, kD65y}},
    {Primaries::kXyz, kXyz},
    {Primaries::kAcesAp0, {0.7347, 0.2653, 0, 1, 0.0001, -0.0770, kAcesX, kAcesY}},
    {Primaries::kAcesAp1, {0.713, 0.293, 0.165, 0.830, 0.128, 0.044, kAcesX, kAcesY}},
    {Primaries::kSGamut3, {0.730, 0.280, 0.140, 0.855, 0.100, -0.050, kD65x, kD65y}},
    {Primaries::kSGamut3Cine, {0.766, 0.275, 0.225, 0.800, 0.089, -0.087, kD65x, kD65y}},
    {Primaries::kArriWideGamut3, {0.6840, 0.3130, 0.2210, 0.8480, 0.0861, -0.1020, kD65x, kD65y}},
    {Primaries::kArriWideGamut4, {0.7347, 0.2653, 0.1424, 0.8576, 0.0991, -0.0308, kD65x, kD65y}},
    {Primaries::kVGamut, {0.730, 0.280, 0.165, 0.840, 0.100, -0.030, kD65x, kD65y}},
    {Primaries::kCanonCinemaGamut, {0.740, 0.270, 0.170, 1.140, 0.080, -0.100, kD65x, kD65y}},
};

Vec3 xyz_of(double x, double y) { return {x / y, 1, (1 - x - y) / y}; }

constexpr Mat3 kBradford{{0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296}};

}  // namespace

std::optional<Chromaticities> chromaticities_of(Primaries primaries) {
  for (const Row& row : kRows) {
    if (row.primaries == primaries) return row.c;
  }
  return std::nullopt;
}

bool same_primaries(Primaries a, Primaries b) {
  const auto x = chromaticities_of(a), y = chromaticities_of(b);
  return a == b || (x && y && *x == *y);
}

Mat3 rgb_to_xyz(const Chromaticities& c) {
  const Mat3 p{{c.rx, c.gx, c.bx, c.ry, c.gy, c.by, 1 - c.rx - c.ry, 1 - c.gx - c.gy, 1 - c.bx - c.by}};
  return p * diagonal(inverse(p) * xyz_of(c.wx, c.wy));
}

Mat3 rgb_to_rgb(const Chromaticities& from, const Chromaticities& to) {
  Mat3 adapt;
  const bool colorimetry = from == kXyz || to == kXyz;
  if (!colorimetry && (from.wx != to.wx || from.wy != to.wy)) {
    const Vec3 source = kBradford * xyz_of(from.wx, from.wy), target = kBradford * xyz_of(to.wx, to.wy);
    adapt = inverse(kBradford) * diagonal({target[0] / source[0], target[1] / source[1], target[2] / source[2]}) *
            kBradford;
  }
  return inverse(rgb_to_xyz(to)) * adapt * rgb_to_xyz(from);
}

Vec3 luminance_weights(Primaries primaries) {
  if (primaries == Primaries::kBt2020) return {0.2627, 0.6780, 0.0593};
  const auto c = chromaticities_of(primaries);
  if (!c) return {0.2126, 0.7152, 0.0722};
  const Mat3 m = rgb_to_xyz(*c);
  return {m(1, 0), m(1, 1), m(1, 2)};
}

}  // namespace jinsha::image
