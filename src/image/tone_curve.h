// Tone curves: how luminance above what the target can show is brought down.
#pragma once

#include "image/image_plan.h"

namespace jinsha::image {

// ITU-R BT.2390-10 clause 5.4.1 EETF, cd/m2 in and out.
struct Eetf {
  double source_black = 0, source_white = 1000;
  double target_black = 0, target_white = 100;
};
double apply(const Eetf& eetf, double nits);

// Curves for relative light: 1 is the target's peak, `peak` >= 1 the source's; peak maps to 1.
double hable_curve(double x, double peak);     // J. Hable, "Filmic Tonemapping Operators", GDC 2010
double reinhard_curve(double x, double peak);  // Reinhard et al. 2002, equation 4
double mobius_curve(double x, double peak);    // linear to 0.3, then a Moebius transform

// `curve` must not be kAuto, nor one that is not a curve of max(R, G, B): BT.2446 and BT.2408. Light above the source's
// peak is held at the target's.
double tone_map_nits(ToneMap curve, double nits, double source_peak_nits, double target_peak_nits);

// Light up to which tone_map_nits() leaves light alone; 0: none.
double tone_map_knee_nits(ToneMap curve, double source_peak_nits, double target_peak_nits);

}  // namespace jinsha::image
