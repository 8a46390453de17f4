// Float rows in scratch memory, with room on both sides for filters and whole-vector access.
#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/program.h"
#include "kernels/row_ops.h"

namespace jinsha::kernels {

// Filters reach at most kMaxTaps + 16 samples outside a row, vectors kRowSlack (twice that where
// two samples are read or written for one).
inline constexpr int kRowMargin = 64;

// Floats one row of `width` samples takes.
inline std::size_t row_floats(int width) {
  return static_cast<std::size_t>((width + kRowSlack - 1) / kRowSlack * kRowSlack + 2 * kRowMargin);
}

// Hands out rows of a zeroed scratch block; the sample 0 of each is 64-byte aligned when the block is.
class RowAllocator {
 public:
  explicit RowAllocator(float* scratch) : next_(scratch) {}
  float* take(int width) {
    float* row = next_ + kRowMargin;
    next_ += row_floats(width);
    return row;
  }

 private:
  float* next_;
};

// Repeats the first and last sample outwards as far as filters reach.
inline void extend_edges(float* row, int width) {
  constexpr int kReach = kMaxTaps + 16;
  std::fill(row - kReach, row, row[0]);
  std::fill(row + width, row + width + kReach, row[width - 1]);
}

inline FirView view(const Fir& fir) { return {fir.taps.data(), fir.first, fir.count}; }
static_assert(kCurveStride == kMaxCurveSlots);
inline CurveView view(const Curve& curve) {
  return {curve.scale, curve.offset, curve.low,     curve.high,   curve.shift,
          curve.slots, curve.degree, curve.squared, curve.mirror, curve.coefficients[0].data()};
}

static_assert(kDitherPeriod == kDitherSide);
// What is added to row y of a plane; null: nothing. Planes start at different rows, lest their patterns add up.
inline const float* dither_row(const Dither& dither, int plane, int y) {
  constexpr int kPlaneShift = 21;
  if (dither.empty()) return nullptr;
  return dither.data() + static_cast<std::size_t>((y + plane * kPlaneShift) % kDitherSide) * kDitherSide;
}

inline bool is_identity(const ChromaAxis& axis) {
  return axis.kind == ChromaAxis::Kind::kSame && axis.phase[0] == Fir{};
}

// The filter of output sample `index` along an axis, and the input sample its `first` counts from.
struct AxisPosition {
  const Fir* fir;
  int base;
};
inline AxisPosition position(const ChromaAxis& axis, int index) {
  switch (axis.kind) {
    case ChromaAxis::Kind::kSame: return {&axis.phase[0], index};
    case ChromaAxis::Kind::kUp2: return {&axis.phase[static_cast<std::size_t>(index & 1)], index >> 1};
    case ChromaAxis::Kind::kDown2: return {&axis.phase[0], 2 * index};
  }
  return {&axis.phase[0], index};
}

// One row along a horizontal axis: n_in samples of `in` (edges extended here) to n_out of `out`.
// `in` and `out` differ.
inline void filter_row(const RowOps& ops, const ChromaAxis& axis, float* in, int n_in, float* out, int n_out) {
  extend_edges(in, n_in);
  switch (axis.kind) {
    case ChromaAxis::Kind::kSame: ops.fir_same(in, view(axis.phase[0]), out, n_out); break;
    case ChromaAxis::Kind::kUp2: ops.fir_up2(in, view(axis.phase[0]), view(axis.phase[1]), out, (n_out + 1) / 2); break;
    case ChromaAxis::Kind::kDown2: ops.fir_down2(in, view(axis.phase[0]), out, n_out); break;
  }
}

}  // namespace jinsha::kernels
