// Limits of levels and tiers: ITU-T H.265 Tables A.8 and A.9, AV1 Annex A.3.
#pragma once

#include <cstdint>
#include <optional>

#include "media/coding.h"

namespace jinsha::verify {

struct LevelLimits {
  std::int64_t max_picture = 0;  // luma samples
  std::int64_t max_width = 0;
  std::int64_t max_height = 0;
  std::int64_t max_rate = 0;      // luma samples a second, displayed
  std::int64_t max_bit_rate = 0;  // of the profile and tier, NAL units included
  std::int64_t max_buffer = 0;    // bits
};

// Empty for a level this table does not know, or a tier it does not have. `profile` as in
// SequenceInfo.
std::optional<LevelLimits> level_limits(Codec codec, int level_idc, Tier tier, const std::string& profile);

}  // namespace jinsha::verify
