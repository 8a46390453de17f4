// Planes: where the samples of a picture lie, and the sizes that follow from its format.
#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/program.h"

namespace jinsha::kernels {

struct ConstPlanes {
  const std::byte* data[3] = {};
  std::size_t stride[3] = {};  // bytes

  template <typename T>
  const T* row(int plane, int y) const {
    return reinterpret_cast<const T*>(data[plane] + stride[plane] * static_cast<std::size_t>(y));
  }
};

struct Planes {
  std::byte* data[3] = {};
  std::size_t stride[3] = {};

  template <typename T>
  T* row(int plane, int y) const {
    return reinterpret_cast<T*>(data[plane] + stride[plane] * static_cast<std::size_t>(y));
  }
};

inline int bytes_per_sample(const PictureFormat& format) { return format.depth > 8 ? 2 : 1; }
inline int shift_x(const PictureFormat& format, int plane) { return plane == 0 ? 0 : format.chroma_shift_x; }
inline int shift_y(const PictureFormat& format, int plane) { return plane == 0 ? 0 : format.chroma_shift_y; }
// ceil(n / 2^shift)
inline int shifted(int n, int shift) { return (n + (1 << shift) - 1) >> shift; }
inline int plane_width(const PictureFormat& format, int plane) { return shifted(format.width, shift_x(format, plane)); }
inline int plane_height(const PictureFormat& format, int plane) {
  return shifted(format.height, shift_y(format, plane));
}

}  // namespace jinsha::kernels
