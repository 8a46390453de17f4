#include "image/tone_curve.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "image/transfer.h"

namespace jinsha {

namespace {
struct ToneMapRow {
  ToneMap value;
  const char* name;
};
constexpr std::array kToneMaps{ToneMapRow{ToneMap::kAuto, "auto"},         ToneMapRow{ToneMap::kBt2390, "bt2390"},
                               ToneMapRow{ToneMap::kBt2446A, "bt2446a"},   ToneMapRow{ToneMap::kBt2446C, "bt2446c"},
                               ToneMapRow{ToneMap::kBt2408, "bt2408"},     ToneMapRow{ToneMap::kHable, "hable"},
                               ToneMapRow{ToneMap::kReinhard, "reinhard"}, ToneMapRow{ToneMap::kMobius, "mobius"},
                               ToneMapRow{ToneMap::kClip, "clip"}};
}  // namespace

const char* name_of(ToneMap tone_map) {
  for (const ToneMapRow& row : kToneMaps) {
    if (row.value == tone_map) return row.name;
  }
  return "auto";
}

const char* name_of(ToneMapOn on) {
  switch (on) {
    case ToneMapOn::kMaxRgb: break;
    case ToneMapOn::kLuminance: return "luminance";
    case ToneMapOn::kIctcp: return "ictcp";
  }
  return "max-rgb";
}

namespace image {
namespace {
constexpr double kMobiusKnee = 0.3;
}  // namespace

double apply(const Eetf& eetf, double nits) {
  const double p_black = pq_inverse_eotf(eetf.source_black), p_white = pq_inverse_eotf(eetf.source_white);
  const auto normalised = [&](double light) { return (pq_inverse_eotf(light) - p_black) / (p_white - p_black); };
  const double e1 = std::clamp(normalised(nits), 0.0, 1.0);
  const double min_lum = normalised(eetf.target_black), max_lum = normalised(eetf.target_white);
  double e2 = e1;
  if (max_lum < 1) {
    const double knee = 1.5 * max_lum - 0.5;
    if (e1 >= knee) {
      const double t = (e1 - knee) / (1 - knee), t2 = t * t, t3 = t2 * t;
      e2 = (2 * t3 - 3 * t2 + 1) * knee + (t3 - 2 * t2 + t) * (1 - knee) + (-2 * t3 + 3 * t2) * max_lum;
    }
  }
  const double lift = std::max(min_lum, 0.0);  // a darker target needs none
  const double e3 = e2 + lift * std::pow(1 - e2, 4);
  return pq_eotf(e3 * (p_white - p_black) + p_black);
}

double hable_curve(double x, double peak) {
  const auto h = [](double v) { return (v * (0.15 * v + 0.05) + 0.004) / (v * (0.15 * v + 0.5) + 0.06) - 0.02 / 0.30; };
  return h(x) / h(peak);
}

double reinhard_curve(double x, double peak) { return x * (1 + x / (peak * peak)) / (1 + x); }

double mobius_curve(double x, double peak) {
  constexpr double k = kMobiusKnee;
  if (x <= k || peak <= 1) return x;
  const double a = -k * k * (peak - 1) / (k * k - 2 * k + peak);
  const double b = (k * k - 2 * k * peak + peak) / (peak - 1);
  const double scale = (b * b + 2 * b * k + k * k) / (b - a);
  return scale * (x + a) / (x + b);
}

double tone_map_nits(ToneMap curve, double nits, double source_peak_nits, double target_peak_nits) {
  if (source_peak_nits <= target_peak_nits) return std::min(nits, target_peak_nits);
  const double x = std::min(nits, source_peak_nits) / target_peak_nits, peak = source_peak_nits / target_peak_nits;
  double y = x;
  switch (curve) {
    case ToneMap::kAuto:
    case ToneMap::kBt2390:
      y = apply(Eetf{0, source_peak_nits, 0, target_peak_nits}, x * target_peak_nits) / target_peak_nits;
      break;
    case ToneMap::kHable: y = hable_curve(x, peak); break;
    case ToneMap::kReinhard: y = reinhard_curve(x, peak); break;
    case ToneMap::kMobius: y = mobius_curve(x, peak); break;
    case ToneMap::kClip:
    case ToneMap::kBt2446A:
    case ToneMap::kBt2446C:
    case ToneMap::kBt2408: break;
  }
  return std::clamp(y, 0.0, 1.0) * target_peak_nits;
}

double tone_map_knee_nits(ToneMap curve, double source_peak_nits, double target_peak_nits) {
  switch (curve) {
    case ToneMap::kAuto:
    case ToneMap::kBt2390: {
      const double white = pq_inverse_eotf(source_peak_nits);
      return pq_eotf((1.5 * pq_inverse_eotf(target_peak_nits) / white - 0.5) * white);
    }
    case ToneMap::kMobius: return kMobiusKnee * target_peak_nits;
    case ToneMap::kClip: return target_peak_nits;
    case ToneMap::kHable:
    case ToneMap::kReinhard:
    case ToneMap::kBt2446A:
    case ToneMap::kBt2446C:
    case ToneMap::kBt2408: break;
  }
  return 0;
}

}  // namespace image
}  // namespace jinsha
