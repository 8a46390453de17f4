// What the two pictures of a comparison are, and which metrics they allow.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "compare/itp.h"
#include "input/source.h"

namespace jinsha::compare {

struct Side {
  std::string path;
  std::string container;
  std::string codec;
  PixelFormat format;
  int width = 0;
  int height = 0;
  Rational frame_rate;
  bool variable_rate = false;
  ColorInfo color;  // resolved: as stated, else as the other side states it, else by convention
};

struct Sides {
  Side reference, other;
  std::vector<std::string> notes;    // sentences: what was assumed, and what to keep in mind
  std::string no_code_values;        // why PSNR, SSIM and XPSNR cannot be measured; empty: they can
  std::string no_light;              // why Delta E ITP cannot; empty: it can
  std::vector<ItpDecoder> decoders;  // of the reference and the other; empty: no_light says why
};

// kInput where the sizes differ or nothing can be measured.
Result<Sides> match_sides(const SourceInfo& reference, const FrameLayout& reference_layout, const SourceInfo& other,
                          const FrameLayout& other_layout);

}  // namespace jinsha::compare
