// Levels and tiers: which one a stream of this size, rate, bit rate and buffer needs.
// ITU-T H.265 A.4 (Tables A.8, A.9), AV1 bitstream specification A.3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "media/coding.h"

namespace jinsha {

struct LevelRequest {
  int width = 0;
  int height = 0;
  Rational frame_rate;
  std::int64_t bitrate_bits_per_s = 0;  // highest rate the stream may have; 0: not bounded, not checked
  std::int64_t cpb_bits = 0;            // coded picture buffer; 0: none
  int dpb_pictures = 0;                 // decoded picture buffer, HEVC; 0: not checked
  int level_idc = 0;                    // asked for, as in EncoderConfig; 0: choose
  std::optional<Tier> tier;             // asked for; empty: choose
};

struct LevelChoice {
  int level_idc = 0;
  Tier tier = Tier::kMain;
  std::int64_t max_bitrate_bits_per_s = 0;
  std::int64_t max_cpb_bits = 0;
};

// The lowest level that fits, and at that level Main tier where it fits. Refuses (kNotPossible) a
// level asked for that is too low, naming the limit and the level that would do, and a stream that
// no level allows; kUsage for a level that does not exist.
Result<LevelChoice> choose_level(Codec codec, const LevelRequest& request);

// "6.1"; the number itself where it is no level of the codec.
std::string level_name(Codec codec, int level_idc);

// Of Table A.9 and A.3; 0 where there is no such level or it has no such tier.
std::int64_t max_bitrate(Codec codec, int level_idc, Tier tier);

const char* name_of(Tier tier);

}  // namespace jinsha
