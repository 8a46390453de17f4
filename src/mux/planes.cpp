#include "mux/planes.h"

#include <bit>

namespace jinsha {

static_assert(std::endian::native == std::endian::little, "rows are written as they lie in memory");

Status check_frame(const Frame& frame, const VideoStreamInfo& video) {
  if (!frame) return make_error(ErrorCode::kInternal, "a writer was given no picture");
  const FrameLayout& layout = frame.layout();
  if (layout.format == video.format && layout.width == video.width && layout.height == video.height) return {};
  return make_error(ErrorCode::kInternal, "a picture of {}x{} {} came for an output of {}x{} {}", layout.width,
                    layout.height, describe(layout.format), video.width, video.height, describe(video.format));
}

Status write_planes(const Frame& frame, ByteSink& sink) {
  const FrameLayout& layout = frame.layout();
  for (int plane = 0; plane < layout.format.planes(); ++plane) {
    const auto* row = reinterpret_cast<const std::uint8_t*>(frame.plane(plane));
    const std::size_t row_bytes = static_cast<std::size_t>(layout.format.plane_width(plane, layout.width)) *
                                  static_cast<std::size_t>(layout.format.bytes_per_sample());
    const auto rows = static_cast<std::size_t>(layout.format.plane_height(plane, layout.height));
    const std::size_t stride = layout.stride[plane];
    if (stride == row_bytes) {
      JINSHA_TRY(sink.write({row, row_bytes * rows}));
      continue;
    }
    for (std::size_t y = 0; y < rows; ++y) JINSHA_TRY(sink.write({row + y * stride, row_bytes}));
  }
  return {};
}

}  // namespace jinsha
