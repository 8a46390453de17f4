// ColorProgram and friends: what the executors run. Plain data, no pointers into other objects:
// a program can be hashed, compared, stored and sent to another device.
//
// The executors know only these generic operations; which curve or matrix a conversion needs is
// decided by src/image, once, in double precision.
#pragma once

#include <array>
#include <cstdint>
#include <variant>
#include <vector>

namespace jinsha::kernels {

// Sample layout of one side of a program.
struct PictureFormat {
  int width = 0;
  int height = 0;
  int depth = 8;           // 8..16; > 8 stored in 16-bit words
  int chroma_shift_x = 1;  // log2
  int chroma_shift_y = 1;
  int planes = 3;  // 1: grey

  friend bool operator==(const PictureFormat&, const PictureFormat&) = default;
};

// A curve as a table over the bit pattern of a non-negative float: entry i covers the floats whose
// top bits (exponent and `mantissa_bits` of mantissa) equal first_key + i, linear in between:
// value = base + slope * (x - start of the entry). Inputs below the first entry are scaled linearly
// to zero (through the origin value `at_zero`), inputs above the last are held at `at_end`.
// Negative inputs: odd symmetry when `mirror`, else `at_zero`.
struct Curve {
  std::int32_t first_key = 0;
  int mantissa_bits = 7;
  float at_zero = 0;
  float at_end = 1;
  bool mirror = false;
  std::vector<float> base;
  std::vector<float> slope;

  friend bool operator==(const Curve&, const Curve&) = default;
};

// Three components, all at full resolution, between unpack and pack.
struct OpMatrix {  // out = m * in + offset
  std::array<float, 9> m{};
  std::array<float, 3> offset{};
};
struct OpCurve {  // each component through the same curve
  Curve curve;
};
struct OpScaleByCurve {  // rgb *= curve(s) with s = max(r, g, b) or weights . rgb
  enum class Of { kMax, kWeighted };
  Of of = Of::kMax;
  std::array<float, 3> weights{};
  Curve ratio;
};
struct OpClamp {
  float low = 0;
  float high = 1;
};
using Op = std::variant<OpMatrix, OpCurve, OpScaleByCurve, OpClamp>;

// Chroma position relative to luma: first chroma sample at (x, y) luma samples, 0 co-sited,
// 0.5 midway, 1 bottom.
struct Siting {
  float x = 0;
  float y = 0.5F;
  friend bool operator==(const Siting&, const Siting&) = default;
};

// One pass over the picture: unpack and upsample chroma to 4:4:4 float, run the ops, downsample
// chroma, quantise, pack.
struct ColorProgram {
  PictureFormat in;
  PictureFormat out;  // same width and height
  Siting in_siting;
  Siting out_siting;
  // component value = code * scale + bias on unpack; code = round(value * scale + bias) on pack,
  // clipped to [low, high].
  std::array<float, 3> unpack_scale{}, unpack_bias{};
  std::array<float, 3> pack_scale{}, pack_bias{};
  std::array<float, 3> pack_low{}, pack_high{};
  std::vector<Op> ops;
};

// Integer resampling of the planes as they are; siting kept.
struct ScaleProgram {
  PictureFormat in;
  PictureFormat out;  // depth and subsampling as `in`
  Siting siting;
  bool limited_range = true;
  // Active rectangle inside `out`, luma samples, multiples of the subsampling; outside is filled.
  int x = 0, y = 0, width = 0, height = 0;
  // Rectangle of `in` that is used.
  int crop_x = 0, crop_y = 0, crop_width = 0, crop_height = 0;
  std::array<std::uint16_t, 3> fill{};  // code of black
};

using Step = std::variant<ColorProgram, ScaleProgram>;

// Empty: the pictures pass untouched.
struct PictureProgram {
  std::vector<Step> steps;
};

}  // namespace jinsha::kernels
