// 3x3 matrices and affine maps in double precision, for planning.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace jinsha::image {

using Vec3 = std::array<double, 3>;

struct Mat3 {
  std::array<double, 9> m{1, 0, 0, 0, 1, 0, 0, 0, 1};  // row-major

  double operator()(std::size_t row, std::size_t column) const { return m[row * 3 + column]; }
  double& operator()(std::size_t row, std::size_t column) { return m[row * 3 + column]; }
};

inline Mat3 diagonal(const Vec3& d) { return {{d[0], 0, 0, 0, d[1], 0, 0, 0, d[2]}}; }

inline Vec3 operator*(const Mat3& a, const Vec3& v) {
  Vec3 r{};
  for (std::size_t i = 0; i < 3; ++i) r[i] = a(i, 0) * v[0] + a(i, 1) * v[1] + a(i, 2) * v[2];
  return r;
}

inline Mat3 operator*(const Mat3& a, const Mat3& b) {
  Mat3 r;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) r(i, j) = a(i, 0) * b(0, j) + a(i, 1) * b(1, j) + a(i, 2) * b(2, j);
  }
  return r;
}

// `a` must not be singular.
inline Mat3 inverse(const Mat3& a) {
  Mat3 r;
  const auto cofactor = [&](std::size_t i, std::size_t j) {
    const std::size_t i1 = (i + 1) % 3, i2 = (i + 2) % 3, j1 = (j + 1) % 3, j2 = (j + 2) % 3;
    return a(i1, j1) * a(i2, j2) - a(i1, j2) * a(i2, j1);
  };
  const double det = a(0, 0) * cofactor(0, 0) + a(0, 1) * cofactor(0, 1) + a(0, 2) * cofactor(0, 2);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) r(i, j) = cofactor(j, i) / det;
  }
  return r;
}

// out = m * in + offset
struct Affine {
  Mat3 m;
  Vec3 offset{};
};

inline Vec3 operator*(const Affine& a, const Vec3& v) {
  Vec3 r = a.m * v;
  for (std::size_t i = 0; i < 3; ++i) r[i] += a.offset[i];
  return r;
}
// First b, then a.
inline Affine operator*(const Affine& a, const Affine& b) { return {a.m * b.m, a * b.offset}; }

inline Affine inverse(const Affine& a) {
  Affine r{inverse(a.m), {}};
  const Vec3 back = r.m * a.offset;
  r.offset = {-back[0], -back[1], -back[2]};
  return r;
}

}  // namespace jinsha::image
