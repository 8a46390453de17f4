// Squared errors of the planes, plain for PSNR and weighted for XPSNR.
//
// The weights are those of C. R. Helmrich, M. Siekmann, S. Becker, S. Bosse, D. Marpe, T. Wiegand, "XPSNR: A
// Low-Complexity Extension of the Perceptually Weighted Peak Signal-to-Noise Ratio for High-Resolution Video Quality
// Assessment", IEEE ICASSP 2020: errors count less where the reference is busy in space or time.
#pragma once

#include <array>

#include "base/thread_pool.h"
#include "base/time.h"
#include "media/frame.h"

namespace jinsha::compare {

// Of each plane, in squared code values a sample; 0 for planes there are not.
struct PlaneErrors {
  std::array<double, 3> mean_square{};
  std::array<double, 3> weighted_mean_square{};
};

// The picture to be judged and its reference, with the two pictures of the reference before that one (none: itself).
struct Moment {
  Frame reference;
  Frame before;
  Frame before_that;
  Frame other;
};

// All frames have one format and size. Does not depend on the threads of `pool`.
PlaneErrors plane_errors(const Moment& moment, Rational frame_rate, ThreadPool& pool);

}  // namespace jinsha::compare
