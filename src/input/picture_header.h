// What DPX and PNG files say in their headers that libavcodec does not pass on, or not in every version.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "media/color.h"

namespace jinsha {

struct PictureHeader {
  std::int64_t width = 0;  // 0: not known from here
  std::int64_t height = 0;
  ColorInfo color;           // kUnspecified where nothing unambiguous is said
  Rational frame_rate = {};  // not valid when not said
  std::string timecode;      // "01:02:03:04", empty when not said
  std::vector<std::string> warnings;
  std::vector<std::string> losses;
};

// SMPTE ST 268-1. `bytes` begin with the file; a short header says less.
PictureHeader read_dpx_header(std::span<const std::uint8_t> bytes);

// ISO/IEC 15948 chunks before the picture data: cICP, sRGB, gAMA, cHRM, iCCP.
PictureHeader read_png_header(std::span<const std::uint8_t> bytes);

// "hh:mm:ss:ff" of a SMPTE ST 12-1 word of packed decimal digits, hours first; empty when it is none. Nothing but
// zeros is what writers without timecode leave.
std::string timecode_text(std::uint32_t word);

}  // namespace jinsha
