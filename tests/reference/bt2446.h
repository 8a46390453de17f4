// ITU-R BT.2446-1: methods A and C between HDR and SDR, both ways. Colours are
// BT.2020 throughout; a step to BT.709 comes after, or before, in linear light.
#pragma once

#include <algorithm>
#include <cmath>

#include "reference/hlg.h"
#include "reference/linear.h"
#include "reference/primaries.h"
#include "reference/ycbcr.h"

namespace jinsha::reference {

// Method A works on signals of gamma 2.4: 1 is `hdr_peak` and `sdr_peak` cd/m2.
inline double bt2446_a_luma(double luma, double hdr_peak = 1000, double sdr_peak = 100) {
  const auto rho = [](double peak) { return 1 + 32 * std::pow(peak / 10'000, 1 / 2.4); };
  const double y = std::log(1 + (rho(hdr_peak) - 1) * luma) / std::log(rho(hdr_peak));
  double mapped = 0.5 * y + 0.5;
  if (y <= 0.7399) {
    mapped = 1.0770 * y;
  } else if (y < 0.9909) {
    mapped = -1.1510 * y * y + 2.7811 * y - 0.6302;
  }
  return (std::pow(rho(sdr_peak), mapped) - 1) / (rho(sdr_peak) - 1);
}

// Light, 1 = hdr_peak -> R'G'B' of gamma 2.4.
inline Vec3 bt2446_a(const Vec3& light, double hdr_peak = 1000, double sdr_peak = 100) {
  const Vec3 signal = each(light, [](double x) { return std::pow(std::max(x, 0.0), 1 / 2.4); });
  const Mat3 to_planes = ycbcr_matrix(kBt2020Luma);
  const Vec3 hdr = times(to_planes, signal);
  if (hdr[0] <= 0) return {};
  const double luma = bt2446_a_luma(hdr[0], hdr_peak, sdr_peak), gain = luma / (1.1 * hdr[0]);
  const double cb = gain * hdr[1], cr = gain * hdr[2];
  return times(inverse(to_planes), Vec3{luma - std::max(0.1 * cr, 0.0), cb, cr});
}

// Luma of SDR, 0..1, to luma of HDR, 0..1000.
inline double bt2446_a_inverse_luma(double luma) {
  const double y = 255 * luma;
  const double exponent =
      y > 70 ? 2.8305e-6 * y * y - 7.4622e-4 * y + 1.2528 : 1.8712e-5 * y * y - 2.7334e-3 * y + 1.3141;
  return std::pow(y, exponent);
}

// R'G'B' of gamma 2.4 -> cd/m2 of a peak of 1000.
inline Vec3 bt2446_a_inverse(const Vec3& signal) {
  const Mat3 to_planes = ycbcr_matrix(kBt2020Luma);
  const Vec3 sdr = times(to_planes, signal);
  const double luma = bt2446_a_inverse_luma(std::max(sdr[0], 0.0));
  const double gain = sdr[0] > 0 ? 1.075 * luma / sdr[0] : 1;
  const Vec3 hdr = times(inverse(to_planes), Vec3{luma, gain * sdr[1], gain * sdr[2]});
  return each(hdr, [](double x) { return 1000 * std::pow(std::clamp(x / 1000, 0.0, 1.0), 2.4); });
}

// Method C: luminance in cd/m2, linear to 58.535 and logarithmic above.
inline constexpr double kMethodCGain = 0.83802, kMethodCScale = 15.09968, kMethodCShift = 0.74204,
                        kMethodCOffset = 78.99439, kMethodCBreakSdr = 58.535046,
                        kMethodCBreakHdr = kMethodCBreakSdr / kMethodCGain;
inline double bt2446_c_luminance(double nits) {
  return nits < kMethodCBreakHdr ? kMethodCGain * nits
                                 : kMethodCScale * std::log(nits / kMethodCBreakHdr - kMethodCShift) + kMethodCOffset;
}
inline double bt2446_c_inverse_luminance(double nits) {
  return nits < kMethodCBreakSdr
             ? nits / kMethodCGain
             : kMethodCBreakHdr * (std::exp((nits - kMethodCOffset) / kMethodCScale) + kMethodCShift);
}

// Each component with `alpha`, 0...0.33, of the two others in place of itself.
inline Mat3 crosstalk(double alpha) {
  const double own = 1 - 2 * alpha;
  return {{{own, alpha, alpha}, {alpha, own, alpha}, {alpha, alpha, own}}};
}

// Light in cd/m2 both ways, without the optional correction of chroma. SDR ends at 118.4, not at 100. Keeping x and y
// means scaling the components.
template <typename Curve>
Vec3 bt2446_c_with(Curve&& curve, const Vec3& nits, double alpha) {
  const Vec3 mixed = times(crosstalk(alpha), nits);
  const double y = dot(rgb_to_xyz(kBt2020)[1], mixed);
  if (y <= 0) return {};
  return times(inverse(crosstalk(alpha)), scaled(mixed, curve(y) / y));
}
inline Vec3 bt2446_c(const Vec3& nits, double alpha) { return bt2446_c_with(bt2446_c_luminance, nits, alpha); }
inline Vec3 bt2446_c_inverse(const Vec3& nits, double alpha) {
  return bt2446_c_with(bt2446_c_inverse_luminance, nits, alpha);
}

}  // namespace jinsha::reference
