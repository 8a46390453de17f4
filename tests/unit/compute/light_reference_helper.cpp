#include "compute/light_reference_helper.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "reference/bt2390.h"
#include "reference/bt2446.h"
#include "reference/camera.h"
#include "reference/gamut.h"
#include "reference/hlg.h"
#include "reference/ictcp.h"
#include "reference/pq.h"
#include "reference/primaries.h"
#include "reference/sdr.h"
#include "reference/tone_curves.h"

namespace jinsha::test {
namespace {

using reference::inverse;
using reference::Mat3;
using reference::scaled;
using reference::times;
using reference::Vec3;

reference::Chromaticities chromaticities(Primaries primaries) {
  switch (primaries) {
    case Primaries::kBt709: return reference::kBt709;
    case Primaries::kBt470Bg: return reference::kBt470Bg;
    case Primaries::kSmpte170M:
    case Primaries::kSmpte240M: return reference::kSmpte170M;
    case Primaries::kBt2020: return reference::kBt2020;
    case Primaries::kP3Dci: return reference::kP3Dci;
    case Primaries::kP3D65: return reference::kP3D65;
    case Primaries::kAcesAp0: return reference::kAp0;
    case Primaries::kAcesAp1: return reference::kAp1;
    case Primaries::kSGamut3: return reference::kSGamut3;
    case Primaries::kSGamut3Cine: return reference::kSGamut3Cine;
    case Primaries::kArriWideGamut3: return reference::kArriWideGamut3;
    case Primaries::kArriWideGamut4: return reference::kArriWideGamut4;
    case Primaries::kVGamut: return reference::kVGamut;
    case Primaries::kCanonCinemaGamut: return reference::kCinemaGamut;
    default: throw std::invalid_argument("no reference for these primaries");
  }
}

// Luminance of linear R, G, B; printed with four digits for BT.2020.
Vec3 luminance(Primaries primaries) {
  if (primaries == Primaries::kXyz) return {0, 1, 0};
  return primaries == Primaries::kBt2020 ? reference::kBt2100Luminance
                                         : reference::rgb_to_xyz(chromaticities(primaries))[1];
}

// X, Y, Z are what they are under any white.
Mat3 between(Primaries from, Primaries to) {
  if (from == Primaries::kXyz && to == Primaries::kXyz) return reference::diagonal({1, 1, 1});
  if (from == Primaries::kXyz) return inverse(reference::rgb_to_xyz(chromaticities(to)));
  if (to == Primaries::kXyz) return reference::rgb_to_xyz(chromaticities(from));
  return reference::rgb_to_rgb(chromaticities(from), chromaticities(to));
}

// Of display light; BT.1886 with black 0 for what it shows.
double exponent(Transfer transfer) {
  switch (transfer) {
    case Transfer::kBt709:
    case Transfer::kSmpte170M:
    case Transfer::kSmpte240M:
    case Transfer::kBt2020Ten:
    case Transfer::kBt2020Twelve: return 2.4;
    case Transfer::kGamma22: return 2.2;
    case Transfer::kGamma28: return 2.8;
    case Transfer::kLinear: return 1;
    case Transfer::kDcdm: return 2.6;
    default: throw std::invalid_argument("no reference for this transfer");
  }
}
// SMPTE ST 428-1: 52.37 cd/m2 are signal 1, 48 are white.
double brightest(Transfer transfer) { return transfer == Transfer::kDcdm ? 52.37 / 48 : 1; }
// Relative display light of SDR and back, odd-symmetric below 0.
double sdr_eotf(Transfer transfer, double signal) {
  const double x = std::abs(signal);
  return std::copysign(
      transfer == Transfer::kSrgb ? reference::srgb_eotf(x) : brightest(transfer) * std::pow(x, exponent(transfer)),
      signal);
}
double sdr_inverse_eotf(Transfer transfer, double light) {
  const double x = std::abs(light);
  return std::copysign(transfer == Transfer::kSrgb ? reference::srgb_inverse_eotf(x)
                                                   : std::pow(x / brightest(transfer), 1 / exponent(transfer)),
                       light);
}

struct CameraCurve {
  Transfer transfer;
  double (*to_scene)(double);
  double (*from_scene)(double);
  bool of_codes;  // of 10 bits, over 1023
};
const CameraCurve& camera(Transfer transfer) {
  static const CameraCurve rows[] = {
      {Transfer::kSLog3, reference::s_log3_to_scene, reference::scene_to_s_log3, true},
      {Transfer::kLogC3, reference::logc3_to_scene, reference::scene_to_logc3, false},
      {Transfer::kLogC4, reference::logc4_to_scene, reference::scene_to_logc4, false},
      {Transfer::kVLog, reference::v_log_to_scene, reference::scene_to_v_log, true},
      {Transfer::kCanonLog3, reference::canon_log3_to_scene, reference::scene_to_canon_log3, true},
      {Transfer::kAcesCct, reference::acescct_to_scene, reference::scene_to_acescct, false},
  };
  for (const CameraCurve& row : rows) {
    if (row.transfer == transfer) return row;
  }
  throw std::invalid_argument("no reference for this camera");
}
bool beyond_white(Transfer transfer) { return is_hdr(transfer) || is_camera_log(transfer); }

// Light above the source's peak is held at the target's.
double tone_mapped(ToneMap curve, double nits, double source_peak, double target_peak) {
  if (source_peak <= target_peak) return std::min(nits, target_peak);
  const double held = std::min(nits, source_peak), x = held / target_peak, peak = source_peak / target_peak;
  double y = x;
  switch (curve) {
    case ToneMap::kAuto:
    case ToneMap::kBt2390: y = reference::bt2390_eetf(held, 0, source_peak, 0, target_peak) / target_peak; break;
    case ToneMap::kHable: y = reference::hable(x, peak); break;
    case ToneMap::kReinhard: y = reference::reinhard(x, peak); break;
    case ToneMap::kMobius: y = reference::mobius(x, peak); break;
    case ToneMap::kClip:
    case ToneMap::kBt2446A:
    case ToneMap::kBt2446C:
    case ToneMap::kBt2408: break;
  }
  return std::clamp(y, 0.0, 1.0) * target_peak;
}

class Converter {
 public:
  Converter(const ColorInfo& from, const ColorInfo& to, const ReferenceLight& light)
      : from_(from),
        to_(to),
        light_(light),
        from_luminance_(luminance(from.primaries)),
        to_luminance_(luminance(to.primaries)),
        gamut_(between(from.primaries, to.primaries)),
        to_2020_(between(from.primaries, Primaries::kBt2020)),
        from_2020_(between(Primaries::kBt2020, to.primaries)),
        limits_(reference::farthest_distances(gamut_)) {}

