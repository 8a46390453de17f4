#include "mux/png_convert.h"

#include <algorithm>
#include <cstring>

namespace jinsha {
namespace {

struct MatrixRow {
  Matrix matrix;
  LumaCoefficients coefficients;
};

constexpr MatrixRow kMatrices[] = {
    {Matrix::kIdentity, {0, 0}},          {Matrix::kBt709, {0.2126, 0.0722}},   {Matrix::kBt470Bg, {0.299, 0.114}},
    {Matrix::kSmpte170M, {0.299, 0.114}}, {Matrix::kSmpte240M, {0.212, 0.087}}, {Matrix::kBt2020Ncl, {0.2627, 0.0593}},
};

double sample(const Frame& frame, int plane, int x, int y) {
  const FrameLayout& layout = frame.layout();
  const std::byte* row = frame.plane(plane) + static_cast<std::size_t>(y) * layout.stride[plane];
  if (layout.format.bytes_per_sample() == 1) return static_cast<double>(std::to_integer<int>(row[x]));
  std::uint16_t value = 0;
  std::memcpy(&value, row + 2 * static_cast<std::size_t>(x), sizeof(value));
  return value;
}

void put(std::uint8_t* out, double value) {
  const auto code = static_cast<unsigned>(std::clamp(value, 0.0, 1.0) * 65535.0 + 0.5);
  out[0] = static_cast<std::uint8_t>(code >> 8);
  out[1] = static_cast<std::uint8_t>(code);
}

}  // namespace

Result<LumaCoefficients> luma_coefficients(const ColorInfo& color) {
  Matrix matrix = color.matrix;
  if (matrix == Matrix::kUnspecified) {
    matrix = color.primaries == Primaries::kBt2020 ? Matrix::kBt2020Ncl : Matrix::kBt709;
  }
  for (const MatrixRow& row : kMatrices) {
    if (row.matrix == matrix) return row.coefficients;
  }
  return make_error(ErrorCode::kNotPossible,
                    "PNG: R'G'B' cannot be made from matrix {} without the colour engine; convert with --color",
                    name_of(matrix));
}

void convert_row(const Frame& frame, const ColorInfo& color, LumaCoefficients coefficients, int y, std::uint8_t* out) {
  const FrameLayout& layout = frame.layout();
  const int depth = layout.format.depth;
  const bool full = color.range == Range::kFull;
  // H.273 equations 20 to 37: black and span of luma and R'G'B', middle and span of chroma.
  const double unit = 1 << (depth - 8);
  const double black = full ? 0 : 16 * unit;
  const double luma_span = full ? (1 << depth) - 1 : 219 * unit;
  const double middle = 1 << (depth - 1);
  const double chroma_span = full ? (1 << depth) - 1 : 224 * unit;
  const double kr = coefficients.kr;
  const double kb = coefficients.kb;
  const bool identity = kr == 0 && kb == 0;
  const int shift_x = layout.format.chroma_shift_x();
  const int chroma_y = y >> layout.format.chroma_shift_y();
  for (int x = 0; x < layout.width; ++x, out += 6) {
    const double first = (sample(frame, 0, x, y) - black) / luma_span;
    double red = first;
    double green = first;
    double blue = first;
    if (layout.format.chroma != Chroma::k400) {
      const double second = sample(frame, 1, x >> shift_x, chroma_y);
      const double third = sample(frame, 2, x >> shift_x, chroma_y);
      if (identity) {
        blue = (second - black) / luma_span;
        red = (third - black) / luma_span;
      } else {
        blue = first + 2 * (1 - kb) * (second - middle) / chroma_span;
        red = first + 2 * (1 - kr) * (third - middle) / chroma_span;
        green = (first - kr * red - kb * blue) / (1 - kr - kb);
      }
    }
    put(out, red);
    put(out + 2, green);
    put(out + 4, blue);
  }
}

}  // namespace jinsha
