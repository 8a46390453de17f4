// ColorProgram and friends: what the executors run. Plain data, no pointers into other objects:
// a program can be hashed, compared, stored and sent to another device.
//
// The executors know only these generic operations; which curve, matrix or filter a conversion
// needs is decided by src/image, once, in double precision.
#pragma once

#include <array>
#include <cstdint>
#include <variant>
#include <vector>

namespace jinsha::kernels {

// Sample layout of one side of a step.
struct PictureFormat {
  int width = 0;
  int height = 0;
  int depth = 8;           // 8..16; > 8 stored in 16-bit words
  int chroma_shift_x = 1;  // log2
  int chroma_shift_y = 1;
  int planes = 3;  // 1: grey

  friend bool operator==(const PictureFormat&, const PictureFormat&) = default;
};

// A curve as polynomials over pieces of its domain, few enough that their coefficients fit in registers:
//   t = min(max(fma(x, scale, offset), low), high), of |x| when `mirror`
//   slot = (bits(t) >> shift) % slots;  u = the float of exponent 0 with the low `shift` bits of t, - 1
//   v = coefficients[0][slot];  v = fma(v, u, coefficients[k][slot]) for k = 1 ... degree
//   value = v, or v * v when `squared`, with the sign of x when `mirror`
// With offset 0 the pieces are parts of octaves, with t between two powers of two all are of one width.
inline constexpr int kMaxCurveDegree = 6;
inline constexpr int kMaxCurveSlots = 32;
struct Curve {
  float scale = 1;
  float offset = 0;
  float low = 0;
  float high = 1;
  std::int32_t shift = 23;
  std::int32_t slots = kMaxCurveSlots;  // 16 or 32
  std::int32_t degree = 2;              // 2 ... kMaxCurveDegree
  bool squared = false;
  bool mirror = false;
  std::array<std::array<float, kMaxCurveSlots>, kMaxCurveDegree + 1> coefficients{};

  friend bool operator==(const Curve&, const Curve&) = default;
};

// A filter: out[i] = sum of taps[k] * in[i * step + first + k], edge samples repeated.
inline constexpr int kMaxTaps = 8;
struct Fir {
  std::int32_t first = 0;
  std::int32_t count = 1;  // 1..kMaxTaps, first and count within +-16
  std::array<float, kMaxTaps> taps{1.0F};

  friend bool operator==(const Fir&, const Fir&) = default;
};

// What happens to chroma along one axis.
struct ChromaAxis {
  enum class Kind {
    kSame,  // step 1, phase[0]; {0, 1, {1}} leaves the samples alone
    kUp2,   // even output samples from phase[0], odd ones from phase[1], step 1 each
    kDown2  // step 2, phase[0]
  };
  Kind kind = Kind::kSame;
  std::array<Fir, 2> phase{};

