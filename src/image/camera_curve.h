// The logarithmic curves of cameras, and ACEScct: signals of scene light, in double precision.
#pragma once

#include "media/color.h"

namespace jinsha::image {

// Scene light: 0.18 is mid-grey, 1 a white that reflects all; signal 1 is 15 (Canon
// Log 3), 38 (S-Log3), 46 (V-Log), 55 (LogC3), 223 (ACEScct) or 470 (LogC4). `transfer` must be one of them
// (is_camera_log()).
//
// Signals E' are 0..1 over the nominal range. LogC3 and LogC4 (ARRI) and ACEScct are defined by that. S-Log3, V-Log and
// Canon Log 3 are defined by the code of 10 bits over 1023, whatever is nominal, so `range` counts.
double camera_to_scene(Transfer transfer, Range range, double signal);
double scene_to_camera(Transfer transfer, Range range, double scene);
// Scene light where a line ends and the logarithm begins; below 0 for LogC4.
double camera_toe(Transfer transfer);

}  // namespace jinsha::image
