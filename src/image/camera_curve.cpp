#include "image/camera_curve.h"

#include <cmath>

namespace jinsha::image {
namespace {

// signal = slope * log10(gain * scene + offset) + base above the toe, a line below it.
struct LogCurve {
  double slope, gain, offset, base;
  double toe_scene, toe_signal;    // where the line ends
  double line_slope, line_signal;  // signal = line_slope * scene + line_signal
  bool of_codes;                   // signals are codes of 10 bits over 1023

  double to_scene(double signal) const {
    if (signal < toe_signal) return (signal - line_signal) / line_slope;
    return (std::pow(10, (signal - base) / slope) - offset) / gain;
  }
  double from_scene(double scene) const {
    if (scene < toe_scene) return line_slope * scene + line_signal;
    return slope * std::log10(gain * scene + offset) + base;
  }
};

// Sony, "Technical Summary for S-Gamut3.Cine/S-Log3 and S-Gamut3/S-Log3".
LogCurve s_log3() {
  constexpr double kToe = 0.01125, kToeCode = 171.2102946929;
  return {261.5 / 1023, 1 / 0.19, 0.01 / 0.19, 420.0 / 1023, kToe, kToeCode / 1023, (kToeCode - 95) / kToe / 1023,
          95.0 / 1023,  true};
}

// ARRI, "ALEXA Log C Curve, Usage in VFX", 2017: SUP 3.x and later, exposure index 800, normalised scene light.
LogCurve logc3() {
  constexpr double kCut = 0.010591, kLine = 5.367655, kLineBase = 0.092809;
  return {0.247190, 5.555556, 0.052272, 0.385537, kCut, kLine * kCut + kLineBase, kLine, kLineBase, false};
}

// ARRI, "LogC4 Logarithmic Color Space Specification", 2022.
LogCurve logc4() {
  const double a = (std::exp2(18) - 16) / 117.45, b = (1023.0 - 95) / 1023, c = 95.0 / 1023;
  const double per_stop = b / 14;
  // E' = b (log2(a x + 64) - 6) / 14 + c above t, (x - t) / s below.
  const double s = 7 * std::log(2) * std::exp2(7 - 14 * c / b) / (a * b), t = (std::exp2(14 * (-c / b) + 6) - 64) / a;
  return {per_stop / std::log10(2), a, 64, c - 6 * per_stop, t, 0, 1 / s, -t / s, false};
}

// Panasonic, "V-Log/V-Gamut Reference Manual", 2014.
LogCurve v_log() { return {0.241514, 1, 0.00873, 0.598206, 0.01, 0.181, 5.6, 0.125, true}; }

// AMPAS S-2016-001.
LogCurve aces_cct() {
  return {1 / (17.52 * std::log10(2)), 1,    0, 9.72 / 17.52, 0.0078125, 0.155251141552511, 10.5402377416545,
          0.0729055341958355,          false};
}

const LogCurve& curve_of(Transfer transfer) {
  static const LogCurve sony = s_log3(), arri3 = logc3(), arri4 = logc4(), panasonic = v_log(), aces = aces_cct();
  switch (transfer) {
    case Transfer::kSLog3: return sony;
    case Transfer::kLogC3: return arri3;
    case Transfer::kLogC4: return arri4;
    case Transfer::kVLog: return panasonic;
    default: return aces;
  }
}

// Canon, input transforms for Canon Log 3 version 2.0, 2021: a line between two logarithms, of scene light over 0.9.
namespace canon {
constexpr double kGain = 14.98325, kSlope = 0.36726845, kBelow = 0.12783901, kAbove = 0.12240537;
constexpr double kLineSlope = 1.9754798, kLineBase = 0.12512219, kLineEnds = 0.014;
constexpr double kLow = 0.097465473, kHigh = 0.15277891, kReflection = 0.9;

double to_scene(double signal) {
  double x = (signal - kLineBase) / kLineSlope;
  if (signal < kLow) x = (1 - std::pow(10, (kBelow - signal) / kSlope)) / kGain;
  if (signal > kHigh) x = (std::pow(10, (signal - kAbove) / kSlope) - 1) / kGain;
  return kReflection * x;
}
double from_scene(double scene) {
  const double x = scene / kReflection;
  if (x < -kLineEnds) return kBelow - kSlope * std::log10(1 - kGain * x);
  if (x > kLineEnds) return kAbove + kSlope * std::log10(1 + kGain * x);
  return kLineSlope * x + kLineBase;
}
}  // namespace canon

// Codes of 10 bits: limited range has black at 64, white at 940.
double code_over_1023(Range range, double signal) {
  return range == Range::kFull ? signal : (876 * signal + 64) / 1023;
}
double signal_of_code(Range range, double code) { return range == Range::kFull ? code : (1023 * code - 64) / 876; }

}  // namespace

double camera_to_scene(Transfer transfer, Range range, double signal) {
  if (transfer == Transfer::kCanonLog3) return canon::to_scene(code_over_1023(range, signal));
  const LogCurve& curve = curve_of(transfer);
  return curve.to_scene(curve.of_codes ? code_over_1023(range, signal) : signal);
}

double scene_to_camera(Transfer transfer, Range range, double scene) {
  if (transfer == Transfer::kCanonLog3) return signal_of_code(range, canon::from_scene(scene));
  const LogCurve& curve = curve_of(transfer);
  return curve.of_codes ? signal_of_code(range, curve.from_scene(scene)) : curve.from_scene(scene);
}

double camera_toe(Transfer transfer) {
  return transfer == Transfer::kCanonLog3 ? canon::kReflection * canon::kLineEnds : curve_of(transfer).toe_scene;
}

}  // namespace jinsha::image
