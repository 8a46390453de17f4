// BT.2446-1: what the vectors (vectors_test.cpp) do not say.
#include "image/bt2446.h"

#include <gtest/gtest.h>

namespace jinsha::image {
namespace {

TEST(Bt2446A, RisesButForTheJumpItIsPrintedWith) {
  for (const double peak : {1000.0, 4000.0}) {
    const double jump = bt2446a_jump_luma(peak);
    EXPECT_NEAR(bt2446a_luma(jump + 1e-9, peak, 100) - bt2446a_luma(jump - 1e-9, peak, 100), 8.1e-4, 1e-5);
    for (double luma = 0.01; luma <= 1; luma += 0.01) {
      EXPECT_GT(bt2446a_luma(luma, peak, 100), bt2446a_luma(luma - 0.01, peak, 100)) << luma;
    }
  }
}

TEST(Bt2446C, SdrToHdrIsTheInverse) {
  for (double nits = 1; nits < 118; nits += 1) EXPECT_NEAR(bt2446c(bt2446c_inverse(nits)), nits, 1e-4);
}

TEST(Bt2446C, CrosstalkKeepsGrey) {
  const Vec3 grey = bt2446c_crosstalk() * Vec3{0.4, 0.4, 0.4};
  for (const double x : grey) EXPECT_DOUBLE_EQ(x, 0.4);
}

}  // namespace
}  // namespace jinsha::image
