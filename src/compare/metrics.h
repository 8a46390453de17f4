// The table of metrics: what is measured, in which unit, and which way is better (docs/compare.md).
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <string>

namespace jinsha::compare {

enum class Metric {
  kPsnr0,  // of plane 0, 1, 2
  kPsnr1,
  kPsnr2,
  kPsnrWeighted,
  kSsim,
  kXpsnr0,  // of plane 0, 1, 2
  kXpsnr1,
  kXpsnr2,
  kDeltaEMean,
  kDeltaE99,
  kDeltaEMax,
};

struct MetricRow {
  Metric metric;
  const char* name;    // in JSON; "_" and the plane's name follow where it is of a plane
  const char* family;  // for people: what can be drawn in one plot
  const char* detail;  // for people: which of the family; the plane's name where it is of a plane
  const char* unit;    // "" for none
  bool higher_is_better;
  int plane;  // -1: of no plane
};
inline constexpr std::array kMetrics{
    MetricRow{Metric::kPsnr0, "psnr", "PSNR", "", "dB", true, 0},
    MetricRow{Metric::kPsnr1, "psnr", "PSNR", "", "dB", true, 1},
    MetricRow{Metric::kPsnr2, "psnr", "PSNR", "", "dB", true, 2},
    MetricRow{Metric::kPsnrWeighted, "psnr_611", "PSNR", "6:1:1", "dB", true, -1},
    MetricRow{Metric::kSsim, "ssim", "SSIM", "", "", true, 0},
    MetricRow{Metric::kXpsnr0, "xpsnr", "XPSNR", "", "dB", true, 0},
    MetricRow{Metric::kXpsnr1, "xpsnr", "XPSNR", "", "dB", true, 1},
    MetricRow{Metric::kXpsnr2, "xpsnr", "XPSNR", "", "dB", true, 2},
    MetricRow{Metric::kDeltaEMean, "delta_e_itp_mean", "Delta E ITP", "mean", "", false, -1},
    MetricRow{Metric::kDeltaE99, "delta_e_itp_p99", "Delta E ITP", "99 %", "", false, -1},
    MetricRow{Metric::kDeltaEMax, "delta_e_itp_max", "Delta E ITP", "max", "", false, -1},
};

// One number a metric; NaN where it was not measured.
class Scores {
 public:
  Scores() { values_.fill(std::numeric_limits<double>::quiet_NaN()); }
  double& operator[](Metric metric) { return values_[static_cast<std::size_t>(metric)]; }
  double operator[](Metric metric) const { return values_[static_cast<std::size_t>(metric)]; }

 private:
  std::array<double, kMetrics.size()> values_{};
};

// Ratios in dB end here: what equal planes get, so that every score is a number.
inline constexpr double kMaxDb = 100;
// 10 log10(peak^2 / mean_square), at most kMaxDb; `peak` is the highest code value.
double decibels(double mean_square, double peak);

// The usual weighting of 4:2:0 by the planes' share of what is seen: (6 Y' + Cb + Cr) / 8.
double weighted_611(double first, double second, double third);

}  // namespace jinsha::compare
