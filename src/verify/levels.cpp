#include "verify/levels.h"

#include <string_view>

namespace jinsha::verify {
namespace {

struct HevcLevel {
  int level_idc;
  std::int64_t max_picture, max_rate;
  std::int64_t main_k, high_k;  // MaxBR and MaxCPB, of 1000 bits times CpbNalFactor / 1000; 0: no High tier
};
constexpr HevcLevel kHevcLevels[] = {
    {30, 36864, 552960, 128, 0},
    {60, 122880, 3686400, 1500, 0},
    {63, 245760, 7372800, 3000, 0},
    {90, 552960, 16588800, 6000, 0},
    {93, 983040, 33177600, 10000, 0},
    {120, 2228224, 66846720, 12000, 30000},
    {123, 2228224, 133693440, 20000, 50000},
    {150, 8912896, 267386880, 25000, 100000},
    {153, 8912896, 534773760, 40000, 160000},
    {156, 8912896, 1069547520, 60000, 240000},
    {180, 35651584, 1069547520, 60000, 240000},
    {183, 35651584, 2139095040, 120000, 480000},
    {186, 35651584, 4278190080, 240000, 800000},
};
// MaxCPB of level 1 differs from its MaxBR.
constexpr std::int64_t kLevel1CpbK = 350;

// CpbNalFactor, Table A.10.
struct NalFactor {
  std::string_view profile;
  std::int64_t factor;
};
constexpr NalFactor kNalFactors[] = {
    {"main", 1100},
    {"main10", 1100},
    {"mainstillpicture", 1100},
    {"main12", 1650},
    {"monochrome", 733},
    {"monochrome12", 1100},
    {"monochrome16", 1467},
    {"main422-10", 1833},
    {"main422-12", 2200},
    {"main444-8", 2200},
    {"main444-10", 2750},
    {"main444-12", 3300},
    {"main-intra", 1100},
    {"main10-intra", 1100},
    {"main12-intra", 1650},
    {"main422-10-intra", 1833},
    {"main422-12-intra", 2200},
    {"main444-8-intra", 2200},
    {"main444-10-intra", 2750},
    {"main444-12-intra", 3300},
    {"main444-16-intra", 4400},
};

// ITU-T H.264 Table A-1: MaxFS in macroblocks, MaxMBPS, MaxBR and MaxCPB in units of cpbBrNalFactor bits.
struct AvcLevel {
  int level_idc;  // 9: level 1b
  std::int64_t frame, rate, bit_rate, buffer;
};
constexpr AvcLevel kAvcLevels[] = {
    {10, 99, 1485, 64, 175},
    {9, 99, 1485, 128, 350},
    {11, 396, 3000, 192, 500},
    {12, 396, 6000, 384, 1000},
    {13, 396, 11880, 768, 2000},
    {20, 396, 11880, 2000, 2000},
    {21, 792, 19800, 4000, 4000},
    {22, 1620, 20250, 4000, 4000},
    {30, 1620, 40500, 10000, 10000},
    {31, 3600, 108000, 14000, 14000},
    {32, 5120, 216000, 20000, 20000},
    {40, 8192, 245760, 20000, 25000},
    {41, 8192, 245760, 50000, 62500},
    {42, 8704, 522240, 50000, 62500},
    {50, 22080, 589824, 135000, 135000},
    {51, 36864, 983040, 240000, 240000},
    {52, 36864, 2073600, 240000, 240000},
    {60, 139264, 4177920, 240000, 240000},
    {61, 139264, 8355840, 480000, 480000},
    {62, 139264, 16711680, 800000, 800000},
};
// cpbBrNalFactor, Table A-2.
constexpr NalFactor kAvcFactors[] = {
    {"high", 1500}, {"high10", 3600}, {"high422", 4800}, {"high444", 4800}, {"cavlc444", 4800}};

struct Av1Level {
  int index;
  std::int64_t max_picture, max_width, max_height, max_rate;
  std::int64_t main_k, high_k;  // kbit/s of profile 0; 0: no High tier
};
constexpr Av1Level kAv1Levels[] = {
    {0, 147456, 2048, 1152, 4423680, 1500, 0},
    {1, 278784, 2816, 1584, 8363520, 3000, 0},
    {4, 665856, 4352, 2448, 19975680, 6000, 0},
    {5, 1065024, 5504, 3096, 31950720, 10000, 0},
    {8, 2359296, 6144, 3456, 70778880, 12000, 30000},
    {9, 2359296, 6144, 3456, 141557760, 20000, 50000},
    {12, 8912896, 8192, 4352, 267386880, 30000, 100000},
    {13, 8912896, 8192, 4352, 534773760, 40000, 160000},
    {14, 8912896, 8192, 4352, 1069547520, 60000, 240000},
    {15, 8912896, 8192, 4352, 1069547520, 60000, 240000},
    {16, 35651584, 16384, 8704, 1069547520, 60000, 240000},
    {17, 35651584, 16384, 8704, 2139095040, 100000, 480000},
    {18, 35651584, 16384, 8704, 4278190080, 160000, 800000},
    {19, 35651584, 16384, 8704, 4278190080, 160000, 800000},
};

// Largest integer whose square is at most `value`.
std::int64_t square_root(std::int64_t value) {
  std::int64_t root = 0;
  for (std::int64_t bit = std::int64_t{1} << 30; bit > 0; bit >>= 1) {
    if ((root + bit) * (root + bit) <= value) root += bit;
  }
  return root;
}

std::optional<LevelLimits> hevc_limits(int level_idc, Tier tier, const std::string& profile) {
  std::int64_t factor = 1100;
  for (const NalFactor& row : kNalFactors) {
    if (row.profile == profile) factor = row.factor;
  }
  for (const HevcLevel& row : kHevcLevels) {
    if (row.level_idc != level_idc) continue;
    const std::int64_t k = tier == Tier::kHigh ? row.high_k : row.main_k;
    if (k == 0) return std::nullopt;
    LevelLimits limits;
    limits.max_picture = row.max_picture;
    limits.max_width = limits.max_height = square_root(8 * row.max_picture);  // A.4.1
    limits.max_rate = row.max_rate;
    limits.max_bit_rate = k * factor;
    limits.max_buffer = (level_idc == 30 ? kLevel1CpbK : k) * factor;
    return limits;
  }
  return std::nullopt;
}

std::optional<LevelLimits> avc_limits(int level_idc, const std::string& profile) {
  constexpr std::int64_t kMacroblock = 256;
  std::int64_t factor = 1200;
  for (const NalFactor& row : kAvcFactors) {
    if (row.profile == profile) factor = row.factor;
  }
  for (const AvcLevel& row : kAvcLevels) {
    if (row.level_idc != level_idc) continue;
    const std::int64_t side = 16 * square_root(8 * row.frame);  // A.3.1
    return LevelLimits{row.frame * kMacroblock, side, side, row.rate * kMacroblock, row.bit_rate * factor,
                       row.buffer * factor};
  }
  return std::nullopt;
}

std::optional<LevelLimits> av1_limits(int index, Tier tier, const std::string& profile) {
  const std::int64_t factor = profile == "professional" ? 3 : profile == "high" ? 2 : 1;
  for (const Av1Level& row : kAv1Levels) {
    if (row.index != index) continue;
    const std::int64_t k = tier == Tier::kHigh ? row.high_k : row.main_k;
    if (k == 0) return std::nullopt;
    const std::int64_t rate = k * 1000 * factor;
    return LevelLimits{row.max_picture, row.max_width, row.max_height, row.max_rate, rate, rate};
  }
  return std::nullopt;
}

}  // namespace

std::optional<LevelLimits> level_limits(Codec codec, int level_idc, Tier tier, const std::string& profile) {
  if (codec == Codec::kHevc) return hevc_limits(level_idc, tier, profile);
  if (codec == Codec::kAvc) return avc_limits(level_idc, profile);
  if (codec == Codec::kAv1) return av1_limits(level_idc, tier, profile);
  return std::nullopt;
}

}  // namespace jinsha::verify
