#include "image/curve_bake.h"

#include <gtest/gtest.h>

#include <cmath>

namespace jinsha::image {
namespace {

using Pieces = CurveSpec::Pieces;

TEST(CurveBake, ReachesTheTolerance) {
  const auto f = [](double x) { return std::pow(x, 0.4); };
  const CurveSpec spec{.pieces = Pieces::kOctaves, .low = 0x1p-20, .high = 1, .tolerance = 1e-5};
  double error = 1;
  const kernels::Curve curve = bake(f, spec, &error);
  EXPECT_LE(error, 1e-5);
  double worst = 0;
  for (double x = 0x1p-20; x <= 1; x *= 1.0007) {
    const auto exact = static_cast<double>(static_cast<float>(x));
    worst = std::max(worst, std::abs(static_cast<double>(evaluate(curve, static_cast<float>(x))) - f(exact)));
  }
  EXPECT_LE(worst, 1.1e-5);
  EXPECT_GT(worst, 0);
}

TEST(CurveBake, TakesNoHigherDegreeThanItNeeds) {
  const auto square = [](double x) { return x * x; };
  EXPECT_EQ(bake(square, {.tolerance = 1e-6}).degree, 2);
  EXPECT_EQ(bake(square, {.tolerance = 1e-6}).slots, 16);
}

// x^2.4 is steep at 0 for a display's eyes: what counts is the signal it came from.
TEST(CurveBake, IsFineAtZeroWhereAsked) {
  const auto f = [](double x) { return std::pow(x, 2.4); };
  const CurveSpec spec{.pieces = Pieces::kFromZero,
                       .root = true,
                       .cost = [](double, double y) { return std::pow(std::max(y, 0.0), 1 / 2.4); },
                       .tolerance = 5e-6};
  const kernels::Curve curve = bake(f, spec);
  for (int i = 0; i <= 10'000; ++i) {
    const float x = static_cast<float>(i) / 10'000;
    const double back = std::pow(static_cast<double>(evaluate(curve, x)), 1 / 2.4);
    EXPECT_NEAR(back, static_cast<double>(x), 6e-6) << x;
  }
}

// A corner between two pieces costs nothing; within one no polynomial would follow it.
TEST(CurveBake, PiecesMeetAtACorner) {
  const auto f = [](double x) { return x < 0.3 ? x : 0.3 + (x - 0.3) / 7; };
  for (const Pieces pieces : {Pieces::kUniform, Pieces::kFromZero, Pieces::kOctaves}) {
    double error = 1;
    bake(f, {.pieces = pieces, .low = pieces == Pieces::kOctaves ? 0x1p-10 : 0, .high = 1, .corner = 0.3}, &error);
    EXPECT_LE(error, 1e-6);
  }
  double error = 0;
  bake(f, {.pieces = Pieces::kUniform, .high = 1}, &error);
  EXPECT_GT(error, 1e-4);
}

TEST(CurveBake, HoldsBothEnds) {
  const kernels::Curve curve =
      bake([](double x) { return 3 * x + 1; }, {.pieces = Pieces::kOctaves, .low = 0.5, .high = 1.09});
  EXPECT_EQ(evaluate(curve, 7), evaluate(curve, 1.09F));
  EXPECT_NEAR(static_cast<double>(evaluate(curve, 1.09F)), 3 * 1.09 + 1, 1e-6);
  EXPECT_EQ(evaluate(curve, -1), evaluate(curve, 0.5F));
  EXPECT_NEAR(static_cast<double>(evaluate(curve, 0.5F)), 2.5, 1e-6);
}

TEST(CurveBake, RootsReachDownToBlack) {
  const kernels::Curve curve =
      bake([](double x) { return std::pow(x, 1 / 2.4); }, {.pieces = Pieces::kFromZero, .tolerance = 5e-6});
  EXPECT_NEAR(static_cast<double>(evaluate(curve, 0)), 0, 1e-9);
  EXPECT_EQ(evaluate(curve, -3), evaluate(curve, 0));
  for (double x = 1; x > 1e-11; x *= 0.93) {
    const auto exact = static_cast<double>(static_cast<float>(x));
    EXPECT_NEAR(static_cast<double>(evaluate(curve, static_cast<float>(x))), std::pow(exact, 1 / 2.4), 1e-5) << x;
  }
}

TEST(CurveBake, MirrorsWhenAsked) {
  const kernels::Curve curve =
      bake([](double x) { return x * x * x; }, {.pieces = Pieces::kUniform, .high = 1, .mirror = true});
  EXPECT_EQ(evaluate(curve, -0.3F), -evaluate(curve, 0.3F));
  EXPECT_NEAR(static_cast<double>(evaluate(curve, -9)), -1, 1e-6);
}

TEST(CurveBake, NotANumberGivesTheLowEnd) {
  const kernels::Curve curve = bake([](double x) { return x + 1; }, {.pieces = Pieces::kUniform, .high = 1});
  EXPECT_EQ(evaluate(curve, std::nanf("")), evaluate(curve, 0));
}

}  // namespace
}  // namespace jinsha::image
