#include "image/curve_bake.h"

#include <gtest/gtest.h>

#include <cmath>

namespace jinsha::image {
namespace {

TEST(CurveBake, ErrorIsWithinTheStatedBound) {
  // x^0.4: x^2 |f''| = 0.24 f; h = 2^-6.
  const auto f = [](double x) { return std::pow(x, 0.4); };
  const kernels::Curve curve = bake(f, {.first = 0x1p-20, .high = 1, .mantissa_bits = 6});
  for (double x = 0x1p-20; x <= 1; x *= 1.0007) {
    const auto value = static_cast<double>(evaluate(curve, static_cast<float>(x)));
    EXPECT_NEAR(value, f(static_cast<double>(static_cast<float>(x))), f(x) * (0.24 / 8 / 4096 + 2e-7)) << x;
  }
}

TEST(CurveBake, MeetsTheFunctionAtPowersOfTwo) {
  const kernels::Curve curve = bake([](double x) { return x * x; }, {.first = 0.125, .high = 2, .mantissa_bits = 3});
  for (const float x : {0.125F, 0.25F, 0.5F, 1.0F, 2.0F}) EXPECT_FLOAT_EQ(evaluate(curve, x), x * x);
}

TEST(CurveBake, HoldsTheEndAndTheOrigin) {
  const kernels::Curve curve =
      bake([](double x) { return 3 * x + 1; }, {.first = 0.5, .high = 1.09, .at_zero = 1, .mantissa_bits = 4});
  EXPECT_FLOAT_EQ(evaluate(curve, 7), evaluate(curve, 1.09F));
  EXPECT_NEAR(static_cast<double>(evaluate(curve, 1.09F)), 3 * 1.09 + 1, 1e-6);
  EXPECT_FLOAT_EQ(evaluate(curve, 0), 1);
  EXPECT_FLOAT_EQ(evaluate(curve, -1), 1);
  EXPECT_NEAR(static_cast<double>(evaluate(curve, 0.25F)), 1.75, 1e-6);
}

TEST(CurveBake, MirrorsWhenAsked) {
  const kernels::Curve curve =
      bake([](double x) { return std::sqrt(x); }, {.first = 0x1p-10, .high = 1, .mantissa_bits = 6, .mirror = true});
  EXPECT_EQ(evaluate(curve, -0.3F), -evaluate(curve, 0.3F));
  EXPECT_EQ(evaluate(curve, -9), -1);
}

TEST(CurveBake, NotANumberGivesTheLowEnd) {
  const kernels::Curve curve = bake([](double x) { return x; }, {.first = 0.5, .high = 1, .mantissa_bits = 2});
  EXPECT_EQ(evaluate(curve, std::nanf("")), 0);
}

}  // namespace
}  // namespace jinsha::image
