// SSIM of plane 0: Wang, Bovik, Sheikh, Simoncelli, "Image Quality Assessment: From Error Visibility to Structural
// Similarity", IEEE Trans. Image Processing 13(4), 2004, equation 13 with K1 = 0.01, K2 = 0.03.
#pragma once

#include "base/thread_pool.h"
#include "media/frame.h"

namespace jinsha::compare {

// Mean over windows of 8x8 samples, equally weighted, 4 samples apart, with unbiased variances: the windows of x264 and
// of FFmpeg's filter. A side below 8 samples is one window. -1 ... 1, 1 for equal planes. Both frames have one format
// and size. Does not depend on the threads of `pool`.
double ssim(const Frame& reference, const Frame& other, ThreadPool& pool);

}  // namespace jinsha::compare
