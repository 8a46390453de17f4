// RowOps: the arithmetic of the executors on rows of samples, one table of functions per SIMD
// target. All targets give the same bits: every operation is an IEEE single-precision one, lane by
// lane, fused only where the text says fma, and no sum is reordered.
//
// This header is included by files compiled for wider machines than the rest of the program, so it
// must stay free of inline functions: one compiled with AVX-512 could be kept by the linker for
// everybody.
#pragma once

#include <cstddef>
#include <cstdint>

namespace jinsha::kernels {

// Float rows are read and written in whole vectors: up to kRowSlack floats past `n`.
inline constexpr int kRowSlack = 16;

// Views of the structs of program.h of the same name.
struct CurveView {
  float scale = 1;
  float offset = 0;
  float low = 0;
  float high = 0;
  std::int32_t shift = 0;
  std::int32_t slots = 0;
  std::int32_t degree = 0;
  bool squared = false;
  bool mirror = false;
  const float* coefficients = nullptr;  // rows of kCurveStride floats
};
inline constexpr int kCurveStride = 32;
struct TableView {
  std::int32_t size = 0;
  float scale = 1;
  float offset = 0;
  const float* values = nullptr;
};
struct Lut3View {
  std::int32_t size = 0;
  const float* scale = nullptr;   // 3
  const float* offset = nullptr;  // 3
  const float* nodes = nullptr;
};
struct FirView {
  const float* taps = nullptr;
  std::ptrdiff_t first = 0;
  int count = 0;
};

// out[i] = clip(round(in[i] * scale + bias + dither[i % kDitherPeriod])), see Dither in program.h; low and high are
// codes.
inline constexpr int kDitherPeriod = 64;
struct PackView {
  float scale = 1;
  float bias = 0;
  float low = 0;
  float high = 0;
  const float* dither = nullptr;  // null: none
};

template <typename T>
struct SampleOps {
  void (*unpack)(const T* in, float* out, int n);
  // out[i] = sum of taps[k] * rows[k][i]
  void (*mix)(const T* const* rows, const float* taps, int count, float* out, int n);
  void (*pack)(const float* in, T* out, int n, const PackView& how);
};

struct RowOps {
  const char* name;
  SampleOps<std::uint8_t> u8;
  SampleOps<std::uint16_t> u16;
  void (*mix)(const float* const* rows, const float* taps, int count, float* out, int n);
  void (*fir_same)(const float* in, FirView fir, float* out, int n);
  void (*fir_up2)(const float* in, FirView even, FirView odd, float* out, int n);  // 2 n samples out
  void (*fir_down2)(const float* in, FirView fir, float* out, int n);
  void (*matrix)(float* a, float* b, float* c, int n, const float* m, const float* offset);
  void (*curve)(float* x, int n, const CurveView& curve);
  void (*scale_by_max)(float* a, float* b, float* c, int n, const CurveView& ratio);
  void (*scale_by_weighted)(float* a, float* b, float* c, int n, const float* weights, const CurveView& ratio);
  void (*scale_by_squares)(float* a, float* b, float* c, int n, const float* weights, const CurveView& ratio);
  // x += max * lift((max - x) / max); max: of three components.
  void (*compress)(float* x, const float* max, int n, const CurveView& lift);
  void (*max_of)(const float* a, const float* b, const float* c, float* max, int n);
  // By how much all components are inside 0 ... high; below 0: outside.
  void (*margin)(const float* a, const float* b, const float* c, float high, float* out, int n);
  // out = grey + share * (x - grey)
  void (*toward)(const float* x, const float* grey, const float* share, float* out, int n);
  // middle becomes low where margin is not below 0, else high.
  void (*narrow)(const float* margin, const float* middle, float* low, float* high, int n);
  // out = x, cut to 0 ... high, where margin is below least.
  void (*replace)(const float* margin, float least, const float* x, float high, float* out, int n);
  void (*table)(float* x, int n, const TableView& table);
  void (*lut3)(float* a, float* b, float* c, int n, const Lut3View& lut);
  void (*hinge)(float* a, float* b, float* c, int n, const float* weights);
};

extern const RowOps kRowOpsScalar;
// Null where the compiler's target is not x86-64.
extern const RowOps* const kRowOpsAvx2;
extern const RowOps* const kRowOpsAvx512;

}  // namespace jinsha::kernels