  ReferenceSignal operator()(Vec3 rgb) const {
    const bool hdr_in = beyond_white(from_.transfer), hdr_out = beyond_white(to_.transfer);
    const bool one_ictcp = (from_.matrix == Matrix::kIctcp) != (to_.matrix == Matrix::kIctcp);
    if (!one_ictcp && from_.transfer == to_.transfer && from_.primaries == to_.primaries &&
        light_.source_peak_nits <= light_.target_peak_nits) {
      return {rgb, {}};
    }
    decode(rgb, hdr_out);
    const bool a = light_.tone_map == ToneMap::kBt2446A, c = light_.tone_map == ToneMap::kBt2446C;
    if ((a || c) && hdr_in != hdr_out) {
      rgb = times(to_2020_, rgb);
      rgb = times(from_2020_, a ? method_a(rgb, hdr_in) : method_c(rgb, hdr_in));
      // Method C has its crosstalk, which cancels as a gamut matrix does.
      return encoded(rgb, hdr_in, c || from_.primaries != to_.primaries);
    }
    const double larger = most(rgb);
    if (maps(hdr_in)) rgb = light_.tone_map_on == ToneMapOn::kIctcp ? mapped_in_ictcp(rgb) : mapped(rgb);
    const bool ictcp = from_.matrix == Matrix::kIctcp || to_.matrix == Matrix::kIctcp ||
                       (maps(hdr_in) && light_.tone_map_on == ToneMapOn::kIctcp);
    if (from_.primaries == to_.primaries) return encoded(rgb, hdr_in, ictcp, larger);
    return encoded(times(gamut_, rgb), hdr_in, true, larger);
  }