  friend bool operator==(const ChromaAxis&, const ChromaAxis&) = default;
};

// Operations on three components at full resolution, between unpack and pack. The first op gets
// code values, the last leaves code values: quantisation is folded into the matrices.
struct OpMatrix {  // out = m * in + offset
  std::array<float, 9> m{};
  std::array<float, 3> offset{};
  friend bool operator==(const OpMatrix&, const OpMatrix&) = default;
};
struct OpCurve {  // each component through the same curve
  Curve curve;
  friend bool operator==(const OpCurve&, const OpCurve&) = default;
};
struct OpScaleByCurve {  // abc *= ratio(s) with s = max(a, b, c), weights . abc or weights . squares of abc
  enum class Of { kMax, kWeighted, kWeightedSquares };
  Of of = Of::kMax;
  std::array<float, 3> weights{};
  Curve ratio;
  friend bool operator==(const OpScaleByCurve&, const OpScaleByCurve&) = default;
};
struct OpHinge {  // abc -= max(weights . abc, 0)
  std::array<float, 3> weights{};
  friend bool operator==(const OpHinge&, const OpHinge&) = default;
};
struct OpCompress {           // m = max(a, b, c); x += m * lift[x]((m - x) / m) for x of a, b, c
  std::array<Curve, 3> lift;  // 0 where there is nothing to do, and at its lower end
  friend bool operator==(const OpCompress&, const OpCompress&) = default;
};
// Colours with a component outside 0 ... high lose colour until there is none, along lines of constant intensity and
// hue: with s = signal(to_cones * abc) and grey i = (s0 + s1) / 2, they become from_cones * light(i + t (s - i)), for
// the largest t of 0 ... 1 with which that is inside, found by halving kReduceSteps times; then cut. Components by no
// more than kReduceTolerance outside stay as they are.
inline constexpr int kReduceSteps = 20;
inline constexpr float kReduceTolerance = 1e-6F;
struct OpReduceChroma {
  float high = 1;
  std::array<float, 9> to_cones{}, from_cones{};
  Curve signal, light;
  friend bool operator==(const OpReduceChroma&, const OpReduceChroma&) = default;
};
// Tables of any shape: t = min(max(fma(x, scale, offset), 0), size - 1) between entries floor(t) and the next.
struct OpTable {  // each component through a table of its own, linear in between
  std::int32_t size = 2;
  std::array<float, 3> scale{}, offset{};
  std::vector<float> values;  // that of a, of b, of c
  friend bool operator==(const OpTable&, const OpTable&) = default;
};
struct OpLut3 {           // all three through a cube of size^3 nodes, tetrahedral in between
  std::int32_t size = 2;  // 2 ... kMaxLut3Side
  std::array<float, 3> scale{}, offset{};
  std::vector<float> nodes;  // a, b, c and one float of nothing; a runs fastest
  friend bool operator==(const OpLut3&, const OpLut3&) = default;
};
inline constexpr int kMaxLut3Side = 129;  // four floats a node: their count must be exact in a float
using Op = std::variant<OpMatrix, OpCurve, OpScaleByCurve, OpHinge, OpCompress, OpReduceChroma, OpTable, OpLut3>;

// Dither: what is added to samples before they are rounded, in codes, by position: kDitherSide rows of kDitherSide
// values, the same for every picture; empty: nothing. Samples that are whole codes already, to 1/256, stay them.
inline constexpr int kDitherSide = 64;
using Dither = std::vector<float>;

// One pass over the picture: unpack, bring chroma to full resolution (kSame identity or kUp2), run
// the ops, bring chroma to the output's resolution (kSame identity or kDown2), dither, round and clip
// to [low, high], pack. A grey side has no chroma: its components 1 and 2 read as 0.
struct ColorProgram {
  PictureFormat in;
  PictureFormat out;  // same width and height
  ChromaAxis in_x, in_y, out_x, out_y;
  std::vector<Op> ops;
  Dither dither;
  std::array<float, 3> low{}, high{};

  friend bool operator==(const ColorProgram&, const ColorProgram&) = default;
};

// Each plane by itself: code = round(code * scale + bias + dither), clipped; chroma planes filtered before.
// For what does not mix components: depth, range, chroma format, siting.
struct PlaneProgram {
  PictureFormat in;
  PictureFormat out;  // same width and height; a grey input fills chroma with `bias`
  ChromaAxis chroma_x, chroma_y;
  std::array<float, 3> scale{1.0F, 1.0F, 1.0F}, bias{};
  Dither dither;
  std::array<float, 3> low{}, high{};

  friend bool operator==(const PlaneProgram&, const PlaneProgram&) = default;
};

// Chroma position relative to luma: first chroma sample at (x, y) luma samples, 0 co-sited,
// 0.5 midway, 1 bottom.
struct Siting {
  float x = 0;
  float y = 0.5F;
  friend bool operator==(const Siting&, const Siting&) = default;
};

// Integer resampling of the planes as they are; siting kept.
struct ScaleProgram {
  // Kernels by what they reach on each side, in samples of the coarser grid: 1; 2, Mitchell and Netravali's with B and
  // C of 1/3; 3; 3, the cubic spline of six samples.
  enum class Filter { kBilinear, kBicubic, kLanczos, kSpline };
  Filter filter = Filter::kLanczos;
  PictureFormat in;
  PictureFormat out;  // depth and subsampling as `in`
  Siting siting;
  // Active rectangle inside `out`, luma samples, multiples of the subsampling; outside is filled.
  int x = 0, y = 0, width = 0, height = 0;
  // Rectangle of `in` that is used, multiples of the subsampling.
  int crop_x = 0, crop_y = 0, crop_width = 0, crop_height = 0;
  std::array<std::uint16_t, 3> fill{};  // code of black

  friend bool operator==(const ScaleProgram&, const ScaleProgram&) = default;
};

// Samples change places: rotated clockwise by 0, 90, 180 or 270 degrees, then mirrored left to right.
struct OrientProgram {
  PictureFormat in;
  PictureFormat out;  // sides swapped by a quarter turn; chroma not subsampled
  int rotation_degrees = 0;
  bool mirrored = false;

  friend bool operator==(const OrientProgram&, const OrientProgram&) = default;
};

using Step = std::variant<ColorProgram, PlaneProgram, ScaleProgram, OrientProgram>;

// Empty: the pictures pass untouched.
struct PictureProgram {
  std::vector<Step> steps;

  friend bool operator==(const PictureProgram&, const PictureProgram&) = default;
};

}  // namespace jinsha::kernels
