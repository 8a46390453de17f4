// The electrical-electrical transfer function of ITU-R BT.2390-10 clause 5.4.1, with both blacks.
#pragma once

#include <cmath>

#include "reference/pq.h"

namespace jinsha::reference {

// cd/m2 -> cd/m2, from a source of lb..lw to a target of lmin..lmax; lb <= nits <= lw.
inline double bt2390_eetf(double nits, double lb, double lw, double lmin, double lmax) {
  const double black = pq_inverse_eotf(lb), range = pq_inverse_eotf(lw) - black;
  const auto normalised = [&](double light) { return (pq_inverse_eotf(light) - black) / range; };
  const double e1 = normalised(nits), min_lum = normalised(lmin), max_lum = normalised(lmax);
  const double knee = 1.5 * max_lum - 0.5;
  double e2 = e1;
  if (e1 >= knee && knee < 1) {
    const double t = (e1 - knee) / (1 - knee), t2 = t * t, t3 = t2 * t;
    e2 = (2 * t3 - 3 * t2 + 1) * knee + (t3 - 2 * t2 + t) * (1 - knee) + (3 * t2 - 2 * t3) * max_lum;
  }
  const double e3 = e2 + min_lum * std::pow(1 - e2, 4);
  return pq_eotf(e3 * range + black);
}

}  // namespace jinsha::reference
