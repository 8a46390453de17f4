#include "image/ycbcr.h"

namespace jinsha::image {

std::optional<LumaWeights> luma_weights_of(Matrix matrix) {
  switch (matrix) {
    case Matrix::kBt709: return LumaWeights{0.2126, 0.0722};
    case Matrix::kBt470Bg:
    case Matrix::kSmpte170M: return LumaWeights{0.299, 0.114};
    case Matrix::kSmpte240M: return LumaWeights{0.212, 0.087};
    case Matrix::kBt2020Ncl: return LumaWeights{0.2627, 0.0593};
    case Matrix::kIdentity:
    case Matrix::kUnspecified:
    case Matrix::kBt2020Cl:
    case Matrix::kIctcp: break;
  }
  return std::nullopt;
}

bool same_matrix(Matrix a, Matrix b) {
  const auto x = luma_weights_of(a), y = luma_weights_of(b);
  return a == b || (x && y && *x == *y);
}

namespace {

constexpr double kTable7 = 1.0 / 4096;  // its numbers are shares of 4096

Mat3 scaled(const Mat3& m, double factor) { return diagonal({factor, factor, factor}) * m; }

}  // namespace

Mat3 rgb_to_lms() { return scaled({{1688, 2146, 262, 683, 2951, 462, 99, 309, 3688}}, kTable7); }

std::optional<Mat3> lms_to_ictcp(Transfer transfer) {
  if (transfer == Transfer::kPq) return scaled({{2048, 2048, 0, 6610, -13613, 7003, 17933, -17390, -543}}, kTable7);
  if (transfer == Transfer::kHlg) return scaled({{2048, 2048, 0, 3625, -7465, 3840, 9500, -9212, -288}}, kTable7);
  return std::nullopt;
}

std::optional<Mat3> rgb_to_planes(Matrix matrix) {
  if (matrix == Matrix::kIdentity) return Mat3{{0, 1, 0, 0, 0, 1, 1, 0, 0}};
  const auto weights = luma_weights_of(matrix);
  if (!weights) return std::nullopt;
  const double kr = weights->kr, kb = weights->kb, kg = 1 - kr - kb;
  const double cb = 2 * (1 - kb), cr = 2 * (1 - kr);
  return Mat3{{kr, kg, kb, -kr / cb, -kg / cb, 0.5, 0.5, -kg / cr, -kb / cr}};
}

Affine quantiser(Range range, int depth, bool color_difference) {
  const double unit = static_cast<double>(1 << (depth - 8)), full = static_cast<double>((1 << depth) - 1);
  const bool limited = range != Range::kFull;
  const double luma = limited ? 219 * unit : full, luma_offset = limited ? 16 * unit : 0;
  const double chroma = limited ? 224 * unit : full, chroma_offset = 128 * unit;
  if (!color_difference) return {diagonal({luma, luma, luma}), {luma_offset, luma_offset, luma_offset}};
  return {diagonal({luma, chroma, chroma}), {luma_offset, chroma_offset, chroma_offset}};
}

}  // namespace jinsha::image
