#include "image/color_ops.h"

#include <algorithm>
#include <cmath>

#include "image/bt2446.h"
#include "image/camera_curve.h"
#include "image/curve_bake.h"
#include "image/gamut.h"
#include "image/hlg_ootf.h"
#include "image/light_ops.h"
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

constexpr double kSrgbLineEndsSignal = 0.04045;  // IEC 61966-2-1
constexpr double kHlgRootEnds = 1.0 / 12;        // of scene light, BT.2100-2 Table 5

}  // namespace

LightOps::LightOps(const ColorRequest& request, std::vector<kernels::Op>& ops)
    : r_(request), ops_(ops), in_(model_of(request.in.transfer)), out_(model_of(request.out.transfer)) {}

void LightOps::append() {
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
  if (goes_by_roots()) return pq_to_hlg_by_roots();
  decode();
  if (tone_maps(r_)) tone_map();
  primaries();
  // Only on the largest component a curve keeps all of them below the peak. SDR is cut as it is encoded.
  if (tone_maps(r_) && r_.tone_map_on != ToneMapOn::kMaxRgb && reaches_beyond_white(r_.out.transfer)) cut(1);
  encode(Above::kCut);
}

bool LightOps::sdr_both() const {
  return !reaches_beyond_white(r_.in.transfer) && !reaches_beyond_white(r_.out.transfer);
}

double LightOps::unit_nits() const {
  return out_.kind == TransferKind::kPq && !tone_maps(r_) ? kPqPeakNits : r_.target_peak_nits;
}

double LightOps::headroom(const ColorInfo& color) { return color.range == Range::kFull ? 1 : kSuperWhite; }

