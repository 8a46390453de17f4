// Bakes a function into the table the executors look up (kernels::Curve).
#pragma once

#include <functional>

#include "kernels/program.h"

namespace jinsha::image {

struct CurveRange {
  double first = 0;       // where tabulation starts, rounded down to a power of two; below: a line to at_zero
  double high = 1;        // inputs above are held at the value there
  double at_zero = 0;     // value at 0
  int mantissa_bits = 6;  // 2^bits segments an octave
  bool mirror = false;    // odd-symmetric below 0; otherwise negative inputs give at_zero
};

// Segments join the function's own values at their ends. The error inside a segment of relative
// width h = 2^-mantissa_bits is at most h^2/8 * x^2 |f''(x)|, and float rounding.
kernels::Curve bake(const std::function<double(double)>& f, const CurveRange& range);

// What the executor computes for `x`, in the same arithmetic: for tests and bounds.
float evaluate(const kernels::Curve& curve, float x);

}  // namespace jinsha::image
