// Transfer functions of SDR and cinema.
#pragma once

#include <algorithm>
#include <cmath>

namespace jinsha::reference {

// ITU-R BT.1886 Annex 1: E' -> cd/m2 on a display of white `lw` and black `lb` cd/m2.
inline double bt1886_eotf(double signal, double lw, double lb) {
  const double white = std::pow(lw, 1 / 2.4), black = std::pow(lb, 1 / 2.4);
  return std::pow(white - black, 2.4) * std::pow(std::max(signal + black / (white - black), 0.0), 2.4);
}

// IEC 61966-2-1, E' -> relative light and back.
inline double srgb_eotf(double signal) {
  return signal <= 0.04045 ? signal / 12.92 : std::pow((signal + 0.055) / 1.055, 2.4);
}
inline double srgb_inverse_eotf(double light) {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

// ITU-R BT.709-6 1.2, BT.2020-2 Table 4; alpha and beta as exact as makes the two parts meet.
inline double bt709_oetf(double light) {
  constexpr double kAlpha = 1.09929682680944, kBeta = 0.018053968510807;
  return light < kBeta ? 4.5 * light : kAlpha * std::pow(light, 0.45) - (kAlpha - 1);
}

// SMPTE ST 428-1: cd/m2 of X, Y or Z -> X', Y' or Z', 4095 of which are the codes.
inline double dcdm_inverse_eotf(double nits) { return std::pow(nits / 52.37, 1 / 2.6); }

}  // namespace jinsha::reference