double LightOps::signal_of(double light) const {
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

LightOps::Cost LightOps::cost_of_light() const {
  return [this](double, double light) { return signal_of(light); };
}

LightOps::Cost LightOps::cost_of_gain() const {
  return [this](double light, double gain) { return signal_of(light * gain); };
}

CurveSpec LightOps::signals(double corner, const Cost& cost) const {
  const bool container = light_change(r_) == LightChange::kContainer || in_.kind == TransferKind::kCamera ||
                         r_.in.primaries == Primaries::kXyz;
  const bool matrix_only = (r_.in.primaries != r_.out.primaries && container) || r_.in.matrix == Matrix::kIctcp;
  const double share = matrix_only ? kShareBeforeGamutMatrix : 1;
  return {.high = headroom(r_.in), .corner = corner, .cost = cost, .tolerance = share * tolerance()};
}

CurveSpec LightOps::hlg_signals(const Cost& cost) const {
  constexpr double kParabolaEnds = 0.5;  // BT.2100-2 Table 5
  return signals(kParabolaEnds, cost);
}

double LightOps::tolerance() const {
  return std::max(kLeastTolerance, kToleranceSteps / (219 << (r_.out_format.depth - 8)));
}

CurveSpec LightOps::gains(double low, double high, const Cost& cost) const {
  return {.pieces = CurveSpec::Pieces::kOctaves, .low = low, .high = high, .cost = cost, .tolerance = tolerance()};
}

CurveSpec LightOps::lights(double high, double corner) const {
  return {.pieces = CurveSpec::Pieces::kFromZero, .high = high, .corner = corner, .tolerance = tolerance()};
}

void LightOps::matrix(const Mat3& m) { ops_.push_back(matrix_op({m, {}})); }

void LightOps::curve(const std::function<double(double)>& f, const CurveSpec& spec) {
  ops_.push_back(kernels::OpCurve{bake(f, spec)});
}

void LightOps::gain(kernels::OpScaleByCurve::Of of, const Vec3& weights, const std::function<double(double)>& f,
                    const CurveSpec& spec) {
  ops_.push_back(kernels::OpScaleByCurve{
      .of = of,
      .weights = {static_cast<float>(weights[0]), static_cast<float>(weights[1]), static_cast<float>(weights[2])},
      .ratio = bake(f, spec)});
}

void LightOps::cut(double high) {
  curve([](double x) { return x; }, {.pieces = CurveSpec::Pieces::kFromZero, .high = high, .tolerance = 0});
}

Mat3 LightOps::between(Primaries from, Primaries to) {
  return from == to ? Mat3{} : rgb_to_rgb(*chromaticities_of(from), *chromaticities_of(to));
}

void LightOps::decode() { decode(sdr_both() ? 1 : kReferenceWhiteNits / unit_nits()); }

void LightOps::decode(double sdr_white) {
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
      curve(hlg_inverse_oetf, hlg_signals([=, this](double, double scene) { return signal_of(scene * ootf(scene)); }));
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
void LightOps::from_lms(double brightest) {
  if (r_.in.matrix != Matrix::kIctcp) return;
  matrix(inverse(rgb_to_lms()));
  cut(brightest);
}

void LightOps::to_lms() {
  if (r_.out.matrix == Matrix::kIctcp) matrix(rgb_to_lms());
}

double LightOps::brightest_nits() const {
  if (in_.kind != TransferKind::kCamera) return kPqPeakNits;
  return kReferenceWhiteNits * camera_to_scene(in_.curve, r_.in.range, headroom(r_.in));
}

void LightOps::tone_map() {
  const double unit = unit_nits();
  const auto mapped = [this](double nits) {
    return tone_map_nits(r_.tone_map, nits, r_.source_peak_nits, r_.target_peak_nits);
  };
  if (r_.tone_map_on == ToneMapOn::kIctcp) return tone_map_in_ictcp(mapped);
  // Every curve's slope at 0 is finite, so the ratio is settled at 2^-16 of the peak.
  constexpr double kSettled = 0x1p-16;
  const double knee = tone_map_knee_nits(r_.tone_map, r_.source_peak_nits, r_.target_peak_nits) / unit;
  CurveSpec spec = gains(std::max(knee, kSettled), brightest_nits() / unit, cost_of_gain());
  spec.corner = r_.source_peak_nits / unit;
  const bool on_max = r_.tone_map_on == ToneMapOn::kMaxRgb;
  gain(
      on_max ? kernels::OpScaleByCurve::Of::kMax : kernels::OpScaleByCurve::Of::kWeighted,
      on_max ? Vec3{} : luminance_weights(r_.in.primaries),
      [=](double light) { return mapped(light * unit) / (light * unit); }, spec);
}

// I is the mean of L' and M', and Ct and Cp are to fall as I does: so all of L'M'S' does, and there is no need to go on
// to ICtCp. The light of BT.2020 that no component of them stands for is cut.
void LightOps::tone_map_in_ictcp(const std::function<double(double)>& mapped_nits) {
  const double unit = unit_nits();
  const Mat3 to_lms = rgb_to_lms() * between(r_.in.primaries, Primaries::kBt2020);
  const auto signal = [=](double light) { return pq_inverse_eotf(light * unit); };
  matrix(to_lms);
  CurveSpec spec = lights(kPqPeakNits / unit, 0);
  spec.tolerance = 0;
  curve(signal, spec);
  constexpr double kSettled = 0x1p-10;  // of PQ: a millionth of its peak
  const double knee = tone_map_knee_nits(r_.tone_map, r_.source_peak_nits, r_.target_peak_nits) / unit;
  CurveSpec ratio = gains(std::max(signal(knee), kSettled), 1, [](double i, double gain) { return i * gain; });
  ratio.corner = pq_inverse_eotf(r_.source_peak_nits);
  gain(
      kernels::OpScaleByCurve::Of::kWeighted, {0.5, 0.5, 0},
      [=](double i) { return pq_inverse_eotf(mapped_nits(pq_eotf(i))) / i; }, ratio);
  CurveSpec back{.pieces = CurveSpec::Pieces::kFromZero, .root = true, .cost = cost_of_light(), .tolerance = 0};
  curve([=](double e) { return pq_eotf(e) / unit; }, back);
  matrix(inverse(to_lms));
}

void LightOps::primaries() {
  if (r_.in.primaries == r_.out.primaries) return;
  matrix(between(r_.in.primaries, r_.out.primaries));
  map_gamut();
}

void LightOps::map_gamut() {
  if (maps_gamut(r_)) r_.gamut == GamutMap::kIctcp ? reduce_chroma() : compress();
}

// In HDR nothing is too bright: what is above the target's peak is no question of its primaries.
void LightOps::reduce_chroma() {
  const double unit = unit_nits();
  const Mat3 to_lms = rgb_to_lms() * between(r_.out.primaries, Primaries::kBt2020);
  kernels::OpReduceChroma op;
  const bool super_white = sdr_both() || r_.tone_map == ToneMap::kBt2446C;
  double high = super_white ? sdr_eotf(out_, headroom(r_.out)) : out_.brightest;
  if (reaches_beyond_white(r_.out.transfer)) high = kPqPeakNits / unit;
  op.high = static_cast<float>(high);
  op.to_cones = std::get<kernels::OpMatrix>(matrix_op({to_lms, {}})).m;
  op.from_cones = std::get<kernels::OpMatrix>(matrix_op({inverse(to_lms), {}})).m;
  CurveSpec signal = lights(kPqPeakNits / unit, 0);
  signal.tolerance = 0;
  op.signal = bake([=](double light) { return pq_inverse_eotf(light * unit); }, signal);
  op.light = bake([=](double e) { return pq_eotf(e) / unit; },
                  {.pieces = CurveSpec::Pieces::kFromZero, .root = true, .cost = cost_of_light(), .tolerance = 0});
  ops_.push_back(op);
}

void LightOps::compress() {
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

void LightOps::encode(Above above) {
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

bool LightOps::goes_by_roots() const {
  const bool on_light = tone_maps(r_) && r_.tone_map_on != ToneMapOn::kMaxRgb;
  return in_.kind == TransferKind::kPq && out_.kind == TransferKind::kHlg && r_.in.primaries == r_.out.primaries &&
         r_.in.matrix != Matrix::kIctcp && r_.out.matrix != Matrix::kIctcp && !on_light;
}

void LightOps::pq_to_hlg_by_roots() {
  const double unit = unit_nits(), brightest = kPqPeakNits / unit;
  const auto square = [](double x) { return x * x; };
  CurveSpec roots = signals(0, [=, this](double, double root) { return signal_of(square(root)); });
  roots.high = 1;
  roots.pieces = CurveSpec::Pieces::kFromZero;
  curve([=](double e) { return std::sqrt(pq_eotf(e) / unit); }, roots);
  if (tone_maps(r_)) {
    constexpr double kSettled = 0x1p-8;
    const double knee = tone_map_knee_nits(r_.tone_map, r_.source_peak_nits, r_.target_peak_nits) / unit;
    CurveSpec spec = gains(std::max(std::sqrt(knee), kSettled), std::sqrt(brightest),
                           [=, this](double root, double gain) { return signal_of(square(root * gain)); });
    spec.corner = std::sqrt(r_.source_peak_nits / unit);
    const auto mapped = [=, this](double root) {
      const double nits = square(root) * unit;
      return std::sqrt(tone_map_nits(r_.tone_map, nits, r_.source_peak_nits, r_.target_peak_nits) / nits);
    };
    gain(kernels::OpScaleByCurve::Of::kMax, {}, mapped, spec);
  }
  const auto inverse_ootf = [=](double light) {
    return std::sqrt(hlg_inverse_ootf_gain(light * unit, kHlgBridgeNits, kHlgBridgeGamma) * unit);
  };
  gain(kernels::OpScaleByCurve::Of::kWeightedSquares, luminance_weights(r_.out.primaries), inverse_ootf,
       gains(kFloor * brightest, brightest, [=](double light, double gain) { return hlg_oetf(light * square(gain)); }));
  CurveSpec signal{.high = std::sqrt(hlg_inverse_oetf(headroom(r_.out))),
                   .corner = std::sqrt(kHlgRootEnds),
                   .tolerance = tolerance()};
  curve([=](double root) { return hlg_oetf(square(root)); }, signal);
}

void LightOps::hlg_encode() {
  to_lms();
  curve(hlg_oetf, lights(hlg_inverse_oetf(headroom(r_.out)), kHlgRootEnds));
}

kernels::Op matrix_op(const Affine& map) {
  kernels::OpMatrix op;
  for (std::size_t i = 0; i < 9; ++i) op.m[i] = static_cast<float>(map.m.m[i]);
  for (std::size_t i = 0; i < 3; ++i) op.offset[i] = static_cast<float>(map.offset[i]);
  return op;
}

void append_light_ops(const ColorRequest& request, std::vector<kernels::Op>& ops) { LightOps(request, ops).append(); }

}  // namespace jinsha::image
