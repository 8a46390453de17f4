// The methods of BT.2446 as operations on light.
#include <cmath>

#include "image/bt2446.h"
#include "image/light_ops.h"
#include "image/primaries.h"

namespace jinsha::image {
namespace {

constexpr double kDisplayGamma = 2.4;  // BT.1886

bool is_gamma24_of_2020(const ColorInfo& color, const TransferModel& model) {
  return color.primaries == Primaries::kBt2020 && model == TransferModel{TransferKind::kGamma, kDisplayGamma};
}

// Colour differences beside luma.
Mat3 chroma_scaled(double factor) {
  Mat3 m = diagonal({factor, factor, factor});
  for (std::size_t i = 0; i < 9; ++i) m.m[i] += (1 - factor) * kBt2446Weights[i % 3];
  return m;
}

}  // namespace

CurveSpec LightOps::luma_gains(double low, double high, double corner) const {
  CurveSpec spec = gains(low, high, [](double luma, double gain) { return luma * gain; });
  spec.corner = corner;
  return spec;
}

// HDR to SDR. Light to R'G'B' by 1/2.4, where it all happens.
void LightOps::method_a() {
  const double peak = r_.source_peak_nits, target = r_.target_peak_nits, unit = unit_nits();
  if (in_.kind == TransferKind::kPq && r_.in.primaries == Primaries::kBt2020 && r_.in.matrix != Matrix::kIctcp) {
    CurveSpec spec = lights(pq_inverse_eotf(peak), 0);
    curve([=](double e) { return std::pow(pq_eotf(e) / peak, 1 / kDisplayGamma); }, spec);
  } else {
    decode();
    if (r_.in.primaries != Primaries::kBt2020) matrix(between(r_.in.primaries, Primaries::kBt2020));
    curve([=](double light) { return std::pow(light * unit / peak, 1 / kDisplayGamma); }, lights(peak / unit, 0));
  }
  constexpr double kSettled = 0x1p-16;
  gain(
      kernels::OpScaleByCurve::Of::kWeighted, kBt2446Weights,
      [=](double luma) { return bt2446a_luma(luma, peak, target) / luma; },
      luma_gains(kSettled, 1, bt2446a_jump_luma(peak)));
  matrix(chroma_scaled(kBt2446aChroma));
  kernels::OpHinge hinge;
  for (std::size_t i = 0; i < 3; ++i)
    hinge.weights[i] =
        static_cast<float>(kBt2446aRedShare / kBt2446aCrDivisor * ((i == 0 ? 1 : 0) - kBt2446Weights[i]));
  ops_.push_back(hinge);
  if (is_gamma24_of_2020(r_.out, out_)) {
    cut(1);
    return;
  }
  // Of pure colours one component rises far above 1, most that of blue: luma rises more where it is low, and the
  // components with it.
  const double blue = kBt2446Weights[2], luma = bt2446a_luma(blue, peak, target);
  CurveSpec spec = lights(luma * (1 + kBt2446aChroma * (1 / blue - 1)), 0);
  spec.mirror = spec.root = true;
  spec.cost = cost_of_light();
  curve([](double e) { return std::pow(e, kDisplayGamma); }, spec);
  if (r_.out.primaries != Primaries::kBt2020) matrix(between(Primaries::kBt2020, r_.out.primaries));
  map_gamut();
  encode(Above::kCut);
}

// SDR to HDR of 1000 cd/m2.
void LightOps::inverse_method_a() {
  const double unit = unit_nits();
  if (is_gamma24_of_2020(r_.in, in_)) {
    cut(headroom(r_.in));
  } else {
    decode(1);
    if (r_.in.primaries != Primaries::kBt2020) matrix(between(r_.in.primaries, Primaries::kBt2020));
    curve([](double light) { return std::pow(light, 1 / kDisplayGamma); }, lights(sdr_eotf(in_, headroom(r_.in)), 0));
  }
  constexpr double kSettled = 0x1p-16;
  gain(
      kernels::OpScaleByCurve::Of::kWeighted, kBt2446Weights,
      [](double luma) { return bt2446a_inverse_luma(luma) / luma; },
      luma_gains(kSettled, kSuperWhite, kBt2446aInverseCorner));
  matrix(chroma_scaled(kBt2446aInverseChroma));
  CurveSpec spec = lights(1, 0);
  spec.root = true;
  spec.cost = cost_of_light();
  curve([=](double e) { return kBt2446HdrPeakNits / unit * std::pow(e, kDisplayGamma); }, spec);
  if (r_.out.primaries != Primaries::kBt2020) matrix(between(Primaries::kBt2020, r_.out.primaries));
  map_gamut();
  encode(Above::kCut);
}

// On luminance, either way, between crosstalk and its inverse. SDR reaches above its white.
void LightOps::method_c(bool up) {
  const double unit = unit_nits();
  decode(kBt2446SdrWhiteNits / unit);
  matrix(bt2446c_crosstalk() * between(r_.in.primaries, Primaries::kBt2020));
  if (up) {
    constexpr double kBrightest = 130;  // 109 % of white to the power of 2.4 are 123
    gain(
        kernels::OpScaleByCurve::Of::kWeighted, kBt2446Weights,
        [=](double light) { return bt2446c_inverse(light * unit) / (light * unit); },
        gains(kBt2446cInverseKneeNits / unit, kBrightest / unit, cost_of_gain()));
  } else {
    gain(
        kernels::OpScaleByCurve::Of::kWeighted, kBt2446Weights,
        [=](double light) { return bt2446c(light * unit) / kBt2446SdrWhiteNits / light; },
        gains(kBt2446cKneeNits / unit, kPqPeakNits / unit, cost_of_gain()));
  }
  matrix(between(Primaries::kBt2020, r_.out.primaries) * inverse(bt2446c_crosstalk()));
  map_gamut();
  encode(Above::kKept);
}

}  // namespace jinsha::image
