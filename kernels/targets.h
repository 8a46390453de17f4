// Which builds of the row operations this processor can run.
#pragma once

#include "kernels/row_ops.h"

namespace jinsha::kernels {

enum class Target { kScalar, kAvx2, kAvx512 };

// Null when this processor or this build lacks it. kScalar is always there.
const RowOps* find_row_ops(Target target);

}  // namespace jinsha::kernels
