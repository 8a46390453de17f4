// Between the ops light is linear, relative to the target's peak: 1 is the peak, so that the corner
// a clipping curve has there falls on the border of two table segments.
//
// What a curve's deviation costs is how far it moves the output's signal (tests: color_accuracy_test.cpp).
#include "image/color_ops.h"

#include <algorithm>
#include <cmath>

#include "image/bt2446.h"
#include "image/camera_curve.h"
#include "image/curve_bake.h"
#include "image/gamut.h"
#include "image/hlg_ootf.h"
#include "image/primaries.h"
#include "image/tone_curve.h"
#include "image/transfer.h"
#include "image/ycbcr.h"

namespace jinsha::image {
namespace {

// How far a curve may move the output's signal, in steps of its depth; and of its range, where the arithmetic ends.
constexpr double kToleranceSteps = 0.01;
constexpr double kLeastTolerance = 5e-6;
// Of that, for decoding where nothing but a gamut matrix follows: it may leave little of large components, and there
// the output's curve is steeper than the cost of grey light says.
constexpr double kShareBeforeGamutMatrix = 1.0 / 8;
// Light this far below the brightest is black.
constexpr double kFloor = 0x1p-31;

// Limited range reaches 109 % (BT.2100-2 Table 9).
constexpr double kSuperWhite = 1.09;
constexpr double kPqPeakNits = 10'000;
constexpr double kDisplayGamma = 2.4;            // BT.1886
constexpr double kSrgbLineEndsSignal = 0.04045;  // IEC 61966-2-1

class LightOps {
 public:
  LightOps(const ColorRequest& r, std::vector<kernels::Op>& ops)
      : r_(r), ops_(ops), in_(model_of(r.in.transfer)), out_(model_of(r.out.transfer)) {}

  void append() {
    if (in_.kind == TransferKind::kHlg && out_.kind == TransferKind::kHlg) {
      // Scene light on both sides: the OOTF would only be undone again.
      curve(hlg_inverse_oetf, hlg_signals([](double, double scene) { return hlg_oetf(scene); }));
      from_lms(hlg_inverse_oetf(headroom(r_.in)));
      primaries();
      hlg_encode();
      return;
    }
    const bool down = tone_maps(r_) && !reaches_beyond_white(r_.out.transfer), up = expands(r_);
    if (r_.tone_map == ToneMap::kBt2446A && (down || up)) return down ? method_a() : inverse_method_a();
    if (r_.tone_map == ToneMap::kBt2446C && (down || up)) return method_c(up);
    decode();
    if (tone_maps(r_)) tone_map();
    primaries();
    encode(Above::kCut);
  }

 private:
  using Cost = std::function<double(double x, double value)>;

  bool sdr_both() const { return !reaches_beyond_white(r_.in.transfer) && !reaches_beyond_white(r_.out.transfer); }
  // cd/m2 of light 1.0 between the ops.
  double unit_nits() const {
    return out_.kind == TransferKind::kPq && !tone_maps(r_) ? kPqPeakNits : r_.target_peak_nits;
  }
  static double headroom(const ColorInfo& color) { return color.range == Range::kFull ? 1 : kSuperWhite; }

  // The output's signal of grey light.
  double signal_of(double light) const {
    const double nits = std::max(light, 0.0) * unit_nits();
    switch (out_.kind) {
      case TransferKind::kPq: return pq_inverse_eotf(nits);
      case TransferKind::kHlg: return hlg_oetf(std::pow(nits / kHlgBridgeNits, 1 / kHlgBridgeGamma));
      case TransferKind::kCamera: return scene_to_camera(out_.curve, r_.out.range, nits / kReferenceWhiteNits);
      case TransferKind::kGamma:
      case TransferKind::kSrgb:
      case TransferKind::kUnknown: break;
    }
    return sdr_inverse_eotf(out_, light);
  }
  // Of curves that give light, and of those that scale it.
  Cost cost_of_light() const {
    return [this](double, double light) { return signal_of(light); };
  }
  Cost cost_of_gain() const {
    return [this](double light, double gain) { return signal_of(light * gain); };
  }

  CurveSpec signals(double corner, const Cost& cost) const {
    const bool container = light_change(r_) == LightChange::kContainer || in_.kind == TransferKind::kCamera ||
                           r_.in.primaries == Primaries::kXyz;
    const bool matrix_only = (r_.in.primaries != r_.out.primaries && container) || r_.in.matrix == Matrix::kIctcp;
    const double share = matrix_only ? kShareBeforeGamutMatrix : 1;
    return {.high = headroom(r_.in), .corner = corner, .cost = cost, .tolerance = share * tolerance()};
  }
  CurveSpec hlg_signals(const Cost& cost) const {
    constexpr double kParabolaEnds = 0.5;  // BT.2100-2 Table 5
    return signals(kParabolaEnds, cost);
  }
  double tolerance() const { return std::max(kLeastTolerance, kToleranceSteps / (219 << (r_.out_format.depth - 8))); }
  // For functions of light that scale it, and for those that give signals: steep at black.
  CurveSpec gains(double low, double high, const Cost& cost) const {
    return {.pieces = CurveSpec::Pieces::kOctaves, .low = low, .high = high, .cost = cost, .tolerance = tolerance()};
  }
  CurveSpec lights(double high, double corner) const {
    return {.pieces = CurveSpec::Pieces::kFromZero, .high = high, .corner = corner, .tolerance = tolerance()};
  }

