#include "base/time.h"

#include <gtest/gtest.h>

namespace jinsha {
namespace {

// ISO/IEC 13818-1: PTS of frame k at 60000/1001 is floor(k x 90000 x 1001 / 60000 + 1/2), so the
// steps alternate between 1501 and 1502.
TEST(Time, NtscRatesAlternateBetweenNeighbouringTicks) {
  const Rational frame{1001, 60000};
  std::int64_t last = rescale(0, frame, kPtsTimeBase);
  EXPECT_EQ(last, 0);
  for (std::int64_t k = 1; k < 1000; ++k) {
    const std::int64_t pts = rescale(k, frame, kPtsTimeBase);
    EXPECT_EQ(pts, (k * 90000 * 1001 * 2 + 60000) / (2 * 60000));
    EXPECT_TRUE(pts - last == 1501 || pts - last == 1502);
    last = pts;
  }
}

TEST(Time, RescaleRoundsHalvesAwayFromZeroAndSurvivesLargeValues) {
  EXPECT_EQ(rescale(1, {1, 2}, {1, 1}), 1);
  EXPECT_EQ(rescale(-1, {1, 2}, {1, 1}), -1);
  EXPECT_EQ(rescale(-3, {1, 4}, {1, 1}), -1);
  // A century of 27 MHz ticks.
  const std::int64_t century = std::int64_t{100} * 366 * 86400 * 27'000'000;
  EXPECT_EQ(rescale(rescale(century, {1, 27'000'000}, kPtsTimeBase), kPtsTimeBase, {1, 27'000'000}), century);
}

TEST(Time, RationalsCompareByValue) {
  EXPECT_EQ((Rational{50, 1}), (Rational{100, 2}));
  EXPECT_NE((Rational{60000, 1001}), (Rational{60, 1}));
  EXPECT_EQ((Rational{100, 4}.reduced().num), 25);
  EXPECT_FALSE((Rational{0, 1}.valid()));
}

}  // namespace
}  // namespace jinsha
