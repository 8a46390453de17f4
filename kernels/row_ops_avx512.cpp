// RowOps for processors with AVX-512 F, BW, CD, DQ and VL; compiled with the flags kernels/CMakeLists.txt sets.
#include "kernels/row_ops.h"

#ifdef __AVX512F__
#include <immintrin.h>

#include <utility>

namespace jinsha::kernels {
namespace {
#include "kernels/simd_avx512.h"
//
#include "kernels/row_ops_text.h"

constexpr RowOps kOps = make_row_ops("avx512");
}  // namespace

const RowOps* const kRowOpsAvx512 = &kOps;

}  // namespace jinsha::kernels
#else
namespace jinsha::kernels {
const RowOps* const kRowOpsAvx512 = nullptr;
}  // namespace jinsha::kernels
#endif
