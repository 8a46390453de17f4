// Reads back what a HEVC encoder wrote into its parameter sets: profile, tier and level.
// ITU-T H.265 7.3.3, A.3.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "media/coding.h"

namespace jinsha {

struct HevcProfileTierLevel {
  std::string profile;  // "main", "main10", "main422-10", "main444-12-intra" ...
  Tier tier = Tier::kMain;
  int level_idc = 0;  // 30 x level
};

// From the first VPS of an Annex B byte stream; empty where there is none.
std::optional<HevcProfileTierLevel> read_profile_tier_level(std::span<const std::uint8_t> annex_b);

}  // namespace jinsha
