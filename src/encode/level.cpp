#include "encode/level.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>

namespace jinsha {
namespace {

struct LevelRow {
  int idc;                   // HEVC general_level_idc, AV1 seq_level_idx
  const char* name;          // "5.1"
  std::int64_t max_picture;  // luma samples
  int max_width;             // HEVC: Sqrt(MaxLumaPs x 8), rounded down
  int max_height;            // as max_width for HEVC
  std::int64_t max_rate;     // luma samples a second; AV1: MaxDisplayRate
  int max_kbit_per_s[2];     // by Tier; 0: the level has no High tier
  int max_cpb_kbit[2];       // AV1: one second of the bit rate
  std::int64_t max_headers;  // AV1 MaxHeaderRate, frames a second; HEVC 0 (300 from the sample rate)
};

// H.265 Tables A.8 and A.9. Bit rates in units of CpbVclFactor = 1000 bits for every profile: the
// larger factors of the range extensions' profiles are not used, which errs on the safe side.
constexpr LevelRow kHevcLevels[] = {
    {30, "1", 36864, 543, 543, 552960, {128, 0}, {350, 0}, 0},
    {60, "2", 122880, 991, 991, 3686400, {1500, 0}, {1500, 0}, 0},
    {63, "2.1", 245760, 1402, 1402, 7372800, {3000, 0}, {3000, 0}, 0},
    {90, "3", 552960, 2103, 2103, 16588800, {6000, 0}, {6000, 0}, 0},
    {93, "3.1", 983040, 2804, 2804, 33177600, {10000, 0}, {10000, 0}, 0},
    {120, "4", 2228224, 4222, 4222, 66846720, {12000, 30000}, {12000, 30000}, 0},
    {123, "4.1", 2228224, 4222, 4222, 133693440, {20000, 50000}, {20000, 50000}, 0},
    {150, "5", 8912896, 8444, 8444, 267386880, {25000, 100000}, {25000, 100000}, 0},
    {153, "5.1", 8912896, 8444, 8444, 534773760, {40000, 160000}, {40000, 160000}, 0},
    {156, "5.2", 8912896, 8444, 8444, 1069547520, {60000, 240000}, {60000, 240000}, 0},
    {180, "6", 35651584, 16888, 16888, 1069547520, {60000, 240000}, {60000, 240000}, 0},
    {183, "6.1", 35651584, 16888, 16888, 2139095040, {120000, 480000}, {120000, 480000}, 0},
    {186, "6.2", 35651584, 16888, 16888, 4278190080, {240000, 800000}, {240000, 800000}, 0},
};

// AV1 A.3: bit rates are those of profile 0.
constexpr LevelRow kAv1Levels[] = {
    {0, "2.0", 147456, 2048, 1152, 4423680, {1500, 0}, {1500, 0}, 150},
    {1, "2.1", 278784, 2816, 1584, 8363520, {3000, 0}, {3000, 0}, 150},
    {4, "3.0", 665856, 4352, 2448, 19975680, {6000, 0}, {6000, 0}, 150},
    {5, "3.1", 1065024, 5504, 3096, 31950720, {10000, 0}, {10000, 0}, 150},
    {8, "4.0", 2359296, 6144, 3456, 70778880, {12000, 30000}, {12000, 30000}, 300},
    {9, "4.1", 2359296, 6144, 3456, 141557760, {20000, 50000}, {20000, 50000}, 300},
    {12, "5.0", 8912896, 8192, 4352, 267386880, {30000, 100000}, {30000, 100000}, 300},
    {13, "5.1", 8912896, 8192, 4352, 534773760, {40000, 160000}, {40000, 160000}, 300},
    {14, "5.2", 8912896, 8192, 4352, 1069547520, {60000, 240000}, {60000, 240000}, 300},
    {15, "5.3", 8912896, 8192, 4352, 1069547520, {60000, 240000}, {60000, 240000}, 300},
    {16, "6.0", 35651584, 16384, 8704, 1069547520, {60000, 240000}, {60000, 240000}, 300},
    {17, "6.1", 35651584, 16384, 8704, 2139095040, {100000, 480000}, {100000, 480000}, 300},
    {18, "6.2", 35651584, 16384, 8704, 4278190080, {160000, 800000}, {160000, 800000}, 300},
    {19, "6.3", 35651584, 16384, 8704, 4278190080, {160000, 800000}, {160000, 800000}, 300},
};

std::span<const LevelRow> levels_of(Codec codec) {
  if (codec == Codec::kAv1) return kAv1Levels;
  return kHevcLevels;
}

const char* word_of(Codec codec) { return codec == Codec::kAv1 ? "AV1" : "HEVC"; }

// A.4.1: the smaller the picture is against the level's largest, the more of them fit.
int max_dpb_pictures(const LevelRow& row, std::int64_t picture) {
  constexpr int kMaxDpbPicBuf = 6;
  if (picture <= row.max_picture >> 2) return std::min(4 * kMaxDpbPicBuf, 16);
  if (picture <= row.max_picture >> 1) return std::min(2 * kMaxDpbPicBuf, 16);
  if (picture <= (3 * row.max_picture) >> 2) return 4 * kMaxDpbPicBuf / 3;
  return kMaxDpbPicBuf;
}

// In what way the stream exceeds the level, as the end of a sentence "level 5.1 allows ..."; empty
// when size, rate and DPB fit.
std::string size_excess(Codec codec, const LevelRow& row, const LevelRequest& request) {
  // HEVC counts coded samples: whole minimum coding blocks of 8x8.
  const int align = codec == Codec::kHevc ? 7 : 0;
  const std::int64_t width = (request.width + align) & ~align;
  const std::int64_t height = (request.height + align) & ~align;
  const std::int64_t picture = width * height;
  const Int128 rate_num = static_cast<Int128>(picture) * request.frame_rate.num;
  if (picture > row.max_picture) {
    return fmt::format("at most {} luma samples a picture, this one has {}", row.max_picture, picture);
  }
  if (width > row.max_width || height > row.max_height) {
    return fmt::format("pictures of at most {}x{}, this one is {}x{}", row.max_width, row.max_height, request.width,
                       request.height);
  }
  if (rate_num > static_cast<Int128>(row.max_rate) * request.frame_rate.den) {
    return fmt::format("at most {} luma samples a second, this stream has {}", row.max_rate,
                       static_cast<std::int64_t>(rate_num / request.frame_rate.den));
  }
  if (row.max_headers > 0 &&
      static_cast<Int128>(request.frame_rate.num) > static_cast<Int128>(row.max_headers) * request.frame_rate.den) {
    return fmt::format("at most {} frames a second", row.max_headers);
  }
  if (codec == Codec::kHevc && request.dpb_pictures > max_dpb_pictures(row, picture)) {
    return fmt::format("a decoded picture buffer of {} pictures of this size, the encoder's settings need {}",
                       max_dpb_pictures(row, picture), request.dpb_pictures);
  }
  return {};
}

std::string rate_excess(const LevelRow& row, Tier tier, const LevelRequest& request) {
  const int index = tier == Tier::kHigh ? 1 : 0;
  if (row.max_kbit_per_s[index] == 0) return "no High tier";
  const std::int64_t rate = std::int64_t{row.max_kbit_per_s[index]} * 1000;
  const std::int64_t cpb = std::int64_t{row.max_cpb_kbit[index]} * 1000;
  if (request.bitrate_bits_per_s > rate) {
    return fmt::format("at most {} bit/s in {} tier, {} are asked for", rate, name_of(tier),
                       request.bitrate_bits_per_s);
  }
  if (request.cpb_bits > cpb) {
    return fmt::format("a buffer of at most {} bits in {} tier, {} are asked for", cpb, name_of(tier),
                       request.cpb_bits);
  }
  return {};
}

LevelChoice choice_of(const LevelRow& row, Tier tier) {
  const int index = tier == Tier::kHigh ? 1 : 0;
  return {row.idc, tier, std::int64_t{row.max_kbit_per_s[index]} * 1000, std::int64_t{row.max_cpb_kbit[index]} * 1000};
}

// The choice at this one level, or why not.
Result<LevelChoice> fit(Codec codec, const LevelRow& row, const LevelRequest& request) {
  std::string excess = size_excess(codec, row, request);
  if (excess.empty()) {
    for (const Tier tier : {Tier::kMain, Tier::kHigh}) {
      if (request.tier.value_or(tier) != tier) continue;
      std::string tier_excess = rate_excess(row, tier, request);
      if (tier_excess.empty()) return choice_of(row, tier);
      // Where High tier does not exist, the limit of Main is what the user has to know.
      if (excess.empty() || row.max_kbit_per_s[1] != 0) excess = std::move(tier_excess);
    }
  }
  return Error{ErrorCode::kNotPossible, std::move(excess)};
}

std::string describe(const LevelRequest& request) {
  std::string text = fmt::format("{}x{} at {}", request.width, request.height, request.frame_rate.num);
  if (request.frame_rate.den != 1) text += fmt::format("/{}", request.frame_rate.den);
  text += " frames/s";
  if (request.bitrate_bits_per_s > 0) text += fmt::format(" and {} bit/s", request.bitrate_bits_per_s);
  if (request.tier) text += fmt::format(" in {} tier", name_of(*request.tier));
  return text;
}

}  // namespace

Result<LevelChoice> choose_level(Codec codec, const LevelRequest& request) {
  const std::span<const LevelRow> rows = levels_of(codec);
  const LevelRow* asked = nullptr;
  std::string names;
  for (const LevelRow& row : rows) {
    if (row.idc == request.level_idc) asked = &row;
    names += names.empty() ? row.name : fmt::format(", {}", row.name);
  }
  // AV1's seq_level_idx 0 is level 2.0, which as the lowest is never worth asking for: 0 means choose.
  if (request.level_idc == 0) asked = nullptr;
  if (request.level_idc != 0 && asked == nullptr) {
    return make_error(ErrorCode::kUsage, "{} has no level {}; the levels are {}", word_of(codec),
                      level_name(codec, request.level_idc), names);
  }

  std::optional<LevelChoice> lowest;
  std::string last_excess;
  for (const LevelRow& row : rows) {
    Result<LevelChoice> choice = fit(codec, row, request);
    if (choice.ok()) {
      lowest = *choice;
      break;
    }
    last_excess = choice.error().message;
  }
  if (asked != nullptr) {
    Result<LevelChoice> choice = fit(codec, *asked, request);
    if (choice.ok()) return choice;
    if (!lowest) {
      return make_error(ErrorCode::kNotPossible, "{} fits no level of {}; --level {} allows {}", describe(request),
                        word_of(codec), asked->name, choice.error().message);
    }
    return make_error(ErrorCode::kNotPossible, "{} needs {} level {}; --level {} allows {}", describe(request),
                      word_of(codec), level_name(codec, lowest->level_idc), asked->name, choice.error().message);
  }
  if (lowest) return *lowest;
  return make_error(ErrorCode::kNotPossible, "{} fits no level of {}; the highest, {}, allows {}", describe(request),
                    word_of(codec), rows.back().name, last_excess);
}

std::string level_name(Codec codec, int level_idc) {
  for (const LevelRow& row : levels_of(codec)) {
    if (row.idc == level_idc) return row.name;
  }
  return std::to_string(level_idc);
}

std::int64_t max_bitrate(Codec codec, int level_idc, Tier tier) {
  for (const LevelRow& row : levels_of(codec)) {
    if (row.idc == level_idc) return std::int64_t{row.max_kbit_per_s[tier == Tier::kHigh ? 1 : 0]} * 1000;
  }
  return 0;
}

const char* name_of(Tier tier) { return tier == Tier::kHigh ? "High" : "Main"; }

}  // namespace jinsha
