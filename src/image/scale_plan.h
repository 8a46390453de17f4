// Size and framing: which rectangle of the source lands on which rectangle of the output.
#pragma once

#include "image/image_plan.h"

namespace jinsha::image {

struct Framing {
  int crop_x = 0, crop_y = 0, crop_width = 0, crop_height = 0;  // of the source
  int x = 0, y = 0, width = 0, height = 0;                      // inside the output
};

// `sample_aspect` of the source's samples (width : height); the output's are square. Rectangles are centred and lie on
// multiples of the subsampling of `format`, so that chroma samples stay whole; sides of the output keep their parity.
Framing frame(int in_width, int in_height, int out_width, int out_height, Fit fit, const PixelFormat& format,
              Rational sample_aspect = {1, 1});

kernels::ScaleProgram scale_program(const Framing& framing, ScaleFilter filter, const PixelFormat& format,
                                    const ColorInfo& color, int in_width, int in_height, int out_width, int out_height);

}  // namespace jinsha::image
