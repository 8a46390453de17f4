// How much memory SVT-AV1 takes.
#include "encode/svt_params.h"

namespace jinsha {

std::uint64_t svt_memory_bytes(const EbSvtAv1EncConfiguration& native) {
  const std::uint64_t samples = std::uint64_t{native.source_width} * native.source_height;
  const std::uint64_t depth_bytes = native.encoder_bit_depth > 8 ? 2 : 1;
  return (200u << 20) + samples * (60 + 60 * depth_bytes);
}

}  // namespace jinsha
