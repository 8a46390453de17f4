#include "input/picture_header.h"

#include <fmt/core.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>

#include "input/frame_rate.h"
#include "input/scene_light.h"

namespace jinsha {
namespace {

// Numbers of a header in either order of bytes; beyond the end there is nothing.
class Fields {
 public:
  Fields(std::span<const std::uint8_t> bytes, bool little) : bytes_(bytes), little_(little) {}

  bool has(std::size_t at, std::size_t count) const { return at <= bytes_.size() && bytes_.size() - at >= count; }
  std::uint8_t u8(std::size_t at) const { return has(at, 1) ? bytes_[at] : 0xFF; }
  std::uint32_t u16(std::size_t at) const {
    if (!has(at, 2)) return 0xFFFF;
    const std::uint32_t a = bytes_[at], b = bytes_[at + 1];
    return little_ ? b << 8 | a : a << 8 | b;
  }
  std::uint32_t u32(std::size_t at) const {
    if (!has(at, 4)) return 0xFFFF'FFFF;
    return little_ ? u16(at + 2) << 16 | u16(at) : u16(at) << 16 | u16(at + 2);
  }
  float r32(std::size_t at) const { return std::bit_cast<float>(u32(at)); }

 private:
  std::span<const std::uint8_t> bytes_;
  bool little_;
};

Rational rate_of(float value) {
  if (!std::isfinite(value) || value <= 0 || value > 1000) return {};
  return usual_rate({std::llround(static_cast<double>(value) * 1000), 1000});
}

// ST 268-1 Tables 5A and 5B. Film densities are no light that could be converted without knowing the film.
void read_dpx_color(const Fields& fields, PictureHeader& header) {
  constexpr std::size_t kLowCode = 784, kHighCode = 792, kTransfer = 801, kColorimetric = 802, kDepth = 803;
  const int transfer = fields.u8(kTransfer), colorimetric = fields.u8(kColorimetric);
  switch (transfer) {
    case 2:
      // FFmpeg writes "linear" into every DPX, so it says nothing.
      header.warnings.emplace_back(
          "The DPX header says the samples are linear, as writers of video do too: they are taken for video; "
          "--input-transfer linear says otherwise.");
      break;
    case 5:
    case 6: header.color.transfer = Transfer::kBt709; break;
    case 7:
    case 8: header.color.transfer = Transfer::kSmpte170M; break;
    case 1:
    case 3:
    case 13:
      header.warnings.push_back(fmt::format(
          "The DPX header says the samples are {}: they are taken for video, as film densities are not converted; "
          "--input-transfer and the like say otherwise.",
          transfer == 1   ? "printing densities"
          : transfer == 3 ? "logarithmic"
                          : "ADX densities"));
      break;
    default: break;
  }
  switch (colorimetric) {
    case 5:
    case 6: header.color.primaries = Primaries::kBt709; break;
    case 7: header.color.primaries = Primaries::kBt470Bg; break;
    case 8: header.color.primaries = Primaries::kSmpte170M; break;
    default: break;
  }
  // Reference low and high codes are those of black and white.
  const std::uint32_t depth = fields.u8(kDepth);
  if (depth < 8 || depth > 16) return;
  const std::uint32_t low = fields.u32(kLowCode), high = fields.u32(kHighCode);
  if (low == 16U << (depth - 8) && high == 235U << (depth - 8)) header.color.range = Range::kLimited;
  if (low == 0 && high == (1U << depth) - 1) header.color.range = Range::kFull;
}

void read_png_chromaticities(const Fields& fields, std::size_t at, PictureHeader& header) {
  constexpr double kUnit = 100'000;
  // White first in the file.
  constexpr std::array<std::size_t, 8> kOrder{6, 7, 0, 1, 2, 3, 4, 5};
  PrimaryPoints points{};
  for (std::size_t i = 0; i < 8; ++i) points[kOrder[i]] = fields.u32(at + 4 * i) / kUnit;
  if (const auto primaries = nearest_primaries(points)) {
    header.color.primaries = *primaries;
  } else {
    header.warnings.emplace_back("The chromaticities of the PNG file are those of no known set: they are not applied.");
  }
}

void read_png_gamma(std::uint32_t gamma, PictureHeader& header) {
  constexpr std::uint32_t kGamma22 = 45'455, kGamma28 = 35'714, kLinear = 100'000;  // 100000 / exponent
  constexpr std::uint32_t kRounding = 60;
  const auto near = [&](std::uint32_t value) { return gamma + kRounding >= value && gamma <= value + kRounding; };
  if (near(kGamma22)) {
    header.color.transfer = Transfer::kGamma22;
  } else if (near(kGamma28)) {
    header.color.transfer = Transfer::kGamma28;
  } else if (near(kLinear)) {
    header.color.transfer = Transfer::kLinear;
  } else {
    header.warnings.push_back(
        fmt::format("The PNG file has a gamma of {:.5f}, which is not applied.", static_cast<double>(gamma) / 1e5));
  }
}

}  // namespace

std::string timecode_text(std::uint32_t word) {
  if (word == 0) return {};
  constexpr int kLimits[4] = {24, 60, 60, 60};
  int parts[4];
  for (int i = 0; i < 4; ++i) {
    const std::uint32_t pair = word >> (24 - 8 * i) & 0xFF;
    if ((pair >> 4) > 9 || (pair & 15) > 9) return {};
    parts[i] = static_cast<int>((pair >> 4) * 10 + (pair & 15));
    if (parts[i] >= kLimits[i]) return {};
  }
  return fmt::format("{:02}:{:02}:{:02}:{:02}", parts[0], parts[1], parts[2], parts[3]);
}

PictureHeader read_dpx_header(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kOrientation = 768, kWidth = 772, kFilmRate = 1724, kTimecode = 1920, kVideoRate = 1940;
  PictureHeader header;
  if (bytes.size() < 4) return header;
  const Fields fields(bytes, bytes[0] == 'X');
  if (fields.has(kOrientation, 64)) {
    header.width = fields.u32(kWidth);
    header.height = fields.u32(kWidth + 4);
    read_dpx_color(fields, header);
    const std::uint32_t orientation = fields.u16(kOrientation);
    if (orientation > 0 && orientation <= 7) {
      header.losses.push_back(fmt::format(
          "orientation {} of the DPX header (not left to right, top to bottom): the pictures are passed on as stored",
          orientation));
    }
  }
  header.frame_rate = rate_of(fields.r32(kVideoRate));
  if (!header.frame_rate.valid()) header.frame_rate = rate_of(fields.r32(kFilmRate));
  header.timecode = timecode_text(fields.u32(kTimecode));
  return header;
}

PictureHeader read_png_header(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kSignatureBytes = 8, kChunkHead = 8, kChecksum = 4;
  PictureHeader header;
  const Fields fields(bytes, false);
  bool cicp = false, srgb = false;
  std::optional<std::size_t> chromaticities;
  std::optional<std::uint32_t> gamma;
  for (std::size_t at = kSignatureBytes; fields.has(at, kChunkHead);) {
    const std::size_t length = fields.u32(at), body = at + kChunkHead;
    const std::string_view name(reinterpret_cast<const char*>(bytes.data()) + at + 4, 4);
    if (name == "IDAT" || name == "IEND" || !fields.has(body, length)) break;
    if (name == "IHDR" && length >= 8) {
      header.width = fields.u32(body);
      header.height = fields.u32(body + 4);
    }
    if (name == "cICP" && length == 4) {
      cicp = true;
      header.color.primaries = static_cast<Primaries>(fields.u8(body));
      header.color.transfer = static_cast<Transfer>(fields.u8(body + 1));
      header.color.range = fields.u8(body + 3) != 0 ? Range::kFull : Range::kLimited;
    }
    if (name == "sRGB") srgb = true;
    if (name == "cHRM" && length == 32) chromaticities = body;
    if (name == "gAMA" && length == 4) gamma = fields.u32(body);
    if (name == "iCCP") {
      header.warnings.emplace_back("The ICC profile in the PNG file is not applied.");
    }
    at = body + length + kChecksum;
  }
  // PNG 3rd edition, 4.3: cICP before iCCP before sRGB before gAMA and cHRM.
  if (cicp) return header;
  if (srgb) {
    header.color.primaries = Primaries::kBt709;
    header.color.transfer = Transfer::kSrgb;
    return header;
  }
  if (chromaticities) read_png_chromaticities(fields, *chromaticities, header);
  if (gamma) read_png_gamma(*gamma, header);
  return header;
}

}  // namespace jinsha
