// Y'CbCr and quantisation: ITU-T H.273 8.3, ITU-R BT.709, BT.601, BT.2020, BT.2100.
#pragma once

#include <optional>

#include "image/matrix3.h"
#include "media/color.h"

namespace jinsha::image {

struct LumaWeights {
  double kr, kb;
  friend bool operator==(const LumaWeights&, const LumaWeights&) = default;
};
// Empty for matrices that are not R'G'B' <-> Y'CbCr with constant weights (constant luminance,
// ICtCp, unknown ones).
std::optional<LumaWeights> luma_weights_of(Matrix matrix);
// Code points that mean the same numbers count as the same: BT.470 BG and SMPTE 170M.
bool same_matrix(Matrix a, Matrix b);

// R'G'B' to the three planes in plane order, values 0..1 and -0.5..0.5: Y' Cb Cr, or G' B' R' for
// Matrix::kIdentity. Empty where luma_weights_of is and `matrix` is not kIdentity.
std::optional<Mat3> rgb_to_planes(Matrix matrix);

// BT.2100-2 Table 7: linear R, G, B of BT.2020 to L, M, S; L', M', S', which are those through the curve of PQ or HLG,
// to I, Ct, Cp. Empty for other transfers.
Mat3 rgb_to_lms();
std::optional<Mat3> lms_to_ictcp(Transfer transfer);

// Plane values to code values of `depth` bits (not rounded). `color_difference`: planes 1 and 2 are
// Cb and Cr.
Affine quantiser(Range range, int depth, bool color_difference);

}  // namespace jinsha::image
