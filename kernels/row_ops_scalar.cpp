// RowOps for any processor.
#include "kernels/row_ops.h"

#include <utility>

namespace jinsha::kernels {
namespace {
#include "kernels/simd_scalar.h"
//
#include "kernels/row_ops_text.h"
}  // namespace

constinit const RowOps kRowOpsScalar = make_row_ops("scalar");

}  // namespace jinsha::kernels
