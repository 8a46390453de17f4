// RowOps for processors with AVX2 and FMA; compiled with the flags kernels/CMakeLists.txt sets.
#include "kernels/row_ops.h"

#ifdef __AVX2__
#include <immintrin.h>

#include <utility>

namespace jinsha::kernels {
namespace {
#include "kernels/simd_avx2.h"
//
#include "kernels/row_ops_text.h"

constexpr RowOps kOps = make_row_ops("avx2");
}  // namespace

const RowOps* const kRowOpsAvx2 = &kOps;

}  // namespace jinsha::kernels
#else
namespace jinsha::kernels {
const RowOps* const kRowOpsAvx2 = nullptr;
}  // namespace jinsha::kernels
#endif