 private:
  bool maps(bool hdr_in) const { return hdr_in && light_.source_peak_nits > light_.target_peak_nits; }
  double map(double nits) const {
    return tone_mapped(light_.tone_map, nits, light_.source_peak_nits, light_.target_peak_nits);
  }
  Vec3 mapped(const Vec3& rgb) const {
    const Vec3& w = from_luminance_;
    const double s = light_.tone_map_on == ToneMapOn::kLuminance ? w[0] * rgb[0] + w[1] * rgb[1] + w[2] * rgb[2]
                                                                 : std::max({rgb[0], rgb[1], rgb[2]});
    return s > 0 ? scaled(rgb, map(s) / s) : rgb;
  }
  // BT.2390-10 clause 5.4: I by the curve, Ct and Cp by the smaller of the two ratios, which is that of I.
  Vec3 mapped_in_ictcp(const Vec3& rgb) const {
    const Vec3 cones = reference::each(times(reference::kRgbToLms, times(to_2020_, rgb)),
                                       [](double x) { return reference::pq_inverse_eotf(std::min(x, 10'000.0)); });
    Vec3 itp = times(reference::kPqToIctcp, cones);
    if (itp[0] <= 0) return rgb;
    const double mapped_i = reference::pq_inverse_eotf(map(reference::pq_eotf(itp[0])));
    const double ratio = std::min(mapped_i / itp[0], itp[0] / mapped_i);
    itp = {mapped_i, ratio * itp[1], ratio * itp[2]};
    const Vec3 lms = reference::each(times(inverse(reference::kPqToIctcp), itp),
                                     [](double x) { return reference::pq_eotf(std::clamp(x, 0.0, 1.0)); });
    return times(inverse(to_2020_), times(inverse(reference::kRgbToLms), lms));
  }
  static double most(const Vec3& rgb) { return std::max({rgb[0], rgb[1], rgb[2]}); }

  // Between cone responses and light lie the two curves of PQ, which make five times as much of an error.
  static constexpr double kIctcpSlack = 5;

  bool in_ictcp() const { return light_.tone_map_on == ToneMapOn::kIctcp || light_.gamut == GamutMap::kIctcp; }
  double brightest_allowed(bool hdr_in) const {
    if (beyond_white(to_.transfer)) return 10'000;
    const double white = hdr_in ? light_.target_peak_nits : 100;
    const bool super_white = !hdr_in || light_.tone_map == ToneMap::kBt2446C;
    return white * (super_white ? sdr_eotf(to_.transfer, headroom(to_)) : brightest(to_.transfer));
  }

  // `cancels`: components are differences of larger light, of `larger` cd/m2 where a camera's wide gamut or cone
  // responses are what is subtracted.
  ReferenceSignal encoded(Vec3 rgb, bool hdr_in, bool cancels, double larger = 0) const {
    if (light_.gamut == GamutMap::kCompress && from_.primaries != to_.primaries)
      rgb = reference::gamut_compressed(rgb, limits_);
    if (light_.gamut == GamutMap::kIctcp && from_.primaries != to_.primaries)
      rgb = reference::chroma_reduced(rgb, inverse(from_2020_), brightest_allowed(hdr_in));
    if (maps(hdr_in) && light_.tone_map_on != ToneMapOn::kMaxRgb && beyond_white(to_.transfer))
      rgb = reference::each(rgb, [&](double x) { return std::clamp(x, 0.0, light_.target_peak_nits); });
    Vec3 less = rgb, more = rgb;
    double peak = beyond_white(to_.transfer) ? 1000 : light_.target_peak_nits;
    const bool wide = is_camera_log(from_.transfer) || is_camera_log(to_.transfer) || from_.matrix == Matrix::kIctcp ||
                      to_.matrix == Matrix::kIctcp || in_ictcp();
    if (wide) peak = std::max(peak, larger);
    double slack = cancels ? kLightSlack * peak : 0;
    if (in_ictcp()) slack *= kIctcpSlack;
    for (std::size_t i = 0; i < 3; ++i) {
      less[i] -= slack;
      more[i] += slack;
    }
    encode(rgb, hdr_in);
    encode(less, hdr_in);
    encode(more, hdr_in);
    return {rgb, {std::abs(more[0] - less[0]), std::abs(more[1] - less[1]), std::abs(more[2] - less[2])}};
  }

  // BT.2446, cd/m2 of BT.2020 in and out.
  Vec3 method_a(const Vec3& rgb, bool down) const {
    const double peak = light_.source_peak_nits, target = light_.target_peak_nits;
    if (down) {
      const Vec3 light = reference::each(rgb, [&](double x) { return std::clamp(x / peak, 0.0, 1.0); });
      return reference::each(reference::bt2446_a(light, peak, target),
                             [&](double x) { return std::copysign(std::pow(std::abs(x), 2.4) * target, x); });
    }
    return reference::bt2446_a_inverse(
        reference::each(rgb, [](double x) { return std::pow(std::max(x, 0.0) / kSdrInHdr, 1 / 2.4); }));
  }
  static Vec3 method_c(const Vec3& rgb, bool down) {
    constexpr double kAlpha = 0.04, kSdrWhite = 100;
    return down ? reference::bt2446_c(rgb, kAlpha)
                : reference::bt2446_c_inverse(scaled(rgb, kSdrWhite / kSdrInHdr), kAlpha);
  }

  static constexpr double kSdrInHdr = 203;  // BT.2408
  static double headroom(const ColorInfo& color) { return color.range == Range::kFull ? 1 : 1.09; }

  // To cd/m2; SDR white is 100 for SDR outputs, 203 for HDR ones (BT.2408).
  void decode(Vec3& rgb, bool hdr_out) const {
    if (from_.transfer == Transfer::kPq) {
      for (double& x : rgb) x = reference::pq_eotf(std::min(x, 1.0));
      rgb = from_lms(rgb, 10'000);
    } else if (is_camera_log(from_.transfer)) {
      const CameraCurve& curve = camera(from_.transfer);
      for (double& x : rgb) {
        const double signal = std::clamp(x, 0.0, headroom(from_));
        const bool codes = curve.of_codes && from_.range != Range::kFull;
        x = kSdrInHdr * curve.to_scene(codes ? (876 * signal + 64) / 1023 : signal);
      }
    } else if (from_.transfer == Transfer::kHlg) {
      for (double& x : rgb) x = reference::hlg_inverse_oetf(std::clamp(x, 0.0, headroom(from_)));
      rgb =
          reference::hlg_ootf(from_lms(rgb, reference::hlg_inverse_oetf(headroom(from_))), 1000, 1.2, from_luminance_);
    } else {
      for (double& x : rgb) {
        x = hdr_out ? kSdrInHdr * sdr_eotf(from_.transfer, std::clamp(x, 0.0, headroom(from_)))
                    : 100 * sdr_eotf(from_.transfer, std::clamp(x, -headroom(from_), headroom(from_)));
      }
    }
  }

  // What is no colour of BT.2020 is cut.
  Vec3 from_lms(const Vec3& lms, double brightest) const {
    if (from_.matrix != Matrix::kIctcp) return lms;
    return reference::each(times(inverse(reference::kRgbToLms), lms),
                           [&](double x) { return std::clamp(x, 0.0, brightest); });
  }
  Vec3 to_lms(const Vec3& rgb) const { return to_.matrix == Matrix::kIctcp ? times(reference::kRgbToLms, rgb) : rgb; }

  void encode(Vec3& rgb, bool hdr_in) const {
    if (to_.transfer == Transfer::kPq) {
      rgb = to_lms(rgb);
      for (double& x : rgb) x = reference::pq_inverse_eotf(std::min(x, 10'000.0));
    } else if (is_camera_log(to_.transfer)) {
      const CameraCurve& curve = camera(to_.transfer);
      for (double& x : rgb) {
        const double signal = curve.from_scene(std::max(x, 0.0) / kSdrInHdr);
        const bool codes = curve.of_codes && to_.range != Range::kFull;
        x = std::min(codes ? (1023 * signal - 64) / 876 : signal, headroom(to_));
      }
    } else if (to_.transfer == Transfer::kHlg) {
      if (is_camera_log(from_.transfer) || from_.primaries == Primaries::kXyz)
        rgb = reference::each(rgb, [](double x) { return std::clamp(x, 0.0, 10'000.0); });
      rgb = to_lms(reference::hlg_inverse_ootf(rgb, 1000, 1.2, to_luminance_));
      for (double& x : rgb) x = std::min(reference::hlg_oetf(std::max(x, 0.0)), headroom(to_));
    } else {
      for (double& x : rgb) {
        const double v = sdr_inverse_eotf(to_.transfer, x / (hdr_in ? light_.target_peak_nits : 100));
        const double most = light_.tone_map == ToneMap::kBt2446C ? headroom(to_) : 1;
        x = hdr_in ? std::clamp(v, 0.0, most) : std::clamp(v, -headroom(to_), headroom(to_));
      }
    }
  }

  const ColorInfo from_, to_;
  const ReferenceLight light_;
  const Vec3 from_luminance_, to_luminance_;
  const Mat3 gamut_, to_2020_, from_2020_;
  const Vec3 limits_;
};

}  // namespace

std::function<ReferenceSignal(const Vec3& rgb)> light_reference(const ColorInfo& from, const ColorInfo& to,
                                                                const ReferenceLight& light) {
  return Converter(from, to, light);
}

}  // namespace jinsha::test
