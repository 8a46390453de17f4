// Mastering display metadata as codes: Rec. ITU-T H.265 D.3.28 (SEI 137) and AV1 6.7.4 (metadata_hdr_mdcv).
#pragma once

#include <cmath>
#include <vector>

#include "reference/primaries.h"

namespace jinsha::reference {

// Green, blue, red, white in 0.00002; then the peak and black in 0.0001 cd/m2.
inline std::vector<double> mastering_display_sei(const Chromaticities& c, double max_nits, double min_nits) {
  std::vector<double> codes;
  for (const Point p : {c.green, c.blue, c.red, c.white}) {
    codes.push_back(std::round(p.x * 50'000));
    codes.push_back(std::round(p.y * 50'000));
  }
  codes.push_back(std::round(max_nits * 10'000));
  codes.push_back(std::round(min_nits * 10'000));
  return codes;
}

// Red, green, blue, white in 2^-16; then the peak in 2^-8 and black in 2^-14 cd/m2.
inline std::vector<double> mastering_display_av1(const Chromaticities& c, double max_nits, double min_nits) {
  std::vector<double> codes;
  for (const Point p : {c.red, c.green, c.blue, c.white}) {
    codes.push_back(std::round(p.x * 65'536));
    codes.push_back(std::round(p.y * 65'536));
  }
  codes.push_back(std::round(max_nits * 256));
  codes.push_back(std::round(min_nits * 16'384));
  return codes;
}

}  // namespace jinsha::reference
