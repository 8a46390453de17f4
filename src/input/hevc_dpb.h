// How many pictures an HEVC stream makes its decoder keep.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace jinsha {

// sps_max_dec_pic_buffering (the current picture included, the largest of all sub-layers) of the first
// SPS in extradata: hvcC (ISO/IEC 14496-15) or Annex B. Empty when there is none that can be read.
std::optional<int> hevc_dpb_frames(std::span<const std::uint8_t> extradata);

}  // namespace jinsha
