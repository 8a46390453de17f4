#include "image/scale_plan.h"

#include <algorithm>
#include <cstdint>

#include "image/chroma_filter.h"
#include "image/color_plan.h"

namespace jinsha::image {
namespace {

// The largest size of aspect a : b inside w x h, on multiples of the steps, and where it is centred.
struct Box {
  int x, y, width, height;
};
Box fit_inside(int w, int h, std::int64_t a, std::int64_t b, int step_x, int step_y) {
  std::int64_t width = w, height = h;
  if (w * b > h * a) {
    width = (h * a + b / 2) / b;
  } else {
    height = (w * b + a / 2) / a;
  }
  // Nearest multiple; a side that fills the frame fills it exactly, odd sizes included.
  const auto snap = [](std::int64_t side, int whole, int step) {
    const auto snapped = static_cast<int>((side + step / 2) / step * step);
    return side == whole || snapped >= whole ? whole : std::max(snapped, step);
  };
  Box box{0, 0, snap(width, w, step_x), snap(height, h, step_y)};
  box.x = (w - box.width) / 2 / step_x * step_x;
  box.y = (h - box.height) / 2 / step_y * step_y;
  return box;
}

}  // namespace

Framing frame(int in_width, int in_height, int out_width, int out_height, Fit fit, const PixelFormat& format,
              Rational sample_aspect) {
  const int step_x = 1 << format.chroma_shift_x(), step_y = 1 << format.chroma_shift_y();
  Framing f{0, 0, in_width, in_height, 0, 0, out_width, out_height};
  if (fit == Fit::kPad) {
    const Box box =
        fit_inside(out_width, out_height, in_width * sample_aspect.num, in_height * sample_aspect.den, step_x, step_y);
    f.x = box.x;
    f.y = box.y;
    f.width = box.width;
    f.height = box.height;
  } else if (fit == Fit::kCrop) {
    const Box box =
        fit_inside(in_width, in_height, out_width * sample_aspect.den, out_height * sample_aspect.num, step_x, step_y);
    f.crop_x = box.x;
    f.crop_y = box.y;
    f.crop_width = box.width;
    f.crop_height = box.height;
  }
  return f;
}

kernels::ScaleProgram scale_program(const Framing& framing, ScaleFilter filter, const PixelFormat& format,
                                    const ColorInfo& color, int in_width, int in_height, int out_width,
                                    int out_height) {
  return {.filter = filter,
          .in = picture_format(format, in_width, in_height),
          .out = picture_format(format, out_width, out_height),
          .siting = siting_of(color.chroma_location),
          .x = framing.x,
          .y = framing.y,
          .width = framing.width,
          .height = framing.height,
          .crop_x = framing.crop_x,
          .crop_y = framing.crop_y,
          .crop_width = framing.crop_width,
          .crop_height = framing.crop_height,
          .fill = black_codes(color, format.depth)};
}

}  // namespace jinsha::image
