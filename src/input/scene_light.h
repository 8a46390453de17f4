// Scene-linear light as 16-bit PQ codes: how pictures without a nominal peak (OpenEXR) enter a pipeline of integer
// samples. docs/color.md, "Scene-linear pictures", has the convention and its error bound.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "media/color.h"

namespace jinsha {

// cd/m2 of scene light 1.0: HDR reference white, ITU-R BT.2408-7 clause 2.2.
inline constexpr double kSceneWhiteNits = 203;

// x, y of red, green, blue and white.
using PrimaryPoints = std::array<double, 8>;

// Code points hold numbers of three or four digits; files hold them rounded.
inline constexpr double kPrimariesTolerance = 0.0015;
// The set of ITU-T H.273 Table 2 nearest to `points`; empty when none has every coordinate within the tolerance.
std::optional<Primaries> nearest_primaries(const PrimaryPoints& points);

// Of a set nearest_primaries() knows.
PrimaryPoints points_of(Primaries primaries);

// Row-major matrix from linear RGB of `points` to that of BT.2020. A white that differs is adapted with the
// Bradford cone response, except for equal-energy XYZ, which is colorimetry and no display. Empty when the points
// span no colours.
std::optional<std::array<double, 9>> matrix_to_bt2020(const PrimaryPoints& points);
// Primaries of unit X, Y, Z.
bool is_xyz(const PrimaryPoints& points);

// ITU-R BT.2100-2 Table 4: cd/m2 -> E', and back.
double pq_signal_of(double nits);
double pq_nits_of(double signal);

// Scene light -> round(65535 E'), exact for every float: the code is found between the lights where it begins and
// ends, which are computed in double. Below 0 and not a number give 0.
class PqCodes {
 public:
  static const PqCodes& get();

  std::uint16_t of(float light) const {
    if (!(light >= begins_.data()[1])) return 0;
    if (light >= begins_.data()[kMaxCode]) return kMaxCode;
    const std::uint16_t code = starts_.data()[(std::bit_cast<std::uint32_t>(light) >> kStartShift) - base_];
    // No step of starts_ holds the beginning of more than one code.
    return static_cast<std::uint16_t>(code + (light >= begins_.data()[code + 1U] ? 1 : 0));
  }
  // Of an IEEE half float's bits.
  std::uint16_t of_half(std::uint16_t bits) const { return halves_.data()[bits]; }

 private:
  static constexpr std::uint16_t kMaxCode = 65'535;
  static constexpr int kStartShift = 10;  // 8192 steps an octave; PQ has at most 7000 codes in as much

  PqCodes();

  std::vector<float> begins_;          // [code]: the least light that has it
  std::vector<std::uint16_t> starts_;  // code of the least light whose upper bits are index + base_
  std::uint32_t base_ = 0;
  std::vector<std::uint16_t> halves_;
};

}  // namespace jinsha
