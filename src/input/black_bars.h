// Black bars: how much of a picture's edges is black, letterbox and pillarbox.
#pragma once

#include <optional>

#include "media/frame.h"

namespace jinsha {

// Whole black rows and columns at the edges, in samples of the picture as coded.
struct BlackBars {
  int left = 0, top = 0, right = 0, bottom = 0;

  // What both have.
  BlackBars common_with(const BlackBars& other) const;
  // Those of the picture turned clockwise by 0, 90, 180 or 270 degrees and then mirrored left to right.
  BlackBars turned(int degrees, bool mirrored) const;
  friend bool operator==(const BlackBars&, const BlackBars&) = default;
};

// A row or column is black where its mean is at most 8 codes (of 256) above the black of the picture's range, in
// every plane of R'G'B', in luma otherwise. Empty where all of the picture is.
std::optional<BlackBars> black_bars_of(const Frame& picture);

}  // namespace jinsha
