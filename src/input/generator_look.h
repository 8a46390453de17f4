// What the generator paints with: signal levels and colours for each transfer, as sample codes.
#pragma once

#include <array>
#include <cstdint>

#include "input/generator.h"
#include "media/color.h"
#include "media/hdr_metadata.h"

namespace jinsha {

// One colour as codes of Y, Cb, Cr and the light of its brightest component.
struct PaintCode {
  std::array<std::uint16_t, 3> ycbcr{};
  double max_rgb_nits = 0;
};

class GeneratorLook {
 public:
  GeneratorLook(GeneratorColor color, int depth);

  const ColorInfo& color() const { return color_; }
  int depth() const { return depth_; }

  // Sample codes of limited range; `luma` 0..1, `chroma` -0.5..0.5.
  std::uint16_t luma_code(double luma) const;
  std::uint16_t chroma_code(double chroma) const;
  // Light of the brightest component of a sample, cd/m2 (HLG: on a 1000 cd/m2 display, grey).
  double max_rgb_nits(int y, int cb, int cr) const;

  double texture_low() const { return texture_low_; }    // signal range of the landscape
  double texture_high() const { return texture_high_; }  // at most, chroma and detail included
  double peak_signal() const { return peak_signal_; }    // of the highlights: 1000 cd/m2 in PQ

  PaintCode grey(double signal) const;
  // Saturated colour `index` 0..5 (red, green, blue, cyan, magenta, yellow): primaries of P3-D65 in
  // BT.2020 for HDR, of BT.709 for SDR.
  PaintCode saturated(int index) const;

 private:
  PaintCode paint(double r, double g, double b) const;  // signal values
  double to_signal(double linear) const;                // 0..1 of the saturated colours' level

  ColorInfo color_;
  GeneratorColor kind_;
  int depth_;
  double kr_, kb_;
  double texture_low_, texture_high_, peak_signal_;
};

}  // namespace jinsha