  void curve(const std::function<double(double)>& f, const CurveSpec& spec) {
    ops_.push_back(kernels::OpCurve{bake(f, spec)});
  }
  void gain(kernels::OpScaleByCurve::Of of, const Vec3& weights, const std::function<double(double)>& f,
            const CurveSpec& spec) {
    ops_.push_back(kernels::OpScaleByCurve{
        .of = of,
        .weights = {static_cast<float>(weights[0]), static_cast<float>(weights[1]), static_cast<float>(weights[2])},
        .ratio = bake(f, spec)});
  }

  void decode() { decode(sdr_both() ? 1 : kReferenceWhiteNits / unit_nits()); }
  // `sdr_white`: the light SDR white becomes.
  void decode(double sdr_white) {
    const double unit = unit_nits();
    switch (in_.kind) {
      case TransferKind::kPq: {
        CurveSpec spec = signals(0, cost_of_light());
        spec.high = 1;
        spec.pieces = CurveSpec::Pieces::kFromZero;
        spec.root = true;
        curve([=](double e) { return pq_eotf(e) / unit; }, spec);
        from_lms(kPqPeakNits / unit);
        break;
      }
      case TransferKind::kHlg: {
        const auto ootf = [=](double y) { return hlg_ootf_gain(y, kHlgBridgeNits, kHlgBridgeGamma) / unit; };
        curve(hlg_inverse_oetf,
              hlg_signals([=, this](double, double scene) { return signal_of(scene * ootf(scene)); }));
        const double brightest = hlg_inverse_oetf(headroom(r_.in));
        from_lms(brightest);
        gain(kernels::OpScaleByCurve::Of::kWeighted, luminance_weights(r_.in.primaries), ootf,
             gains(kFloor * brightest, brightest, cost_of_gain()));
        break;
      }
      case TransferKind::kGamma:
      case TransferKind::kSrgb: {
        CurveSpec spec = signals(in_.kind == TransferKind::kSrgb ? kSrgbLineEndsSignal : 0, cost_of_light());
        spec.root = in_.kind == TransferKind::kGamma && in_.exponent > 1;
        if (spec.root) spec.pieces = CurveSpec::Pieces::kFromZero;
        spec.mirror = sdr_both();
        curve([=, this](double e) { return sdr_white * sdr_eotf(in_, e); }, spec);
        break;
      }
      case TransferKind::kCamera: {
        const double white = kReferenceWhiteNits / unit,
                     toe = scene_to_camera(in_.curve, r_.in.range, camera_toe(in_.curve));
        CurveSpec spec = signals(std::max(toe, 0.0), cost_of_light());
        spec.pieces = CurveSpec::Pieces::kFromZero;
        curve([=, this](double e) { return white * camera_to_scene(in_.curve, r_.in.range, e); }, spec);
        break;
      }
      case TransferKind::kUnknown: break;
    }
  }

  // BT.2100-2 Table 7, on linear light of BT.2020, up to `brightest`. What is no colour of BT.2020 is cut.
  void from_lms(double brightest) {
    if (r_.in.matrix != Matrix::kIctcp) return;
    matrix(inverse(rgb_to_lms()));
    cut(brightest);
  }
  void to_lms() {
    if (r_.out.matrix == Matrix::kIctcp) matrix(rgb_to_lms());
  }

  double brightest_nits() const {
    if (in_.kind != TransferKind::kCamera) return kPqPeakNits;
    return kReferenceWhiteNits * camera_to_scene(in_.curve, r_.in.range, headroom(r_.in));
  }

  void tone_map() {
    const double unit = unit_nits();
    const auto ratio = [=, this](double light) {
      return tone_map_nits(r_.tone_map, light * unit, r_.source_peak_nits, r_.target_peak_nits) / (light * unit);
    };
    // Every curve's slope at 0 is finite, so the ratio is settled at 2^-16 of the peak.
    constexpr double kSettled = 0x1p-16;
    const double knee = tone_map_knee_nits(r_.tone_map, r_.source_peak_nits, r_.target_peak_nits) / unit;
    CurveSpec spec = gains(std::max(knee, kSettled), brightest_nits() / unit, cost_of_gain());
    spec.corner = r_.source_peak_nits / unit;
    gain(kernels::OpScaleByCurve::Of::kMax, {}, ratio, spec);
  }

  void primaries() {
    if (r_.in.primaries == r_.out.primaries) return;
    matrix(between(r_.in.primaries, r_.out.primaries));
    compress();
  }

