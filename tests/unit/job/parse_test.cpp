#include "job/parse.h"

#include <gtest/gtest.h>

namespace jinsha {
namespace {

TEST(Parse, RatesTakeDecimalSuffixes) {
  EXPECT_EQ(*parse_rate("80M"), 80'000'000);
  EXPECT_EQ(*parse_rate("1.5M"), 1'500'000);
  EXPECT_EQ(*parse_rate("128k"), 128'000);
  EXPECT_EQ(*parse_rate("4000000"), 4'000'000);
  EXPECT_EQ(*parse_bytes("16G"), 16'000'000'000U);
  for (const char* bad : {"", "M", "-1M", "0", "80Mb", "1e400", "nan", "12 M"})
    EXPECT_FALSE(parse_rate(bad).ok()) << bad;
}

TEST(Parse, NtscFrameRatesBecomeFractions) {
  EXPECT_EQ(*parse_frame_rate("59.94"), (Rational{60000, 1001}));
  EXPECT_EQ(*parse_frame_rate("29.97"), (Rational{30000, 1001}));
  EXPECT_EQ(*parse_frame_rate("23.976"), (Rational{24000, 1001}));
  EXPECT_EQ(*parse_frame_rate("119.88"), (Rational{120000, 1001}));
  EXPECT_EQ(*parse_frame_rate("60000/1001"), (Rational{60000, 1001}));
  EXPECT_EQ(*parse_frame_rate("50"), (Rational{50, 1}));
  EXPECT_EQ(*parse_frame_rate("12.5"), (Rational{25, 2}));
  for (const char* bad : {"", "0", "-25", "25/0", "1/", "/1", "fast", "100000"})
    EXPECT_FALSE(parse_frame_rate(bad).ok()) << bad;
}

TEST(Parse, PointsAreTimesOrFrames) {
  EXPECT_DOUBLE_EQ(parse_point("01:30")->seconds, 90);
  EXPECT_DOUBLE_EQ(parse_point("1:00:00.5")->seconds, 3600.5);
  EXPECT_DOUBLE_EQ(parse_point("12.25")->seconds, 12.25);
  EXPECT_TRUE(parse_point("#250")->is_frame);
  EXPECT_EQ(parse_point("#250")->frame, 250);
  for (const char* bad : {"", "#", "#-1", "1:2:3:4", "a", "1::2", "-5"}) EXPECT_FALSE(parse_point(bad).ok()) << bad;
}

TEST(Parse, SizesGopsAndRawFormats) {
  EXPECT_EQ(*parse_size("7680x4320"), (std::pair{7680, 4320}));
  for (const char* bad : {"", "x", "7680", "7680x", "0x0", "99999x16", "1e3x100"})
    EXPECT_FALSE(parse_size(bad).ok()) << bad;
  EXPECT_EQ(parse_gop("50")->frames, 50);
  EXPECT_DOUBLE_EQ(parse_gop("2s")->seconds, 2);
  for (const char* bad : {"", "0", "s", "-1s", "90s", "1m"}) EXPECT_FALSE(parse_gop(bad).ok()) << bad;
  const auto raw = parse_raw_format("yuv420p10le:1280x720@59.94");
  ASSERT_TRUE(raw.ok());
  EXPECT_EQ(raw->pixel_format, "yuv420p10le");
  EXPECT_EQ(raw->width, 1280);
  EXPECT_EQ(raw->frame_rate, (Rational{60000, 1001}));
  for (const char* bad : {"", "yuv420p", "yuv420p:1280x720", ":1280x720@50", "yuv420p@50:1x1"})
    EXPECT_FALSE(parse_raw_format(bad).ok()) << bad;
}

TEST(Parse, ErrorsNameTheTextAndTheForm) {
  EXPECT_NE(parse_rate("fast").error().message.find("\"fast\""), std::string::npos);
  EXPECT_NE(parse_rate("fast").error().message.find("80M"), std::string::npos);
  EXPECT_EQ(parse_integer("70000", 1, 65535).error().message, "70000 is outside 1…65535");
}

}  // namespace
}  // namespace jinsha
