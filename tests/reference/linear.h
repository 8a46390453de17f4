// Vectors and matrices of three.
#pragma once

#include <array>
#include <cstddef>

namespace jinsha::reference {

using Vec3 = std::array<double, 3>;
using Mat3 = std::array<Vec3, 3>;  // rows

inline double dot(const Vec3& a, const Vec3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
inline Vec3 scaled(const Vec3& v, double factor) { return {v[0] * factor, v[1] * factor, v[2] * factor}; }
template <typename F>
Vec3 each(const Vec3& v, F&& f) {
  return {f(v[0]), f(v[1]), f(v[2])};
}

inline Vec3 times(const Mat3& m, const Vec3& v) { return {dot(m[0], v), dot(m[1], v), dot(m[2], v)}; }
inline Mat3 transposed(const Mat3& m) {
  return {{{m[0][0], m[1][0], m[2][0]}, {m[0][1], m[1][1], m[2][1]}, {m[0][2], m[1][2], m[2][2]}}};
}
inline Mat3 times(const Mat3& a, const Mat3& b) {
  const Mat3 columns = transposed(b);
  return transposed({times(a, columns[0]), times(a, columns[1]), times(a, columns[2])});
}
inline Mat3 diagonal(const Vec3& v) { return {{{v[0], 0, 0}, {0, v[1], 0}, {0, 0, v[2]}}}; }

// The rows of the inverse are the cross products of the columns, over the determinant.
inline Mat3 inverse(const Mat3& m) {
  const auto cross = [](const Vec3& a, const Vec3& b) {
    return Vec3{a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
  };
  const Mat3 c = transposed(m);
  const double det = dot(c[0], cross(c[1], c[2]));
  return {scaled(cross(c[1], c[2]), 1 / det), scaled(cross(c[2], c[0]), 1 / det), scaled(cross(c[0], c[1]), 1 / det)};
}

}  // namespace jinsha::reference
