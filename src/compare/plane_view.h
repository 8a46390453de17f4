// The samples of one plane, as the type they are stored in.
#pragma once

#include <cstddef>
#include <cstdint>

#include "media/frame.h"

namespace jinsha::compare {

template <typename Sample>
struct PlaneView {
  PlaneView(const Frame& frame, int plane)
      : first(frame.plane(plane)),
        stride(frame.layout().stride[plane]),
        width(frame.layout().format.plane_width(plane, frame.layout().width)),
        height(frame.layout().format.plane_height(plane, frame.layout().height)) {}

  const Sample* row(int y) const {
    return reinterpret_cast<const Sample*>(first + static_cast<std::size_t>(y) * stride);
  }

  const std::byte* first;
  std::size_t stride;  // bytes
  int width, height;
};

// Calls work(Sample{}) with the type of the samples of `format`: std::uint8_t or std::uint16_t.
template <typename Work>
auto with_sample_type(const PixelFormat& format, Work&& work) {
  return format.bytes_per_sample() == 1 ? work(std::uint8_t{}) : work(std::uint16_t{});
}

}  // namespace jinsha::compare
