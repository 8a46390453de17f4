// Look-up tables as ops.
#pragma once

#include <vector>

#include "image/cube_lut.h"
#include "kernels/program.h"

namespace jinsha::image {

// R'G'B' signals in, R'G'B' signals out: curves linear, then the cube tetrahedral between its nodes.
void append_lut_ops(const CubeLut& lut, std::vector<kernels::Op>& ops);

}  // namespace jinsha::image
