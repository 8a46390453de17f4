#include "input/scene_light.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "image/primaries.h"
#include "image/transfer.h"

namespace jinsha {
namespace {

// What the codes have to be, by the formula of another layer in double.
double exact_signal(double light) {
  return 65'535 * std::min(1.0, image::pq_inverse_eotf(light * kSceneWhiteNits));  // clipped at 10000 cd/m2
}
long exact_code(double light) { return std::lround(exact_signal(light)); }

TEST(SceneLight, EveryHalfFloatHasTheNearestCode) {
  const PqCodes& codes = PqCodes::get();
  for (int bits = 0; bits < 0x7C00; ++bits) {
    const int exponent = bits >> 10, fraction = bits & 1023;
    const double light = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
    ASSERT_EQ(codes.of_half(static_cast<std::uint16_t>(bits)), exact_code(light)) << light;
    ASSERT_EQ(codes.of(static_cast<float>(light)), exact_code(light)) << light;
    ASSERT_EQ(codes.of_half(static_cast<std::uint16_t>(bits | 0x8000)), 0);
  }
  EXPECT_EQ(codes.of_half(0x7C00), 65'535) << "infinite";
  EXPECT_EQ(codes.of_half(0x7E00), 0) << "not a number";
}

TEST(SceneLight, FloatsHaveTheNearestCodeOnBothSidesOfEveryBoundary) {
  const PqCodes& codes = PqCodes::get();
  for (int code = 1; code <= 65'535; ++code) {
    const double light = image::pq_eotf((code - 0.5) / 65'535) / kSceneWhiteNits;
    const auto near = static_cast<float>(light);
    for (const float each : {std::nextafter(near, 0.0F), near, std::nextafter(near, 1e9F)}) {
      // The formula's own rounding decides within 1e-9 of a boundary.
      const double signal = exact_signal(static_cast<double>(each));
      ASSERT_LE(std::abs(codes.of(each) - signal), 0.5 + 1e-6) << "code " << code;
    }
  }
}

TEST(SceneLight, RandomFloatsStayWithinHalfACode) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> octave(-40.0F, 6.0F);
  for (int i = 0; i < 200'000; ++i) {
    const float light = std::exp2(octave(random));
    const double signal = exact_signal(static_cast<double>(light));
    ASSERT_LE(std::abs(PqCodes::get().of(light) - signal), 0.5 + 1e-6) << light;
  }
}

TEST(SceneLight, LimitsOfTheScale) {
  const PqCodes& codes = PqCodes::get();
  EXPECT_EQ(codes.of(0.0F), 0);
  EXPECT_EQ(codes.of(-1.0F), 0);
  EXPECT_EQ(codes.of(std::nanf("")), 0);
  EXPECT_EQ(codes.of(std::numeric_limits<float>::denorm_min()), 0);
  EXPECT_EQ(codes.of(10'000.0F / 203), 65'535);
  EXPECT_EQ(codes.of(1e9F), 65'535);
  EXPECT_EQ(codes.of(std::numeric_limits<float>::infinity()), 65'535);
  // BT.2408: reference white is 58 % PQ.
  EXPECT_NEAR(codes.of(1.0F) / 65'535.0, 0.5807, 0.0001);
}

TEST(SceneLight, KnownPrimariesAreThoseOfTheColourEngine) {
  for (const Primaries each : {Primaries::kBt709, Primaries::kBt470Bg, Primaries::kSmpte170M, Primaries::kBt2020,
                               Primaries::kP3Dci, Primaries::kP3D65}) {
    const auto c = image::chromaticities_of(each);
    ASSERT_TRUE(c);
    const PrimaryPoints points{c->rx, c->ry, c->gx, c->gy, c->bx, c->by, c->wx, c->wy};
    EXPECT_EQ(points_of(each), points);
    EXPECT_EQ(nearest_primaries(points), each);
    PrimaryPoints moved = points;
    moved[2] += 0.001;
    moved[7] -= 0.001;
    EXPECT_EQ(nearest_primaries(moved), each) << "rounded in a file";
    moved[2] += 0.01;
    EXPECT_NE(nearest_primaries(moved), each);
    const image::Mat3 expected = image::rgb_to_rgb(*c, *image::chromaticities_of(Primaries::kBt2020));
    const auto matrix = matrix_to_bt2020(points);
    ASSERT_TRUE(matrix);
    for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR((*matrix)[i], expected(i / 3, i % 3), 1e-12);
  }
}

TEST(SceneLight, XyzIsColorimetryAndAcesWhiteIsWhite) {
  const PrimaryPoints xyz{1, 0, 0, 1, 0, 0, 0.333333F, 0.333333F};
  EXPECT_TRUE(is_xyz(xyz));
  EXPECT_EQ(nearest_primaries(xyz), std::nullopt);
  auto m = matrix_to_bt2020(xyz);
  ASSERT_TRUE(m);
  // D65 in XYZ is R = G = B.
  const double white[3] = {0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290};
  for (std::size_t row = 0; row < 3; ++row)
    EXPECT_NEAR((*m)[3 * row] * white[0] + (*m)[3 * row + 1] * white[1] + (*m)[3 * row + 2] * white[2], 1, 1e-5);

  const PrimaryPoints aces{0.7347, 0.2653, 0, 1, 0.0001, -0.077, 0.32168, 0.33767};
  m = matrix_to_bt2020(aces);
  ASSERT_TRUE(m);
  for (std::size_t row = 0; row < 3; ++row) EXPECT_NEAR((*m)[3 * row] + (*m)[3 * row + 1] + (*m)[3 * row + 2], 1, 1e-9);
}

TEST(SceneLight, PointsThatSpanNothingHaveNoMatrix) {
  EXPECT_EQ(matrix_to_bt2020({}), std::nullopt);
  EXPECT_EQ(matrix_to_bt2020({0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3}), std::nullopt);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(matrix_to_bt2020({nan, 0.33, 0.3, 0.6, 0.15, 0.06, 0.31, 0.33}), std::nullopt);
  EXPECT_EQ(nearest_primaries({nan, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.3290}), std::nullopt);
}

}  // namespace
}  // namespace jinsha
