// Delta E ITP of a picture as colours.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "mux/muxer.h"

namespace jinsha::compare {

// Black where nothing differs, then blue, magenta, red, orange, yellow, and white from here on; a step of colour for
// each doubling, so that 1, what can just be seen, is magenta.
inline constexpr double kHeatMapTop = 16;

struct HeatColor {
  double r, g, b;  // R'G'B', 0 ... 1
};
HeatColor heat_color(double delta_e);

// A PNG of `width` x `height` R'G'B' pixels.
Status write_heat_map(const std::vector<float>& differences, int width, int height, ByteSink& sink);

}  // namespace jinsha::compare
