// Between the ops light is linear, relative to the target's peak: 1 is the peak, so that the corner
// a clipping curve has there falls on the border of two table segments.
//
// Table resolution (relative segment width 2^-bits) and the error it leaves, in 12-bit limited code
// values of the output, against the formulas in double (tests: color_accuracy_test.cpp).
#include "image/color_ops.h"

#include <algorithm>
#include <cmath>

#include "image/curve_bake.h"
#include "image/hlg_ootf.h"
#include "image/primaries.h"
#include "image/tone_curve.h"
#include "image/transfer.h"

namespace jinsha::image {
namespace {

constexpr int kDecodeBits = 10;  // signal -> light: steep, a local exponent up to 9.5 (PQ)
constexpr int kGainBits = 7;
constexpr int kEncodeBits = 6;  // light -> signal: flat
// Signals below 2^-16 (one code of 16 bits) and light below 2^-34 of the peak are on a line to 0.
constexpr double kSignalFloor = 0x1p-16;
constexpr double kLightFloor = 0x1p-34;

// BT.2408-7 2.2 and 5: SDR white becomes HDR reference white when SDR is carried in HDR.
constexpr double kReferenceWhiteNits = 203;
// Limited range reaches 109 % (BT.2100-2 Table 9).
constexpr double kSuperWhite = 1.09;
constexpr double kPqPeakNits = 10'000;

class LightOps {
 public:
  LightOps(const ColorRequest& r, std::vector<kernels::Op>& ops)
      : r_(r), ops_(ops), in_(model_of(r.in.transfer)), out_(model_of(r.out.transfer)) {}

  void append() {
    if (in_.kind == TransferKind::kHlg && out_.kind == TransferKind::kHlg) {
      // Scene light on both sides: the OOTF would only be undone again.
      curve(hlg_inverse_oetf, signal_range(kDecodeBits, false));
      primaries();
      curve(hlg_oetf, light_range(hlg_inverse_oetf(headroom(r_.out))));
      return;
    }
    decode();
    if (tone_maps(r_)) tone_map();
    primaries();
    encode();
  }

 private:
  bool sdr_both() const { return !is_hdr(r_.in.transfer) && !is_hdr(r_.out.transfer); }
  // cd/m2 of light 1.0 between the ops.
  double unit_nits() const {
    return out_.kind == TransferKind::kPq && !tone_maps(r_) ? kPqPeakNits : r_.target_peak_nits;
  }
  static double headroom(const ColorInfo& color) { return color.range == Range::kFull ? 1 : kSuperWhite; }

  CurveRange signal_range(int bits, bool mirror) const {
    return {.first = kSignalFloor, .high = headroom(r_.in), .at_zero = 0, .mantissa_bits = bits, .mirror = mirror};
  }
  static CurveRange light_range(double high) {
    return {.first = kLightFloor * std::max(high, 1.0), .high = high, .mantissa_bits = kEncodeBits};
  }

  void curve(const std::function<double(double)>& f, const CurveRange& range) {
    ops_.push_back(kernels::OpCurve{bake(f, range)});
  }
  void gain(kernels::OpScaleByCurve::Of of, const Vec3& weights, const std::function<double(double)>& f,
            CurveRange range) {
    range.mantissa_bits = kGainBits;
    range.at_zero = f(range.first);
    ops_.push_back(kernels::OpScaleByCurve{
        .of = of,
        .weights = {static_cast<float>(weights[0]), static_cast<float>(weights[1]), static_cast<float>(weights[2])},
        .ratio = bake(f, range)});
  }

  void decode() {
    const double unit = unit_nits();
    switch (in_.kind) {
      case TransferKind::kPq: {
        CurveRange range = signal_range(kDecodeBits, false);
        range.high = 1;
        curve([=](double e) { return pq_eotf(e) / unit; }, range);
        break;
      }
      case TransferKind::kHlg: {
        curve(hlg_inverse_oetf, signal_range(kDecodeBits, false));
        const auto ootf = [=](double y) { return hlg_ootf_gain(y, kHlgBridgeNits, kHlgBridgeGamma) / unit; };
        gain(kernels::OpScaleByCurve::Of::kWeighted, luminance_weights(r_.in.primaries), ootf,
             {.first = kLightFloor, .high = hlg_inverse_oetf(headroom(r_.in))});
        break;
      }
      case TransferKind::kGamma:
      case TransferKind::kSrgb: {
        const double white = sdr_both() ? 1 : kReferenceWhiteNits / unit;
        curve([=, this](double e) { return white * sdr_eotf(in_, e); }, signal_range(kDecodeBits, sdr_both()));
        break;
      }
      case TransferKind::kUnknown: break;
    }
  }

  void tone_map() {
    const double unit = unit_nits();
    const auto ratio = [=, this](double light) {
      return tone_map_nits(r_.tone_map, light * unit, r_.source_peak_nits, r_.target_peak_nits) / (light * unit);
    };
    // Every curve's slope at 0 is finite, so the ratio is settled at 2^-16 of the peak.
    gain(kernels::OpScaleByCurve::Of::kMax, {}, ratio, {.first = 0x1p-16, .high = kPqPeakNits / unit});
  }

  void primaries() {
    if (r_.in.primaries == r_.out.primaries) return;
    const auto from = chromaticities_of(r_.in.primaries), to = chromaticities_of(r_.out.primaries);
    ops_.push_back(matrix_op({rgb_to_rgb(*from, *to), {}}));
  }

  void encode() {
    const double unit = unit_nits();
    switch (out_.kind) {
      case TransferKind::kPq:
        curve([=](double light) { return pq_inverse_eotf(light * unit); }, light_range(kPqPeakNits / unit));
        break;
      case TransferKind::kHlg: {
        const auto inverse_ootf = [=](double light) {
          return hlg_inverse_ootf_gain(light * unit, kHlgBridgeNits, kHlgBridgeGamma) * unit;
        };
        gain(kernels::OpScaleByCurve::Of::kWeighted, luminance_weights(r_.out.primaries), inverse_ootf,
             {.first = kLightFloor, .high = kPqPeakNits / unit});
        curve(hlg_oetf, light_range(hlg_inverse_oetf(headroom(r_.out))));
        break;
      }
      case TransferKind::kGamma:
      case TransferKind::kSrgb: {
        // Tone-mapped light ends at white; SDR to SDR keeps what lies outside 0..1.
        CurveRange range = light_range(sdr_both() ? sdr_eotf(out_, headroom(r_.out)) : 1);
        range.mirror = sdr_both();
        curve([this](double light) { return sdr_inverse_eotf(out_, light); }, range);
        break;
      }
      case TransferKind::kUnknown: break;
    }
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
