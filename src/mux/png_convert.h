// A picture as full-range 16-bit R'G'B', for PNG: range and matrix undone, nothing else. Primaries
// and transfer stay as they are. For looking at, not for measuring: chroma is repeated, not filtered.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "media/color.h"
#include "media/frame.h"

namespace jinsha {

// The two luma coefficients that define a non-constant-luminance matrix (H.273 8.3).
struct LumaCoefficients {
  double kr = 0;
  double kb = 0;
};
// Of `matrix`, of its primaries' usual one where it is unspecified; kNotPossible for a matrix that
// is not of this kind (ICtCp, constant luminance). {0, 0} is identity: planes are G', B', R'.
Result<LumaCoefficients> luma_coefficients(const ColorInfo& color);

// Writes row `y` as big-endian R, G, B words.
void convert_row(const Frame& frame, const ColorInfo& color, LumaCoefficients coefficients, int y, std::uint8_t* out);

}  // namespace jinsha
