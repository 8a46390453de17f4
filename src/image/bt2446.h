// ITU-R BT.2446-1: conversion between SDR and HDR of 1000 cd/m2 or more, on BT.2020 components.
#pragma once

#include "image/matrix3.h"

namespace jinsha::image {

// Luma weights of clause 4 and luminance weights of clause 5.
inline constexpr Vec3 kBt2446Weights{0.2627, 0.6780, 0.0593};

// Method A, clause 4.2: luma of HDR light raised to 1/2.4, 1 at `hdr_peak_nits`, to luma of SDR.
double bt2446a_luma(double luma, double hdr_peak_nits, double sdr_peak_nits);
// Where the text's two curves for it do not quite meet.
double bt2446a_jump_luma(double hdr_peak_nits);
// Colour differences shrink by this beside luma, and C'r above 0 takes this share of itself from luma.
inline constexpr double kBt2446aChroma = 1 / 1.1;
inline constexpr double kBt2446aRedShare = 0.1;
inline constexpr double kBt2446aCrDivisor = 1.4746;

// Method A, clause 4.3: luma of SDR, 1 at white, to luma of HDR of 1000 cd/m2, 1 at its peak. Not quite the inverse.
double bt2446a_inverse_luma(double luma);
inline constexpr double kBt2446aInverseChroma = 1.075;
inline constexpr double kBt2446aInverseCorner = 70.0 / 255;

// Method C, clause 5: luminance of HDR to that of SDR with a white of 100 cd/m2, which 1000 cd/m2 exceed (118.4), and
// back.
double bt2446c(double nits);
double bt2446c_inverse(double nits);
inline constexpr double kBt2446cKneeNits = 58.535046 / 0.83802;  // of HDR; below, a line
inline constexpr double kBt2446cInverseKneeNits = 58.535046;     // of SDR
Mat3 bt2446c_crosstalk();                                        // alpha 0.04
inline constexpr double kBt2446SdrWhiteNits = 100, kBt2446HdrPeakNits = 1000;

}  // namespace jinsha::image
