// SSIM against the formula of the paper, evaluated window by window.
#include "compare/ssim.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "compare/picture_helper.h"
#include "compare/plane_view.h"

namespace jinsha::compare {
namespace {

using test::make_noise;
using test::make_picture;

constexpr PixelFormat kTenBit{Chroma::k420, 10};
constexpr PixelFormat kEightBit{Chroma::k420, 8};

Frame flat(PixelFormat format, int width, int height, int luma) {
  return make_picture(format, width, height, [=](int plane, int, int) { return plane == 0 ? luma : 100; });
}

// Means, variances and covariance one after another, two passes.
double window(const std::vector<double>& a, const std::vector<double>& b, double peak) {
  const auto n = static_cast<double>(a.size());
  double mean_a = 0, mean_b = 0, var_a = 0, var_b = 0, covariance = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    mean_a += a[i] / n;
    mean_b += b[i] / n;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    var_a += (a[i] - mean_a) * (a[i] - mean_a) / (n - 1);
    var_b += (b[i] - mean_b) * (b[i] - mean_b) / (n - 1);
    covariance += (a[i] - mean_a) * (b[i] - mean_b) / (n - 1);
  }
  const double c1 = std::pow(0.01 * peak, 2), c2 = std::pow(0.03 * peak, 2);
  return (2 * mean_a * mean_b + c1) * (2 * covariance + c2) /
         ((mean_a * mean_a + mean_b * mean_b + c1) * (var_a + var_b + c2));
}

TEST(Ssim, EqualPicturesAreOne) {
  ThreadPool pool(2);
  for (const PixelFormat& format : {kEightBit, kTenBit, PixelFormat{Chroma::k444, 16}}) {
    const Frame frame = make_noise(format, 50, 34, 3);
    EXPECT_EQ(ssim(frame, frame, pool), 1);
  }
}

TEST(Ssim, FlatPicturesDifferByTheirMeansOnly) {
  ThreadPool pool(1);
  const double c1 = std::pow(0.01 * 255, 2);
  EXPECT_NEAR(ssim(flat(kEightBit, 32, 32, 50), flat(kEightBit, 32, 32, 100), pool),
              (2.0 * 50 * 100 + c1) / (50.0 * 50 + 100.0 * 100 + c1), 1e-12);
}

TEST(Ssim, EveryWindowByTheFormula) {
  ThreadPool pool(2);
  const int width = 41, height = 22;  // windows begin at 0, 4, ... 32 and 0, 4, 8, 12
  const Frame a = make_noise(kTenBit, width, height, 1), b = make_noise(kTenBit, width, height, 2);
  const PlaneView<std::uint16_t> view_a(a, 0), view_b(b, 0);
  double sum = 0;
  int windows = 0;
  for (int y = 0; y + 8 <= height; y += 4) {
    for (int x = 0; x + 8 <= width; x += 4) {
      std::vector<double> of_a, of_b;
      for (int i = 0; i < 64; ++i) {
        of_a.push_back(view_a.row(y + i / 8)[x + i % 8]);
        of_b.push_back(view_b.row(y + i / 8)[x + i % 8]);
      }
      sum += window(of_a, of_b, 1023);
      ++windows;
    }
  }
  EXPECT_EQ(windows, 9 * 4);
  EXPECT_NEAR(ssim(a, b, pool), sum / windows, 1e-12);
}

TEST(Ssim, PicturesSmallerThanAWindow) {
  ThreadPool pool(1);
  const double c1 = std::pow(0.01 * 255, 2);
  EXPECT_EQ(ssim(flat(kEightBit, 1, 1, 7), flat(kEightBit, 1, 1, 7), pool), 1);
  EXPECT_NEAR(ssim(flat(kEightBit, 1, 1, 0), flat(kEightBit, 1, 1, 255), pool), c1 / (255.0 * 255 + c1), 1e-12);
  EXPECT_NEAR(ssim(flat(kEightBit, 3, 40, 50), flat(kEightBit, 3, 40, 100), pool),
              (2.0 * 50 * 100 + c1) / (50.0 * 50 + 100.0 * 100 + c1), 1e-12);
}

TEST(Ssim, DoesNotDependOnThreads) {
  const Frame a = make_noise(kTenBit, 333, 201, 1), b = make_noise(kTenBit, 333, 201, 2);
  ThreadPool one(1), three(3);
  EXPECT_EQ(ssim(a, b, one), ssim(a, b, three));
}

}  // namespace
}  // namespace jinsha::compare
