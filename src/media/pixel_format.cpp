#include "media/pixel_format.h"

namespace jinsha {
namespace {
constexpr std::size_t kRowAlignBytes = 64;
}

const char* name_of(Chroma chroma) {
  switch (chroma) {
    case Chroma::k400: return "400";
    case Chroma::k420: return "420";
    case Chroma::k422: return "422";
    case Chroma::k444: return "444";
  }
  return "420";
}

std::string describe(const PixelFormat& format) {
  const std::string name = name_of(format.chroma);
  return name.substr(0, 1) + ":" + name.substr(1, 1) + ":" + name.substr(2, 1) + " " + std::to_string(format.depth) +
         "-bit";
}

FrameLayout FrameLayout::packed(PixelFormat format, int width, int height) {
  FrameLayout layout{.format = format, .width = width, .height = height};
  std::size_t at = 0;
  for (int plane = 0; plane < format.planes(); ++plane) {
    const auto row = static_cast<std::size_t>(format.plane_width(plane, width)) *
                     static_cast<std::size_t>(format.bytes_per_sample());
    layout.offset[plane] = at;
    layout.stride[plane] = (row + kRowAlignBytes - 1) / kRowAlignBytes * kRowAlignBytes;
    at += layout.stride[plane] * static_cast<std::size_t>(format.plane_height(plane, height));
  }
  layout.bytes = at + kRowAlignBytes;
  return layout;
}

}  // namespace jinsha
