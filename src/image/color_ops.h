// The operations on light between R'G'B' of the source and R'G'B' of the output.
#pragma once

#include <vector>

#include "image/color_plan.h"
#include "image/matrix3.h"

namespace jinsha::image {

kernels::Op matrix_op(const Affine& map);

// Decode to display light, tone curve, primaries, encode. Both sides must be convertible.
void append_light_ops(const ColorRequest& request, std::vector<kernels::Op>& ops);

}  // namespace jinsha::image
