// Colour primaries of ITU-T H.273 Table 2, and what follows from them for linear light.
#pragma once

#include "reference/linear.h"

namespace jinsha::reference {

struct Point {
  double x, y;
};
struct Chromaticities {
  Point red, green, blue, white;
};
inline constexpr Point kD65{0.3127, 0.3290};
inline constexpr Chromaticities kBt709{{0.640, 0.330}, {0.300, 0.600}, {0.150, 0.060}, kD65};
inline constexpr Chromaticities kBt470Bg{{0.640, 0.330}, {0.290, 0.600}, {0.150, 0.060}, kD65};
inline constexpr Chromaticities kSmpte170M{{0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}, kD65};
inline constexpr Chromaticities kBt2020{{0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}, kD65};
inline constexpr Chromaticities kP3D65{{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, kD65};
inline constexpr Chromaticities kP3Dci{{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, {0.314, 0.351}};

// SMPTE ST 2065-1, AMPAS S-2014-004; Sony, ARRI, Panasonic, Canon.
inline constexpr Point kAcesWhite{0.32168, 0.33767};
inline constexpr Chromaticities kAp0{{0.7347, 0.2653}, {0, 1}, {0.0001, -0.0770}, kAcesWhite};
inline constexpr Chromaticities kAp1{{0.713, 0.293}, {0.165, 0.830}, {0.128, 0.044}, kAcesWhite};
inline constexpr Chromaticities kSGamut3{{0.730, 0.280}, {0.140, 0.855}, {0.100, -0.050}, kD65};
inline constexpr Chromaticities kSGamut3Cine{{0.766, 0.275}, {0.225, 0.800}, {0.089, -0.087}, kD65};
inline constexpr Chromaticities kArriWideGamut3{{0.6840, 0.3130}, {0.2210, 0.8480}, {0.0861, -0.1020}, kD65};
inline constexpr Chromaticities kArriWideGamut4{{0.7347, 0.2653}, {0.1424, 0.8576}, {0.0991, -0.0308}, kD65};
inline constexpr Chromaticities kVGamut{{0.730, 0.280}, {0.165, 0.840}, {0.100, -0.030}, kD65};
inline constexpr Chromaticities kCinemaGamut{{0.740, 0.270}, {0.170, 1.140}, {0.080, -0.100}, kD65};

inline Vec3 xyz_of(Point p) { return {p.x / p.y, 1, (1 - p.x - p.y) / p.y}; }

// SMPTE RP 177: the primaries' XYZ as columns, scaled so that unit R, G, B are white of Y = 1.
inline Mat3 rgb_to_xyz(const Chromaticities& c) {
  const auto column = [](Point p) { return Vec3{p.x, p.y, 1 - p.x - p.y}; };
  const Mat3 columns = transposed({column(c.red), column(c.green), column(c.blue)});
  return times(columns, diagonal(times(inverse(columns), xyz_of(c.white))));
}

// ICC.1:2010 Annex E: XYZ seen under `from` to XYZ seen under `to`, by the Bradford cone response.
inline Mat3 bradford(Point from, Point to) {
  const Mat3 cone{{{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}};
  const Vec3 source = times(cone, xyz_of(from)), target = times(cone, xyz_of(to));
  const Vec3 gain{target[0] / source[0], target[1] / source[1], target[2] / source[2]};
  return times(inverse(cone), times(diagonal(gain), cone));
}

inline Mat3 rgb_to_rgb(const Chromaticities& from, const Chromaticities& to) {
  return times(inverse(rgb_to_xyz(to)), times(bradford(from.white, to.white), rgb_to_xyz(from)));
}

}  // namespace jinsha::reference