  // Behind the matrix to the output's primaries.
  void compress() {
    if (!compresses(r_)) return;
    const auto curves = gamut_compression(between(r_.in.primaries, r_.out.primaries));
    kernels::OpCompress op;
    for (std::size_t i = 0; i < 3; ++i) {
      const GamutCurve& f = (*curves)[i];
      constexpr double kExact = 1e-7;  // colours end near 0, where signals are steep
      const CurveSpec spec{
          .pieces = CurveSpec::Pieces::kFromZero, .low = f.threshold, .high = f.limit, .tolerance = kExact};
      op.lift[i] = bake([&](double distance) { return distance - f(distance); }, spec);
    }
    ops_.push_back(op);
  }

  // ---- BT.2446

  // What is outside 0 ... high goes; as exact as can be, also of light, of which little counts.
  void cut(double high) {
    curve([](double x) { return x; }, {.pieces = CurveSpec::Pieces::kFromZero, .high = high, .tolerance = 0});
  }
  void matrix(const Mat3& m) { ops_.push_back(matrix_op({m, {}})); }
  static Mat3 between(Primaries from, Primaries to) {
    return from == to ? Mat3{} : rgb_to_rgb(*chromaticities_of(from), *chromaticities_of(to));
  }
  bool is_gamma24_of_2020(const ColorInfo& color, const TransferModel& model) const {
    return color.primaries == Primaries::kBt2020 && model == TransferModel{TransferKind::kGamma, kDisplayGamma};
  }
  // Colour differences beside luma.
  static Mat3 chroma_scaled(double factor) {
    Mat3 m = diagonal({factor, factor, factor});
    for (std::size_t i = 0; i < 9; ++i) m.m[i] += (1 - factor) * kBt2446Weights[i % 3];
    return m;
  }
  CurveSpec luma_gains(double low, double high, double corner) const {
    CurveSpec spec = gains(low, high, [](double luma, double gain) { return luma * gain; });
    spec.corner = corner;
    return spec;
  }

  // HDR to SDR. Light to R'G'B' by 1/2.4, where it all happens.
  void method_a() {
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
    compress();
    encode(Above::kCut);
  }

  // SDR to HDR of 1000 cd/m2.
  void inverse_method_a() {
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
    compress();
    encode(Above::kCut);
  }

  // On luminance, either way, between crosstalk and its inverse. SDR reaches above its white.
  void method_c(bool up) {
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
    compress();
    encode(Above::kKept);
  }

  // What is above white in SDR made from HDR.
  enum class Above { kCut, kKept };

  void encode(Above above) {
    const double unit = unit_nits();
    switch (out_.kind) {
      case TransferKind::kPq: {
        to_lms();
        curve([=](double light) { return pq_inverse_eotf(light * unit); }, lights(kPqPeakNits / unit, 0));
        break;
      }
      case TransferKind::kHlg: {
        const auto inverse_ootf = [=](double light) {
          return hlg_inverse_ootf_gain(light * unit, kHlgBridgeNits, kHlgBridgeGamma) * unit;
        };
        const double brightest = kPqPeakNits / unit;
        // Their primaries reach beyond light: what has no luminance left has no OOTF.
        if (in_.kind == TransferKind::kCamera || r_.in.primaries == Primaries::kXyz) cut(brightest);
        gain(kernels::OpScaleByCurve::Of::kWeighted, luminance_weights(r_.out.primaries), inverse_ootf,
             gains(kFloor * brightest, brightest, [](double light, double gain) { return hlg_oetf(light * gain); }));
        hlg_encode();
        break;
      }
      case TransferKind::kGamma:
      case TransferKind::kSrgb: {
        // SDR to SDR keeps what lies outside 0..1.
        const bool kept = sdr_both() || above == Above::kKept;
        CurveSpec spec = lights(kept ? sdr_eotf(out_, headroom(r_.out)) : out_.brightest,
                                out_.kind == TransferKind::kSrgb ? srgb_eotf(kSrgbLineEndsSignal) : 0);
        spec.mirror = sdr_both();
        curve([this](double light) { return sdr_inverse_eotf(out_, light); }, spec);
        break;
      }
      case TransferKind::kCamera: {
        const double white = kReferenceWhiteNits / unit;
        curve([=, this](double light) { return scene_to_camera(out_.curve, r_.out.range, light / white); },
              lights(white * camera_to_scene(out_.curve, r_.out.range, headroom(r_.out)),
                     white * std::max(camera_toe(out_.curve), 0.0)));
        break;
      }
      case TransferKind::kUnknown: break;
    }
  }

  void hlg_encode() {
    to_lms();
    constexpr double kRootEnds = 1.0 / 12;  // BT.2100-2 Table 5
    curve(hlg_oetf, lights(hlg_inverse_oetf(headroom(r_.out)), kRootEnds));
  }

  const ColorRequest& r_;
  std::vector<kernels::Op>& ops_;
  const TransferModel in_, out_;
};

}  // namespace

kernels::Op matrix_op(const Affine& map) {
  kernels::OpMatrix op;
  for (std::size_t i = 0; i < 9; ++i) op.m[i] = static_cast<float>(map.m.m[i]);
  for (std::size_t i = 0; i < 3; ++i) op.offset[i] = static_cast<float>(map.offset[i]);
  return op;
}

void append_light_ops(const ColorRequest& request, std::vector<kernels::Op>& ops) { LightOps(request, ops).append(); }

}  // namespace jinsha::image
