// How much memory x265 takes.
#include <algorithm>
#include <cmath>

#include "encode/x265_params.h"

namespace jinsha {

std::uint64_t x265_memory_bytes(const x265_param& param) {
  const std::uint64_t sample_bytes = param.internalBitDepth > 8 ? 2 : 1;
  const std::uint64_t luma = static_cast<std::uint64_t>(param.sourceWidth + 160) *
                             static_cast<std::uint64_t>(param.sourceHeight + 160) * sample_bytes;
  const std::uint64_t picture = luma *
                                (param.internalCsp == X265_CSP_I420   ? 3
                                 : param.internalCsp == X265_CSP_I422 ? 4
                                                                      : 6) /
                                2;
  const auto held = static_cast<std::uint64_t>(param.lookaheadDepth + param.bframes + 2 * param.frameNumThreads + 4);
  const auto coded = static_cast<std::uint64_t>(param.maxNumReferences + param.frameNumThreads + 4);
  return held * (picture + luma * 2) + coded * picture * 2;
}

}  // namespace jinsha
