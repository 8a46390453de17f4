// Y'CbCr and code values: ITU-R BT.709-6, BT.601-7, BT.2020-2 Tables 4 and 5, BT.2100-2 Tables 6 and 9.
#pragma once

#include <algorithm>
#include <cmath>

#include "reference/hlg.h"
#include "reference/linear.h"
#include "reference/sdr.h"

namespace jinsha::reference {

struct LumaWeights {
  double kr, kb;
};
inline constexpr LumaWeights kBt709Luma{0.2126, 0.0722};
inline constexpr LumaWeights kBt601Luma{0.299, 0.114};
inline constexpr LumaWeights kSmpte240MLuma{0.212, 0.087};
inline constexpr LumaWeights kBt2020Luma{0.2627, 0.0593};

// R'G'B' -> Y', Cb, Cr with luma of the signals ("non-constant luminance").
inline Mat3 ycbcr_matrix(const LumaWeights& w) {
  const Vec3 y{w.kr, 1 - w.kr - w.kb, w.kb};
  const Vec3 cb = scaled({-y[0], -y[1], 1 - y[2]}, 0.5 / (1 - w.kb));
  const Vec3 cr = scaled({1 - y[0], -y[1], -y[2]}, 0.5 / (1 - w.kr));
  return {y, cb, cr};
}

// Linear RGB -> Y'c, C'bc, C'rc of BT.2020-2, with luma of the luminance ("constant luminance").
inline Vec3 bt2020_cl(const Vec3& light) {
  const double y = bt709_oetf(dot(kBt2100Luminance, light));
  const double b = bt709_oetf(light[2]) - y, r = bt709_oetf(light[0]) - y;
  return {y, b / (b <= 0 ? 1.9404 : 1.5816), r / (r <= 0 ? 1.7184 : 0.9936)};
}

// Code = scale * value + offset, not rounded.
struct Quantiser {
  double scale, offset;
  double operator()(double value) const { return scale * value + offset; }
  double inverse(double code) const { return (code - offset) / scale; }
};
inline Quantiser luma_codes(int bits, bool full_range) {
  if (full_range) return {std::exp2(bits) - 1, 0};
  return {219 * std::exp2(bits - 8), 16 * std::exp2(bits - 8)};
}
inline Quantiser chroma_codes(int bits, bool full_range) {
  return {full_range ? std::exp2(bits) - 1 : 224 * std::exp2(bits - 8), std::exp2(bits - 1)};
}

// BT.2100-2 Table 9: halves away from zero; what has no code gets the nearest.
inline double rounded(double code, int bits) { return std::clamp(std::round(code), 0.0, std::exp2(bits) - 1); }
inline Vec3 ycbcr_codes(const Vec3& planes, int bits, bool full_range) {
  const Quantiser luma = luma_codes(bits, full_range), chroma = chroma_codes(bits, full_range);
  return {rounded(luma(planes[0]), bits), rounded(chroma(planes[1]), bits), rounded(chroma(planes[2]), bits)};
}

}  // namespace jinsha::reference
