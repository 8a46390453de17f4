#include "compare/ssim.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "compare/plane_view.h"

namespace jinsha::compare {
namespace {

constexpr int kWindow = 8;
constexpr int kStep = 4;

struct Sums {
  std::uint64_t a = 0, b = 0, aa_bb = 0, ab = 0;
};

template <typename Sample>
void add_row(Sums& sums, const Sample* a, const Sample* b, int count) {
  for (int x = 0; x < count; ++x) {
    const std::uint64_t va = a[x], vb = b[x];
    sums.a += va;
    sums.b += vb;
    sums.aa_bb += va * va + vb * vb;
    sums.ab += va * vb;
  }
}

double similarity(const Sums& sums, int samples, double peak) {
  const double n = samples, unbiased = std::max(samples - 1, 1);
  const double mean_a = static_cast<double>(sums.a) / n, mean_b = static_cast<double>(sums.b) / n;
  const double c1 = 0.01 * peak * 0.01 * peak, c2 = 0.03 * peak * 0.03 * peak;
  // Of integers below 2^53: exact, so that a flat window has no variance.
  const double variances = static_cast<double>(n * static_cast<double>(sums.aa_bb) -
                                               static_cast<double>(sums.a) * static_cast<double>(sums.a) -
                                               static_cast<double>(sums.b) * static_cast<double>(sums.b)) /
                           (n * unbiased);
  const double covariance =
      (n * static_cast<double>(sums.ab) - static_cast<double>(sums.a) * static_cast<double>(sums.b)) / (n * unbiased);
  return (2 * mean_a * mean_b + c1) * (2 * covariance + c2) /
         ((mean_a * mean_a + mean_b * mean_b + c1) * (variances + c2));
}

}  // namespace

double ssim(const Frame& reference, const Frame& other, ThreadPool& pool) {
  const PixelFormat& format = reference.layout().format;
  return with_sample_type(format, [&]<typename Sample>(Sample) {
    const PlaneView<Sample> a(reference, 0), b(other, 0);
    const int window_width = std::min(kWindow, a.width), window_height = std::min(kWindow, a.height);
    const int columns = (a.width - window_width) / kStep + 1, rows = (a.height - window_height) / kStep + 1;
    const double peak = (1 << format.depth) - 1;
    std::vector<double> row_sums(static_cast<std::size_t>(rows));
    pool.run(rows, [&](int row, int) {
      double sum = 0;
      for (int column = 0; column < columns; ++column) {
        Sums sums;
        for (int y = 0; y < window_height; ++y) {
          add_row(sums, a.row(row * kStep + y) + column * kStep, b.row(row * kStep + y) + column * kStep, window_width);
        }
        sum += similarity(sums, window_width * window_height, peak);
      }
      row_sums[static_cast<std::size_t>(row)] = sum;
    });
    return std::accumulate(row_sums.begin(), row_sums.end(), 0.0) / (static_cast<double>(columns) * rows);
  });
}

}  // namespace jinsha::compare
