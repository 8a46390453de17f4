// Bakes a function into the polynomials the executors evaluate (kernels::Curve).
#pragma once

#include <functional>

#include "kernels/program.h"

namespace jinsha::image {

struct CurveSpec {
  enum class Pieces {
    kUniform,   // of one width from 0 to high
    kFromZero,  // from low to high, ever finer towards low: for what is steep there
    kOctaves,   // equal parts of octaves from low to high: for light
  };
  Pieces pieces = Pieces::kUniform;
  double low = 0;   // inputs below are held there; kUniform: 0
  double high = 1;  // inputs above are held there
  // Where two pieces meet, > 0: a corner of the function; for kOctaves a power of two times it. One nearer to 0 than
  // the first piece is wide is not met.
  double corner = 0;
  bool root = false;    // fit the square root of the function, which must not be negative: steep at 0
  bool mirror = false;  // odd-symmetric below 0; otherwise what is below `low` is held there
  // What a deviation costs: the distance of costs of two values of the function at `x`. Not more than `tolerance` is
  // wanted; where no degree reaches it, the best there is.
  std::function<double(double x, double value)> cost = [](double, double value) { return value; };
  double tolerance = 1e-6;
};

// `error`, if not null: the largest distance of costs found, in the arithmetic of the executors.
kernels::Curve bake(const std::function<double(double)>& f, const CurveSpec& spec, double* error = nullptr);

// What the executor computes for `x`, bit for bit: for tests and bounds.
float evaluate(const kernels::Curve& curve, float x);

}  // namespace jinsha::image
