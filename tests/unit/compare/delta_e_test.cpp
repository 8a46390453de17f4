// Delta E ITP against BT.2100 and BT.2124, written down here a second time.
#include "compare/delta_e.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compare/picture_helper.h"

namespace jinsha::compare {
namespace {

using test::make_noise;
using test::make_picture;

constexpr PixelFormat k444{Chroma::k444, 10};
constexpr ColorInfo kPq{Primaries::kBt2020, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited,
                        ChromaLocation::kUnspecified};

double pq(double nits) {
  const double y = std::pow(std::max(nits, 0.0) / 10000, 2610.0 / 16384);
  return std::pow((3424.0 / 4096 + 2413.0 / 128 * y) / (1 + 2392.0 / 128 * y), 2523.0 / 32);
}

struct Light {
  double r, g, b;  // BT.2020, cd/m2
};

double expected_delta_e(const Light& a, const Light& b) {
  const auto signals = [](const Light& c) {
    return std::array{pq((1688 * c.r + 2146 * c.g + 262 * c.b) / 4096), pq((683 * c.r + 2951 * c.g + 462 * c.b) / 4096),
                      pq((99 * c.r + 309 * c.g + 3688 * c.b) / 4096)};
  };
  const auto p = signals(a), q = signals(b);
  const double l = p[0] - q[0], m = p[1] - q[1], s = p[2] - q[2];
  const double di = (l + m) / 2, dt = 0.5 * (6610 * l - 13613 * m + 7003 * s) / 4096,
               dp = (17933 * l - 17390 * m - 543 * s) / 4096;
  return 720 * std::sqrt(di * di + dt * dt + dp * dp);
}

Frame flat(PixelFormat format, int y, int cb, int cr, int width = 6, int height = 4) {
  const std::array codes{y, cb, cr};
  return make_picture(format, width, height,
                      [=](int plane, int, int) { return codes[static_cast<std::size_t>(plane)]; });
}

ItpDecoder decoder(const Frame& frame, const ColorInfo& color) { return *ItpDecoder::create(frame.layout(), color); }

DeltaESummary difference(const Frame& a, const ColorInfo& color_a, const Frame& b, const ColorInfo& color_b) {
  ThreadPool pool(1);
  return DeltaE(decoder(a, color_a), decoder(b, color_b)).measure(a, b, pool);
}

double pq_light(double code) {  // of a 10-bit limited code
  const double e = std::pow((code - 64) / 876, 32.0 / 2523);
  return 10000 * std::pow(std::max(e - 3424.0 / 4096, 0.0) / (2413.0 / 128 - 2392.0 / 128 * e), 16384.0 / 2610);
}

// Table 7 of BT.2100-2 for red of 100 cd/m2, computed with colour-science.
TEST(Itp, OfRed) {
  const Itp red = itp_of_light({100, 0, 0});
  EXPECT_NEAR(red.i, 0.381769681729, 1e-9);
  EXPECT_NEAR(red.t, 0.5 * -0.112360627329, 1e-9);
  EXPECT_NEAR(red.p, 0.371638093478, 1e-9);
}

TEST(DeltaE, OfGreysIsTheDifferenceOfPqSignals) {
  const DeltaESummary summary = difference(flat(k444, 500, 512, 512), kPq, flat(k444, 501, 512, 512), kPq);
  EXPECT_NEAR(summary.mean, 720.0 / 876, 1e-4);
  EXPECT_NEAR(summary.max, 720.0 / 876, 1e-4);
  EXPECT_NEAR(summary.p99, 720.0 / 876, 0.01);
}

TEST(DeltaE, OfColoursByTheFormula) {
  // R'G'B' codes, carried as G', B', R'.
  const ColorInfo rgb{Primaries::kBt2020, Transfer::kPq, Matrix::kIdentity, Range::kLimited,
                      ChromaLocation::kUnspecified};
  const Light a{pq_light(600), pq_light(450), pq_light(300)}, b{pq_light(590), pq_light(470), pq_light(250)};
  const DeltaESummary summary = difference(flat(k444, 450, 300, 600), rgb, flat(k444, 470, 250, 590), rgb);
  EXPECT_NEAR(summary.mean, expected_delta_e(a, b), 1e-3);
}

TEST(DeltaE, BlackToThePeakOfPq) {
  EXPECT_NEAR(difference(flat(k444, 64, 512, 512), kPq, flat(k444, 940, 512, 512), kPq).max, 720, 0.01);
  // Below black and above white a display shows black and white.
  EXPECT_NEAR(difference(flat(k444, 4, 512, 512), kPq, flat(k444, 64, 512, 512), kPq).max, 0, 1e-3);
  EXPECT_NEAR(difference(flat(k444, 1019, 512, 512), kPq, flat(k444, 940, 512, 512), kPq).max, 0, 1e-3);
}

// BT.2408-7 Table 1: HLG 75 % shows 203 cd/m2 on a display of 1000, whose PQ signal is 58 %.
TEST(DeltaE, HlgAndPqOfTheSameLight) {
  ColorInfo hlg = kPq;
  hlg.transfer = Transfer::kHlg;
  const Frame grey = flat(k444, 721, 512, 512);
  EXPECT_LT(difference(grey, hlg, flat(k444, 573, 512, 512), kPq).max, 1);
  EXPECT_GT(difference(grey, hlg, flat(k444, 577, 512, 512), kPq).max, 2);
  // Red of 75 %: scene light 0.265, Y 0.0696, so 1000 * 0.0696^0.2 * 0.265 cd/m2.
  const ColorInfo rgb{Primaries::kBt2020, Transfer::kHlg, Matrix::kIdentity, Range::kLimited,
                      ChromaLocation::kUnspecified};
  const double signal = (721.0 - 64) / 876;
  const double scene = (std::exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  const Light red{1000 * std::pow(0.2627 * scene, 0.2) * scene, 0, 0};
  ColorInfo rgb_pq = rgb;
  rgb_pq.transfer = Transfer::kPq;
  EXPECT_NEAR(difference(flat(k444, 64, 64, 721), rgb, flat(k444, 64, 64, 500), rgb_pq).max,
              expected_delta_e(red, {pq_light(500), 0, 0}), 1e-3);
}

// SDR as a BT.1886 display of 100 cd/m2 shows it, in the primaries of BT.2020 (BT.2087).
TEST(DeltaE, SdrAndPq) {
  const ColorInfo rgb709{Primaries::kBt709, Transfer::kBt709, Matrix::kIdentity, Range::kLimited,
                         ChromaLocation::kUnspecified};
  ColorInfo rgb_pq = rgb709;
  rgb_pq.transfer = Transfer::kPq;
  rgb_pq.primaries = Primaries::kBt2020;
  const auto light = [](double code) { return 100 * std::pow((code - 64) / 876, 2.4); };
  const double r = light(700), g = light(500), b = light(300);
  const Light as2020{0.627403895935 * r + 0.329283038378 * g + 0.0433130656873 * b,
                     0.0690972893582 * r + 0.919540395075 * g + 0.0113623155666 * b,
                     0.0163914388751 * r + 0.0880133078772 * g + 0.895595253248 * b};
  EXPECT_NEAR(difference(flat(k444, 500, 300, 700), rgb709, flat(k444, 400, 350, 520), rgb_pq).max,
              expected_delta_e(as2020, {pq_light(520), pq_light(400), pq_light(350)}), 2e-3);
}

// A ramp of chroma that 4:2:0 carries at its siting is the ramp again, where no edge is near.
TEST(DeltaE, ChromaIsInterpolatedBySiting) {
  const int width = 64, height = 16;
  const auto ramp = [](double luma_x) { return 400 + 4 * luma_x; };
  const Frame full = make_picture(k444, width, height,
                                  [&](int plane, int x, int) { return plane == 0 ? 500 : static_cast<int>(ramp(x)); });
  ColorInfo centre = kPq, left = kPq;
  centre.chroma_location = ChromaLocation::kCenter;
  left.chroma_location = ChromaLocation::kLeft;
  const Frame half = make_picture({Chroma::k420, 10}, width, height, [&](int plane, int x, int) {
    return plane == 0 ? 500 : static_cast<int>(ramp(2 * x + 0.5));
  });
  ThreadPool pool(1);
  const auto worst_inside = [&](const ColorInfo& color) {
    const std::vector<float> map = DeltaE(decoder(full, kPq), decoder(half, color)).map(full, half, pool);
    float worst = 0;
    for (int y = 0; y < height; ++y) {
      for (int x = 4; x < width - 4; ++x) worst = std::max(worst, map[static_cast<std::size_t>(y * width + x)]);
    }
    return worst;
  };
  EXPECT_LT(worst_inside(centre), 1e-3);
  EXPECT_GT(worst_inside(left), 0.5);
}

TEST(DeltaE, GreyIsNeutral) {
  const PixelFormat grey{Chroma::k400, 10};
  const Frame a = make_picture(grey, 5, 3, [](int, int x, int y) { return 100 + 50 * x + y; });
  const Frame b = make_picture(k444, 5, 3, [](int plane, int x, int y) { return plane ? 512 : 100 + 50 * x + y; });
  EXPECT_LT(difference(a, kPq, b, kPq).max, 1e-6);
}

TEST(DeltaE, WhatMeansNoLightIsRefused) {
  const FrameLayout layout = FrameLayout::packed(k444, 4, 4);
  ColorInfo color = kPq;
  color.transfer = Transfer::kSLog3;  // of a scene; what a display shows of it is not said
  EXPECT_NE(ItpDecoder::create(layout, color).error().message.find("s-log3"), std::string::npos);
  color = kPq;
  color.matrix = Matrix::kIctcp;
  EXPECT_NE(ItpDecoder::create(layout, color).error().message.find("ictcp"), std::string::npos);
  color = kPq;
  color.primaries = static_cast<Primaries>(77);
  EXPECT_NE(ItpDecoder::create(layout, color).error().message.find("77"), std::string::npos);
}

TEST(DeltaE, DoesNotDependOnThreadsAndAddsUp) {
  const PixelFormat format{Chroma::k420, 10};
  ColorInfo color = kPq;
  color.chroma_location = ChromaLocation::kTopLeft;
  const Frame a = make_noise(format, 131, 77, 1), b = make_noise(format, 131, 77, 2);
  ThreadPool one(1), three(3);
  DeltaE first(decoder(a, color), decoder(b, color)), second(decoder(a, color), decoder(b, color));
  const DeltaESummary x = first.measure(a, b, one), y = second.measure(a, b, three);
  EXPECT_EQ(x.mean, y.mean);
  EXPECT_EQ(x.p99, y.p99);
  EXPECT_EQ(x.max, y.max);
  EXPECT_GT(x.p99, x.mean);
  EXPECT_LT(x.p99, x.max);
  EXPECT_EQ(first.measure(a, a, one).max, 0);
  EXPECT_DOUBLE_EQ(first.overall().mean, x.mean / 2);
  EXPECT_EQ(first.overall().max, x.max);
}

TEST(DeltaEHistogram, Percentiles) {
  DeltaEHistogram histogram;
  EXPECT_EQ(histogram.percentile(0.99), 0);
  for (int i = 0; i < 99; ++i) histogram.add(2.001);
  histogram.add(5000);
  EXPECT_NEAR(histogram.percentile(0.99), 2.01, 1e-9);
  histogram.add(7.5);
  EXPECT_NEAR(histogram.percentile(0.99), 7.5, 1e-9);
  histogram.add(std::nan(""));
  EXPECT_EQ(histogram.count(), 102U);
}

}  // namespace
}  // namespace jinsha::compare
