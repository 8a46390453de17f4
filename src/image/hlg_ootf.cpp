#include "image/hlg_ootf.h"

#include <cmath>

namespace jinsha::image {

double hlg_ootf_gain(double scene_luminance, double peak_nits, double gamma) {
  return scene_luminance <= 0 ? 0 : peak_nits * std::pow(scene_luminance, gamma - 1);
}

double hlg_inverse_ootf_gain(double display_luminance_nits, double peak_nits, double gamma) {
  return display_luminance_nits <= 0 ? 0
                                     : std::pow(display_luminance_nits / peak_nits, (1 - gamma) / gamma) / peak_nits;
}

}  // namespace jinsha::image
