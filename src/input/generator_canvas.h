// GeneratorCanvas: a landscape larger than the picture, painted once and panned over.
#pragma once

#include <cstdint>
#include <vector>

#include "input/generator_look.h"
#include "media/pixel_format.h"

namespace jinsha {

class GeneratorCanvas {
 public:
  // width and height of the picture; the canvas is larger by margin_x(), margin_y().
  GeneratorCanvas(const GeneratorLook& look, int width, int height, std::uint32_t seed);

  int margin_x() const { return margin_x_; }
  int margin_y() const { return margin_y_; }
  // First sample of the row `y` of `plane`, both counted in that plane's samples.
  const std::byte* row(int plane, int x, int y) const;
  std::uint64_t bytes() const { return memory_.size(); }
  // Average of the light of the brightest component over the picture panned to (x, y), from one
  // sample in each 8x8.
  double average_nits(int x, int y) const;

 private:
  template <typename Sample>
  void paint(const GeneratorLook& look, std::uint32_t seed);
  void measure(const GeneratorLook& look);

  int width_, height_;
  int margin_x_, margin_y_;
  FrameLayout layout_;
  std::vector<std::byte> memory_;
  // Sums of sampled light over the rectangle above and left of each grid point.
  int grid_columns_ = 0, grid_rows_ = 0;
  std::vector<double> sums_;
};

}  // namespace jinsha
