#include "encode/nvenc_frames.h"

#include <cstddef>
#include <cstring>

extern "C" {
#include <libavutil/frame.h>
}

namespace jinsha {
namespace {

constexpr int kShift = 6;  // 10 bits at the top of a 16-bit word

const std::uint16_t* words(const Frame& frame, int plane, int y) {
  const std::size_t stride = frame.layout().stride[plane];
  return reinterpret_cast<const std::uint16_t*>(frame.plane(plane) + static_cast<std::size_t>(y) * stride);
}

std::uint16_t* words(AVFrame& frame, int plane, int y) {
  return reinterpret_cast<std::uint16_t*>(frame.data[plane] + static_cast<std::ptrdiff_t>(y) * frame.linesize[plane]);
}

void copy_plane(const Frame& frame, int plane, AVFrame& target) {
  const FrameLayout& layout = frame.layout();
  const auto bytes = static_cast<std::size_t>(layout.format.plane_width(plane, layout.width));
  for (int y = 0; y < layout.format.plane_height(plane, layout.height); ++y) {
    std::memcpy(target.data[plane] + static_cast<std::ptrdiff_t>(y) * target.linesize[plane],
                frame.plane(plane) + static_cast<std::size_t>(y) * layout.stride[plane], bytes);
  }
}

void shift_plane(const Frame& frame, int plane, AVFrame& target) {
  const FrameLayout& layout = frame.layout();
  const int width = layout.format.plane_width(plane, layout.width);
  for (int y = 0; y < layout.format.plane_height(plane, layout.height); ++y) {
    const std::uint16_t* in = words(frame, plane, y);
    std::uint16_t* out = words(target, plane, y);
    for (int x = 0; x < width; ++x) out[x] = static_cast<std::uint16_t>(in[x] << kShift);
  }
}

void interleave_chroma(const Frame& frame, AVFrame& target) {
  const FrameLayout& layout = frame.layout();
  const int width = layout.format.plane_width(1, layout.width);
  for (int y = 0; y < layout.format.plane_height(1, layout.height); ++y) {
    const std::uint16_t* cb = words(frame, 1, y);
    const std::uint16_t* cr = words(frame, 2, y);
    std::uint16_t* out = words(target, 1, y);
    for (int x = 0; x < width; ++x) {
      out[2 * x] = static_cast<std::uint16_t>(cb[x] << kShift);
      out[2 * x + 1] = static_cast<std::uint16_t>(cr[x] << kShift);
    }
  }
}

}  // namespace

AVPixelFormat nvenc_upload_format(PixelFormat format) {
  if (format.chroma == Chroma::k444) return format.depth > 8 ? AV_PIX_FMT_YUV444P16LE : AV_PIX_FMT_YUV444P;
  return format.depth > 8 ? AV_PIX_FMT_P010LE : AV_PIX_FMT_YUV420P;
}

void fill_upload_frame(const Frame& frame, AVFrame& target) {
  const PixelFormat format = frame.layout().format;
  for (int plane = 0; plane < format.planes(); ++plane) {
    if (format.depth == 8) {
      copy_plane(frame, plane, target);
    } else if (plane == 0 || format.chroma == Chroma::k444) {
      shift_plane(frame, plane, target);
    }
  }
  if (format.depth > 8 && format.chroma == Chroma::k420) interleave_chroma(frame, target);
}

}  // namespace jinsha
