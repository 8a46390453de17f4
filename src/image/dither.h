// Dither tiles.
#pragma once

#include "image/image_plan.h"
#include "kernels/program.h"

namespace jinsha::image {

// Empty for kNone. `mode` is not kAuto. The same on every machine: integer arithmetic up to the last step.
kernels::Dither dither_tile(DitherMode mode);

}  // namespace jinsha::image
