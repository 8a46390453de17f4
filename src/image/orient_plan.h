// Turning a picture for display.
#pragma once

#include <vector>

#include "base/result.h"
#include "image/image_plan.h"

namespace jinsha::image {

// Appends to `steps` what turns `side` (colour resolved) by `orientation`, and makes `side` what comes out.
// Subsampled chroma is brought to full resolution first: turned, its samples would lie where no chroma
// location of H.273 is, and 4:2:2 would become 4:4:0.
Status turn(PictureSide& side, const Orientation& orientation, std::vector<kernels::Step>& steps);

}  // namespace jinsha::image
