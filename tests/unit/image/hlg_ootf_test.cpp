#include "image/hlg_ootf.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "image/primaries.h"
#include "image/transfer.h"

namespace jinsha::image {
namespace {

Vec3 hlg_eotf(const Vec3& signal) {
  Vec3 light{hlg_inverse_oetf(signal[0]), hlg_inverse_oetf(signal[1]), hlg_inverse_oetf(signal[2])};
  const Vec3 w = luminance_weights(Primaries::kBt2020);
  const double y = w[0] * light[0] + w[1] * light[1] + w[2] * light[2];
  for (double& x : light) x *= hlg_ootf_gain(y, kHlgBridgeNits, kHlgBridgeGamma);
  return light;
}

TEST(HlgOotf, GreyOnA1000NitDisplay) {
  const double rows[][2] = {{0.1, 1.06525723946}, {0.38, 26.238265737}, {0.5, 50.6970284911}, {0.75, 203.152145938},
                            {0.9, 522.110144678}, {1, 1000.00003232},   {1.09, 1808.69566056}};
  for (const auto& [signal, nits] : rows) EXPECT_NEAR(hlg_eotf({signal, signal, signal})[1], nits, 1e-8 * nits);
}

TEST(HlgOotf, ActsOnLuminanceNotOnComponents) {
  const Vec3 light = hlg_eotf({0.75, 0.5, 0.25});
  EXPECT_NEAR(light[0], 175.46003777, 1e-6);
  EXPECT_NEAR(light[1], 55.1839089677, 1e-7);
  EXPECT_NEAR(light[2], 13.7959772419, 1e-7);
}

TEST(HlgOotf, PqToHlgGreys) {
  const double rows[][2] = {{26, 0.378558372369}, {100, 0.629620321412}, {203, 0.749877364632}, {600, 0.92155216046}};
  for (const auto& [nits, signal] : rows) {
    EXPECT_NEAR(hlg_oetf(nits * hlg_inverse_ootf_gain(nits, kHlgBridgeNits, kHlgBridgeGamma)), signal, 1e-9);
  }
}

TEST(HlgOotf, BlackStaysBlack) {
  EXPECT_EQ(hlg_ootf_gain(0, 1000, 1.2), 0);
  EXPECT_EQ(hlg_inverse_ootf_gain(0, 1000, 1.2), 0);
  EXPECT_EQ(hlg_inverse_ootf_gain(-1e-9, 1000, 1.2), 0);
}

}  // namespace
}  // namespace jinsha::image
