// The logarithmic curves of cameras, from signals to scene light (0.18: mid-grey), and back.
#pragma once

#include <cmath>

namespace jinsha::reference {

// Sony, "Technical Summary for S-Gamut3.Cine/S-Log3 and S-Gamut3/S-Log3". Of codes of 10 bits over 1023.
inline double s_log3_to_scene(double v) {
  if (v >= 171.2102946929 / 1023) return std::pow(10, (v * 1023 - 420) / 261.5) * (0.18 + 0.01) - 0.01;
  return (v * 1023 - 95) * 0.01125 / (171.2102946929 - 95);
}
inline double scene_to_s_log3(double x) {
  if (x >= 0.01125) return (420 + std::log10((x + 0.01) / (0.18 + 0.01)) * 261.5) / 1023;
  return (x * (171.2102946929 - 95) / 0.01125 + 95) / 1023;
}

// ARRI, "ALEXA Log C Curve, Usage in VFX": exposure index 800.
inline double logc3_to_scene(double v) {
  if (v > 5.367655 * 0.010591 + 0.092809) return (std::pow(10, (v - 0.385537) / 0.247190) - 0.052272) / 5.555556;
  return (v - 0.092809) / 5.367655;
}
inline double scene_to_logc3(double x) {
  return x > 0.010591 ? 0.247190 * std::log10(5.555556 * x + 0.052272) + 0.385537 : 5.367655 * x + 0.092809;
}

// ARRI, "LogC4 Logarithmic Color Space Specification", signals 0 and up.
inline double logc4_to_scene(double v) {
  const double a = (std::pow(2, 18) - 16) / 117.45;
  return (std::pow(2, 14 * (v - 95.0 / 1023) / ((1023.0 - 95) / 1023) + 6) - 64) / a;
}
inline double scene_to_logc4(double x) {
  const double a = (std::pow(2, 18) - 16) / 117.45;
  return (std::log2(a * x + 64) - 6) / 14 * ((1023.0 - 95) / 1023) + 95.0 / 1023;
}

// Panasonic, "V-Log/V-Gamut Reference Manual". Of codes of 10 bits over 1023.
inline double v_log_to_scene(double v) {
  return v < 0.181 ? (v - 0.125) / 5.6 : std::pow(10, (v - 0.598206) / 0.241514) - 0.00873;
}
inline double scene_to_v_log(double x) {
  return x < 0.01 ? 5.6 * x + 0.125 : 0.241514 * std::log10(x + 0.00873) + 0.598206;
}

// Canon, input transform for Canon Log 3, 2021. Of codes of 10 bits over 1023.
inline double canon_log3_to_scene(double v) {
  if (v < 0.097465473) return 0.9 * -(std::pow(10, (0.12783901 - v) / 0.36726845) - 1) / 14.98325;
  if (v <= 0.15277891) return 0.9 * (v - 0.12512219) / 1.9754798;
  return 0.9 * (std::pow(10, (v - 0.12240537) / 0.36726845) - 1) / 14.98325;
}
inline double scene_to_canon_log3(double x) {
  if (x < -0.9 * 0.014) return -0.36726845 * std::log10(1 - x / 0.9 * 14.98325) + 0.12783901;
  if (x <= 0.9 * 0.014) return 1.9754798 * x / 0.9 + 0.12512219;
  return 0.36726845 * std::log10(x / 0.9 * 14.98325 + 1) + 0.12240537;
}

// AMPAS S-2016-001.
inline double acescct_to_scene(double v) {
  return v > 0.155251141552511 ? std::pow(2, v * 17.52 - 9.72) : (v - 0.0729055341958355) / 10.5402377416545;
}
inline double scene_to_acescct(double x) {
  return x <= 0.0078125 ? 10.5402377416545 * x + 0.0729055341958355 : (std::log2(x) + 9.72) / 17.52;
}

}  // namespace jinsha::reference
