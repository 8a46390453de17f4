// SMPTE RP 177 matrices against values computed in exact rationals.
#include "image/primaries.h"

#include <gtest/gtest.h>

namespace jinsha::image {
namespace {

Mat3 between(Primaries from, Primaries to) { return rgb_to_rgb(*chromaticities_of(from), *chromaticities_of(to)); }

void expect_matrix(const Mat3& m, const std::array<double, 9>& expected) {
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(m.m[i], expected[i], 1e-11) << "element " << i;
}

TEST(Primaries, Bt2020ToXyz) {
  expect_matrix(rgb_to_xyz(*chromaticities_of(Primaries::kBt2020)),
                {0.636958048301, 0.144616903586, 0.168880975164, 0.262700212011, 0.677998071519, 0.059301716470, 0,
                 0.028072693049, 1.060985057711});
}

TEST(Primaries, Bt2020ToBt709) {
  expect_matrix(between(Primaries::kBt2020, Primaries::kBt709),
                {1.660491002108, -0.587641138789, -0.072849863320, -0.124550474522, 1.132899897126, -0.008349422604,
                 -0.018150763355, -0.100578898008, 1.118729661363});
}

TEST(Primaries, Bt709ToBt2020) {
  expect_matrix(between(Primaries::kBt709, Primaries::kBt2020),
                {0.627403895935, 0.329283038378, 0.043313065687, 0.069097289358, 0.919540395075, 0.011362315566,
                 0.016391438875, 0.088013307877, 0.895595253248});
}

TEST(Primaries, P3D65ToBt2020) {
  expect_matrix(between(Primaries::kP3D65, Primaries::kBt2020),
                {0.753833034362, 0.198597369053, 0.047569596586, 0.045743848965, 0.941777219812, 0.012478931223,
                 -0.001210340355, 0.017601717301, 0.983608623053});
}

TEST(Primaries, DciWhiteIsAdaptedWithBradford) {
  expect_matrix(between(Primaries::kP3Dci, Primaries::kBt2020),
                {0.711783230689, 0.243660316930, 0.044556452381, 0.041615163646, 0.949841629659, 0.008543206695,
                 -0.000844728364, 0.019109507176, 0.981735221188});
}

// As ARRI prints it, "ALEXA Log C Curve, Usage in VFX".
TEST(Primaries, ArriWideGamut3ToXyz) {
  const Mat3 m = rgb_to_xyz(*chromaticities_of(Primaries::kArriWideGamut3));
  const std::array<double, 9> printed{0.638008,  0.214704, 0.097744,  0.291954, 0.823841,
                                      -0.115795, 0.002798, -0.067034, 1.153294};
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(m.m[i], printed[i], 6e-7) << "element " << i;
}

// As S-2014-004 prints it: AP0 to AP1.
TEST(Primaries, AcesAp0ToAp1) {
  const Mat3 m = between(Primaries::kAcesAp0, Primaries::kAcesAp1);
  const std::array<double, 9> printed{1.4514393161,  -0.2365107469, -0.2149285693, -0.0765537734, 1.1762296998,
                                      -0.0996759264, 0.0083161484,  -0.0060324498, 0.9977163014};
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(m.m[i], printed[i], 1e-9) << "element " << i;
}

TEST(Primaries, XyzIsColorimetryAndNothingIsAdapted) {
  expect_matrix(rgb_to_xyz(*chromaticities_of(Primaries::kXyz)), {1, 0, 0, 0, 1, 0, 0, 0, 1});
  for (const Primaries from : {Primaries::kBt709, Primaries::kP3Dci, Primaries::kAcesAp0}) {
    expect_matrix(between(from, Primaries::kXyz), rgb_to_xyz(*chromaticities_of(from)).m);
  }
}

TEST(Primaries, WhiteStaysWhite) {
  for (const Primaries from : {Primaries::kBt709, Primaries::kSmpte170M, Primaries::kBt470Bg, Primaries::kP3Dci,
                               Primaries::kAcesAp0, Primaries::kAcesAp1, Primaries::kSGamut3, Primaries::kSGamut3Cine,
                               Primaries::kArriWideGamut4, Primaries::kVGamut, Primaries::kCanonCinemaGamut}) {
    const Vec3 white = between(from, Primaries::kBt2020) * Vec3{1, 1, 1};
    for (const double component : white) EXPECT_NEAR(component, 1, 1e-12);
  }
}

TEST(Primaries, PrintedLuminanceWeightsOfBt2020) {
  const Vec3 weights = luminance_weights(Primaries::kBt2020);
  EXPECT_EQ(weights, (Vec3{0.2627, 0.6780, 0.0593}));
  EXPECT_NEAR(luminance_weights(Primaries::kBt709)[1], 0.715168678768, 1e-11);
}

TEST(Primaries, UnknownOnesAreNotGuessed) {
  EXPECT_FALSE(chromaticities_of(Primaries::kUnspecified));
  EXPECT_FALSE(chromaticities_of(static_cast<Primaries>(77)));
}

}  // namespace
}  // namespace jinsha::image
