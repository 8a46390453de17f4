#include "encode/hevc_headers.h"

#include <array>
#include <cstddef>

namespace jinsha {
namespace {

constexpr int kVpsNalType = 32;

// Where the payload of the first VPS begins, after its two-byte header; npos when there is none.
std::size_t find_vps(std::span<const std::uint8_t> data) {
  for (std::size_t i = 0; i + 5 <= data.size(); ++i) {
    if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1 && ((data[i + 3] >> 1) & 0x3f) == kVpsNalType) {
      return i + 5;
    }
  }
  return std::string::npos;
}

// A.3.5: the name of a format range extensions profile from its constraint flags.
std::string range_extension_name(std::uint8_t flags, std::uint8_t more_flags) {
  const bool max_12 = (flags & 0x08) != 0;
  const bool max_10 = (flags & 0x04) != 0;
  const bool max_8 = (flags & 0x02) != 0;
  const bool max_422 = (flags & 0x01) != 0;
  const bool max_420 = (more_flags & 0x80) != 0;
  const bool monochrome = (more_flags & 0x40) != 0;
  const bool intra = (more_flags & 0x20) != 0;
  const char* depth = max_8 ? "8" : max_10 ? "10" : max_12 ? "12" : "16";
  std::string name;
  if (monochrome) {
    name = max_8 ? "monochrome" : std::string("monochrome") + depth;
  } else if (max_420) {
    name = max_8 ? "main" : std::string("main") + depth;
  } else if (max_422) {
    name = std::string("main422-") + (max_8 ? "10" : depth);
  } else {
    name = std::string("main444-") + depth;
  }
  return intra ? name + "-intra" : name;
}

}  // namespace

std::optional<HevcProfileTierLevel> read_profile_tier_level(std::span<const std::uint8_t> annex_b) {
  const std::size_t begin = find_vps(annex_b);
  if (begin == std::string::npos) return std::nullopt;
  // 4 bytes of VPS fields, then profile_tier_level: 1 byte of space, tier and profile, 4 of
  // compatibility flags, 6 of constraint flags, the level. Emulation prevention bytes are dropped.
  std::array<std::uint8_t, 16> bytes{};
  std::size_t filled = 0;
  int zeros = 0;
  for (std::size_t i = begin; i < annex_b.size() && filled < bytes.size(); ++i) {
    if (zeros >= 2 && annex_b[i] == 3) {
      zeros = 0;
      continue;
    }
    zeros = annex_b[i] == 0 ? zeros + 1 : 0;
    bytes[filled++] = annex_b[i];
  }
  if (filled < bytes.size()) return std::nullopt;
  HevcProfileTierLevel result;
  result.tier = (bytes[4] & 0x20) != 0 ? Tier::kHigh : Tier::kMain;
  result.level_idc = bytes[15];
  switch (bytes[4] & 0x1f) {
    case 1: result.profile = "main"; break;
    case 2: result.profile = "main10"; break;
    case 3: result.profile = "mainstillpicture"; break;
    case 4: result.profile = range_extension_name(bytes[9], bytes[10]); break;
    default: result.profile = "none"; break;
  }
  return result;
}

}  // namespace jinsha
