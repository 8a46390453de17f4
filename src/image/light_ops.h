// LightOps: the chain of operations on light between two sides, as it is put together. Between the ops light is linear,
// relative to the target's peak: 1 is the peak, so that the corner a clipping curve has there falls on the border of
// two table segments.
//
// What a curve's deviation costs is how far it moves the output's signal (tests: color_accuracy_test.cpp).
#pragma once

#include <functional>
#include <vector>

#include "image/color_plan.h"
#include "image/curve_bake.h"
#include "image/matrix3.h"
#include "image/transfer.h"

namespace jinsha::image {

// Limited range reaches 109 % (BT.2100-2 Table 9).
inline constexpr double kSuperWhite = 1.09;
inline constexpr double kPqPeakNits = 10'000;

class LightOps {
 public:
  LightOps(const ColorRequest& request, std::vector<kernels::Op>& ops);
  void append();

 private:
  using Cost = std::function<double(double x, double value)>;
  // What is above white in SDR made from HDR.
  enum class Above { kCut, kKept };

  // color_ops.cpp
  void decode();
  void decode(double sdr_white);  // the light SDR white becomes
  void tone_map();
  void tone_map_in_ictcp(const std::function<double(double)>& mapped_nits);
  void primaries();
  void map_gamut();  // behind the matrix to the output's primaries
  void compress();
  void reduce_chroma();
  void encode(Above above);
  void hlg_encode();
  // PQ to HLG as square roots of light all the way: HLG's OETF is made of them, and is a line up to 1/12.
  bool goes_by_roots() const;
  void pq_to_hlg_by_roots();
  void from_lms(double brightest);
  void to_lms();

  // bt2446_ops.cpp
  void method_a();
  void inverse_method_a();
  void method_c(bool up);
  CurveSpec luma_gains(double low, double high, double corner) const;

  // One op.
  void matrix(const Mat3& m);
  void curve(const std::function<double(double)>& f, const CurveSpec& spec);
  void gain(kernels::OpScaleByCurve::Of of, const Vec3& weights, const std::function<double(double)>& f,
            const CurveSpec& spec);
  // What is outside 0 ... high goes; as exact as can be, also of light, of which little counts.
  void cut(double high);

  // How to bake it: signals of the source; functions of light that scale it; those that give signals, steep at black.
  CurveSpec signals(double corner, const Cost& cost) const;
  CurveSpec hlg_signals(const Cost& cost) const;
  CurveSpec gains(double low, double high, const Cost& cost) const;
  CurveSpec lights(double high, double corner) const;
  double tolerance() const;
  double signal_of(double light) const;  // the output's signal of grey light
  Cost cost_of_light() const;            // of curves that give light
  Cost cost_of_gain() const;             // of those that scale it

  bool sdr_both() const;
  double unit_nits() const;  // cd/m2 of light 1.0 between the ops
  double brightest_nits() const;
  static double headroom(const ColorInfo& color);
  static Mat3 between(Primaries from, Primaries to);

  const ColorRequest& r_;
  std::vector<kernels::Op>& ops_;
  const TransferModel in_, out_;
};

}  // namespace jinsha::image
