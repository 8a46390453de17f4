#include "kernels/targets.h"

namespace jinsha::kernels {

const RowOps* find_row_ops(Target target) {
  switch (target) {
    case Target::kScalar: return &kRowOpsScalar;
#ifdef __x86_64__
    case Target::kAvx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? kRowOpsAvx2 : nullptr;
    case Target::kAvx512:
      return __builtin_cpu_supports("fma") && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                     __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                     __builtin_cpu_supports("avx512vl")
                 ? kRowOpsAvx512
                 : nullptr;
#else
    case Target::kAvx2:
    case Target::kAvx512: break;
#endif
  }
  return nullptr;
}

}  // namespace jinsha::kernels
