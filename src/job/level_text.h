// Levels as people write them ("5.1") and as bitstreams carry them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "media/coding.h"

namespace jinsha {

// HEVC: 30 x level (general_level_idc, H.265 A.4); AV1: seq_level_idx (A.3: 4 x (major - 2) + minor).
Result<int> parse_level(Codec codec, std::string_view text);
// "6.1", or "unknown" for a value that is no level.
std::string level_text(Codec codec, int level_idc);

}  // namespace jinsha
