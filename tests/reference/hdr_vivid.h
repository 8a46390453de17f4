// The base curve of HDR Vivid, T/UWA 005.1, on the PQ signal of max(R, G, B).
#pragma once

#include <cmath>

namespace jinsha::reference {

struct VividCurve {
  double m_p, m_m, m_a, m_b, m_n, k1, k2, k3;
};
inline double hdr_vivid_base(double signal, const VividCurve& c) {
  const double t = std::pow(signal, c.m_n);
  return c.m_a * std::pow(c.m_p * t / ((c.k1 * c.m_p - c.k2) * t + c.k3), c.m_m) + c.m_b;
}

}  // namespace jinsha::reference
