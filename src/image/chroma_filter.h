// Filters that bring chroma from one grid to another, derived from the sitings of both sides.
//
// Interpolation: Keys cubic convolution (a = -0.5), 4 taps (R. Keys, IEEE Trans. ASSP 29, 1981).
// Decimation by two: Lanczos with 2 lobes over the wider grid, 7 taps on a co-sited axis, 8 on a
// midway one; both have a zero where the interpolator's images lie.
#pragma once

#include "kernels/program.h"
#include "media/color.h"
#include "media/pixel_format.h"

namespace jinsha::image {

// H.273 8.7 / H.265 Figure E.1. For 4:2:2 only the horizontal part matters; for 4:4:4 none.
kernels::Siting siting_of(ChromaLocation location);

// From chroma subsampled by 2^in_shift at `in_siting` to 2^out_shift at `out_siting` along one
// axis; shifts are 0 or 1, the siting of an axis that is not subsampled is ignored.
kernels::ChromaAxis chroma_axis(int in_shift, double in_siting, int out_shift, double out_siting);

}  // namespace jinsha::image
