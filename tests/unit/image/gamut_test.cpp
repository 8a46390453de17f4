// Gamut compression against the properties that define it.
#include "image/gamut.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "image/primaries.h"

namespace jinsha::image {
namespace {

Mat3 between(Primaries from, Primaries to) { return rgb_to_rgb(*chromaticities_of(from), *chromaticities_of(to)); }

TEST(GamutCurve, IsTheOneOfAces) {
  // Cyan of S-2021-001: threshold 0.815, limit 1.147, power 1.2; scale 0.2715 by its formula.
  const GamutCurve f{0.815, 1.147};
  EXPECT_EQ(f(0.5), 0.5);
  EXPECT_EQ(f(0.815), 0.815);
  EXPECT_NEAR(f(1.147), 1, 1e-12);
  for (double d = 0.82; d < 1.147; d += 0.01) {
    EXPECT_LT(f(d), d);
    EXPECT_GT(f(d), f(d - 0.01));
  }
}

TEST(GamutCompression, BringsEveryColourOfBt2020IntoBt709) {
  const Mat3 m = between(Primaries::kBt2020, Primaries::kBt709);
  const auto curves = gamut_compression(m);
  ASSERT_TRUE(curves);
  double least = 0;
  for (int code = 1; code < 11 * 11 * 11; ++code) {
    const Vec3 out = m * Vec3{code % 11 / 10.0, code / 11 % 11 / 10.0, code / 121 / 10.0};
    const double most = std::max({out[0], out[1], out[2]});
    for (std::size_t i = 0; i < 3; ++i) {
      const double distance = (most - out[i]) / most;
      EXPECT_LE((*curves)[i](distance), 1 + 1e-9);
      least = std::min(least, 1 - distance);
    }
  }
  EXPECT_LT(least, -0.5);  // there was something to do: green and cyan
}

TEST(GamutCompression, IsNotNeededInWiderPrimaries) {
  EXPECT_FALSE(gamut_compression(between(Primaries::kBt709, Primaries::kBt2020)));
  EXPECT_FALSE(gamut_compression(between(Primaries::kBt709, Primaries::kP3D65)));
  EXPECT_TRUE(gamut_compression(between(Primaries::kP3D65, Primaries::kBt709)));
}

}  // namespace
}  // namespace jinsha::image
