// Which constant rate the pictures of a source are put on.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace jinsha {

struct RateEvidence {
  Rational average;        // frames over duration, as the container counts them
  Rational base;           // the lowest rate whose grid holds all timestamps looked at
  Rational coded;          // from the bitstream's own timing
  bool timestamps = true;  // false: an elementary stream, whose times are made up
};

struct ChosenRate {
  Rational rate;
  bool variable = false;  // the source's own timestamps are not on that grid
  bool assumed = false;   // nothing said anything: 25 frames/s
};

ChosenRate choose_frame_rate(const RateEvidence& evidence);

// The usual rate within 0.1 % of `rate`, else the whole number within 0.1 %; {0, 1} when there is none.
Rational usual_rate(Rational rate);

// "50", "60000/1001", "59.94": a decimal within 0.1 % of n*1000/1001 is taken as that. Empty when it is no rate up
// to 1000.
std::optional<Rational> parse_rate_text(std::string_view text);

}  // namespace jinsha
