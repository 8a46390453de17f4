#include "image/bt2446.h"

#include <cmath>

namespace jinsha::image {
namespace {

double rho(double peak_nits) { return 1 + 32 * std::pow(peak_nits / 10'000, 1 / 2.4); }

constexpr double kFirstEnds = 0.7399;  // of method A's curve

// Clause 5.1.4.
constexpr double kK1 = 0.83802, kK2 = 15.09968, kK3 = 0.74204, kK4 = 78.99439;

}  // namespace

double bt2446a_luma(double luma, double hdr_peak_nits, double sdr_peak_nits) {
  const double hdr = rho(hdr_peak_nits), sdr = rho(sdr_peak_nits);
  const double p = std::log(1 + (hdr - 1) * luma) / std::log(hdr);
  double c = 0;
  if (p <= kFirstEnds) {
    c = 1.0770 * p;
  } else if (p < 0.9909) {
    c = -1.1510 * p * p + 2.7811 * p - 0.6302;
  } else {
    c = 0.5 * p + 0.5;
  }
  return (std::pow(sdr, c) - 1) / (sdr - 1);
}

double bt2446a_jump_luma(double hdr_peak_nits) {
  const double hdr = rho(hdr_peak_nits);
  return (std::pow(hdr, kFirstEnds) - 1) / (hdr - 1);
}

double bt2446a_inverse_luma(double luma) {
  const double y = 255 * luma;
  const double exponent = luma > kBt2446aInverseCorner ? (2.8305e-6 * y - 7.4622e-4) * y + 1.2528
                                                       : (1.8712e-5 * y - 2.7334e-3) * y + 1.3141;
  return std::pow(y, exponent) / 1000;
}

double bt2446c(double nits) {
  return nits < kBt2446cKneeNits ? kK1 * nits : kK2 * std::log(nits / kBt2446cKneeNits - kK3) + kK4;
}

double bt2446c_inverse(double nits) {
  return nits < kBt2446cInverseKneeNits ? nits / kK1 : kBt2446cKneeNits * (std::exp((nits - kK4) / kK2) + kK3);
}

Mat3 bt2446c_crosstalk() {
  constexpr double kAlpha = 0.04, kSelf = 1 - 2 * kAlpha;
  return {{kSelf, kAlpha, kAlpha, kAlpha, kSelf, kAlpha, kAlpha, kAlpha, kSelf}};
}

}  // namespace jinsha::image
