// The opto-optical transfer function of HLG, ITU-R BT.2100-2 Table 5 and BT.2390-10 clause 6.2.
#pragma once

namespace jinsha::image {

// The display every HLG signal passes through when it is converted (BT.2390 clause 7, BT.2408
// clause 6): because both directions use the same one, they undo each other.
inline constexpr double kHlgBridgeNits = 1000;
inline constexpr double kHlgBridgeGamma = 1.2;

// Display light of one component = gain * scene light, gain depending on scene luminance.
double hlg_ootf_gain(double scene_luminance, double peak_nits, double gamma);
// Scene light of one component = gain * display light in cd/m2.
double hlg_inverse_ootf_gain(double display_luminance_nits, double peak_nits, double gamma);

}  // namespace jinsha::image
