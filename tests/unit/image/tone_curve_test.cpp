#include "image/tone_curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "image/transfer.h"

namespace jinsha::image {
namespace {

TEST(Eetf, Bt2390From1000To600WithBlackLift) {
  const Eetf eetf{0, 1000, 0.005, 600};
  const double rows[][2] = {{0, 0.005},           {1, 1.12723455816},   {100, 100.166087277}, {203, 203.07862553},
                            {400, 400.017074597}, {700, 584.635530049}, {1000, 600.002486128}};
  for (const auto& [nits, expected] : rows) EXPECT_NEAR(apply(eetf, nits), expected, 1e-8 * expected) << nits;
}

TEST(Eetf, Bt2390From4000To1000) {
  const Eetf eetf{0.005, 4000, 0.05, 1000};
  const double rows[][2] = {{1, 1.35511125195}, {203, 204.045522708}, {1000, 814.948668903}, {4000, 1000.23699971}};
  for (const auto& [nits, expected] : rows) EXPECT_NEAR(apply(eetf, nits), expected, 1e-8 * expected) << nits;
}

TEST(ReferenceCurves, AtX018And1AndPeakOf1000Over203) {
  const double peak = 1000.0 / 203;
  EXPECT_NEAR(hable_curve(0.18, peak), 0.0861965184667, 1e-9);
  EXPECT_NEAR(hable_curve(1, peak), 0.390846605426, 1e-9);
  EXPECT_NEAR(reinhard_curve(0.18, peak), 0.153673874237, 1e-9);
  EXPECT_NEAR(reinhard_curve(1, peak), 0.5206045, 1e-9);
  EXPECT_NEAR(mobius_curve(0.18, peak), 0.18, 1e-12);
  EXPECT_NEAR(mobius_curve(1, peak), 0.678647543344, 1e-9);
}

class EveryCurve : public testing::TestWithParam<ToneMap> {};

TEST_P(EveryCurve, RisesFromBlackToTheTargetsPeakAndStays) {
  for (const double source : {101.0, 400.0, 1000.0, 4000.0, 10'000.0}) {
    double before = -1;
    for (double nits = 0; nits <= source; nits += source / 999) {
      const double mapped = tone_map_nits(GetParam(), nits, source, 100);
      EXPECT_GE(mapped, before - 1e-9) << nits << " of " << source;
      EXPECT_LE(mapped, 100);
      before = mapped;
    }
    EXPECT_NEAR(tone_map_nits(GetParam(), 0, source, 100), 0, 1e-9);
    EXPECT_NEAR(tone_map_nits(GetParam(), source, source, 100), 100, 1e-6);
    EXPECT_NEAR(tone_map_nits(GetParam(), 2 * source, source, 100), 100, 1e-6);
  }
}

TEST_P(EveryCurve, LeavesLightAloneThatFits) {
  EXPECT_EQ(tone_map_nits(GetParam(), 57, 100, 100), 57);
  EXPECT_EQ(tone_map_nits(GetParam(), 57, 90, 100), 57);
  EXPECT_EQ(tone_map_nits(GetParam(), 157, 90, 100), 100);
}

INSTANTIATE_TEST_SUITE_P(All, EveryCurve,
                         testing::Values(ToneMap::kBt2390, ToneMap::kHable, ToneMap::kReinhard, ToneMap::kMobius,
                                         ToneMap::kClip),
                         [](const auto& row) { return std::string(name_of(row.param)); });

TEST(Bt2390, IsTheIdentityBelowItsKnee) {
  // KS = 1.5 * P(100)/P(1000) - 0.5 of the source's range: 27.9 cd/m2.
  const double knee = pq_eotf((1.5 * pq_inverse_eotf(100) / pq_inverse_eotf(1000) - 0.5) * pq_inverse_eotf(1000));
  EXPECT_NEAR(knee, 27.9, 0.3);
  EXPECT_NEAR(tone_map_nits(ToneMap::kBt2390, 20, 1000, 100), 20, 1e-3);
  EXPECT_LT(tone_map_nits(ToneMap::kBt2390, 40, 1000, 100), 40);
}

TEST(Clip, CutsAtTheTarget) {
  EXPECT_EQ(tone_map_nits(ToneMap::kClip, 99, 1000, 100), 99);
  EXPECT_EQ(tone_map_nits(ToneMap::kClip, 101, 1000, 100), 100);
}

}  // namespace
}  // namespace jinsha::image
