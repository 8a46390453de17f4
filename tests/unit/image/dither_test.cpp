// The dither tiles: their values, and what sets them apart.
#include "image/dither.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

namespace jinsha::image {
namespace {

constexpr int kSide = kernels::kDitherSide;

double mean_of(const kernels::Dither& tile, int power) {
  double sum = 0;
  for (const float x : tile) sum += std::pow(static_cast<double>(x), power);
  return sum / static_cast<double>(tile.size());
}

// Share of the energy in waves longer than 8 samples, of the 64 x 64 there are 197 of 4096.
double low_frequencies(const kernels::Dither& tile) {
  double low = 0;
  for (int v = -7; v <= 7; ++v) {
    for (int u = -7; u <= 7; ++u) {
      if (u * u + v * v >= 64) continue;
      double re = 0, im = 0;
      for (int i = 0; i < kSide * kSide; ++i) {
        const double angle = 2 * std::numbers::pi * (u * (i % kSide) + v * (i / kSide)) / kSide;
        re += static_cast<double>(tile[static_cast<std::size_t>(i)]) * std::cos(angle);
        im += static_cast<double>(tile[static_cast<std::size_t>(i)]) * std::sin(angle);
      }
      low += re * re + im * im;
    }
  }
  return low / (mean_of(tile, 2) * std::pow(kSide, 4));
}

TEST(Dither, NoneIsNoTile) { EXPECT_TRUE(dither_tile(DitherMode::kNone).empty()); }

TEST(Dither, OrderedAndBlueNoiseSpreadEvenlyWithinHalfAStep) {
  for (const auto& [mode, levels] : {std::pair{DitherMode::kOrdered, 256}, {DitherMode::kBlueNoise, kSide * kSide}}) {
    kernels::Dither tile = dither_tile(mode);
    ASSERT_EQ(tile.size(), kSide * kSide);
    EXPECT_NEAR(mean_of(tile, 1), 0, 1e-7);
    EXPECT_NEAR(mean_of(tile, 2), 1.0 / 12, 1e-5);
    EXPECT_EQ(std::set<float>(tile.begin(), tile.end()).size(), levels);
    EXPECT_LT(*std::max_element(tile.begin(), tile.end()), 0.5F);
    EXPECT_GT(*std::min_element(tile.begin(), tile.end()), -0.5F);
  }
}

TEST(Dither, TpdfIsTriangularWithinOneStep) {
  const kernels::Dither tile = dither_tile(DitherMode::kTpdf);
  EXPECT_NEAR(mean_of(tile, 1), 0, 0.015);       // deviation of the mean of 4096: 0.0064
  EXPECT_NEAR(mean_of(tile, 2), 1.0 / 6, 0.01);  // of the variance: 0.003
  const auto inner = std::count_if(tile.begin(), tile.end(), [](float x) { return std::abs(x) < 0.5F; });
  EXPECT_NEAR(static_cast<double>(inner) / (kSide * kSide), 0.75, 0.03);
  EXPECT_GT(*std::max_element(tile.begin(), tile.end()), 0.9F);
}

TEST(Dither, BlueNoiseHasNoLowFrequencies) {
  EXPECT_LT(low_frequencies(dither_tile(DitherMode::kBlueNoise)), 0.002);
  EXPECT_GT(low_frequencies(dither_tile(DitherMode::kTpdf)), 0.03);  // white: 0.048
}

}  // namespace
}  // namespace jinsha::image
