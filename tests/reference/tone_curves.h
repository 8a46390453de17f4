// Tone curves of the field for relative light: 1 is white of the target, `peak` >= 1 the source's.
#pragma once

#include <algorithm>

namespace jinsha::reference {

// J. Hable, "Filmic Tonemapping Operators", GDC 2010; peak -> 1.
inline double hable(double x, double peak) {
  constexpr double a = 0.15, b = 0.50, c = 0.10, d = 0.20, e = 0.02, f = 0.30;
  const auto h = [](double v) { return (v * (a * v + c * b) + d * e) / (v * (a * v + b) + d * f) - e / f; };
  return h(x) / h(peak);
}

// E. Reinhard et al., "Photographic Tone Reproduction for Digital Images", 2002, equation 4; peak -> 1.
inline double reinhard(double x, double peak) { return x * (1 + x / (peak * peak)) / (1 + x); }

// Linear up to `knee`, then the Moebius transform that goes on in value and slope; peak -> 1.
inline double mobius(double x, double peak, double knee = 0.3) {
  if (x <= knee) return x;
  const double a = -knee * knee * (peak - 1) / (knee * knee - 2 * knee + peak);
  const double b = (knee * knee - 2 * knee * peak + peak) / (peak - 1);
  return (b * b + 2 * b * knee + knee * knee) / (b - a) * (x + a) / (x + b);
}

// K. Narkowicz, "ACES Filmic Tone Mapping Curve", 2015; knows no peak.
inline double narkowicz(double x) {
  return std::clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0);
}

}  // namespace jinsha::reference
