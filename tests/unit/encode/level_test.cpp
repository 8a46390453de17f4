// Levels and tiers: H.265 Tables A.8 and A.9, AV1 A.3.
#include "encode/level.h"

#include <gtest/gtest.h>

namespace jinsha {
namespace {

struct Case {
  int width, height;
  Rational rate;
  std::int64_t bitrate;
  int hevc, av1;  // expected, 0 with no level expected as -1
  Tier hevc_tier, av1_tier;
};

TEST(Level, SmallestThatFits) {
  const Case cases[] = {
      {3840, 2160, {50, 1}, 0, 153, 13, Tier::kMain, Tier::kMain},
      {3840, 2160, {60000, 1001}, 0, 153, 13, Tier::kMain, Tier::kMain},
      {3840, 2160, {120, 1}, 0, 156, 14, Tier::kMain, Tier::kMain},
      {4096, 2160, {60, 1}, 0, 153, 13, Tier::kMain, Tier::kMain},
      {7680, 4320, {30, 1}, 0, 180, 16, Tier::kMain, Tier::kMain},
      {7680, 4320, {50, 1}, 0, 183, 17, Tier::kMain, Tier::kMain},
      {7680, 4320, {60, 1}, 0, 183, 17, Tier::kMain, Tier::kMain},
      {7680, 4320, {120, 1}, 0, 186, 18, Tier::kMain, Tier::kMain},
      {7680, 4320, {60, 1}, 100'000'000, 183, 17, Tier::kMain, Tier::kMain},
      {7680, 4320, {60, 1}, 110'000'000, 183, 17, Tier::kMain, Tier::kHigh},
      {7680, 4320, {60, 1}, 130'000'000, 183, 17, Tier::kHigh, Tier::kHigh},
      {7680, 4320, {60, 1}, 600'000'000, 186, 18, Tier::kHigh, Tier::kHigh},
      {1920, 1080, {60, 1}, 0, 123, 9, Tier::kMain, Tier::kMain},
      {1920, 1080, {25, 1}, 0, 120, 8, Tier::kMain, Tier::kMain},
      {1280, 720, {60, 1}, 0, 120, 8, Tier::kMain, Tier::kMain},
      {176, 144, {15, 1}, 0, 30, 0, Tier::kMain, Tier::kMain},
  };
  for (const Case& item : cases) {
    LevelRequest request;
    request.width = item.width;
    request.height = item.height;
    request.frame_rate = item.rate;
    request.bitrate_bits_per_s = item.bitrate;
    const auto hevc = choose_level(Codec::kHevc, request);
    ASSERT_TRUE(hevc.ok()) << hevc.error().message;
    EXPECT_EQ(hevc->level_idc, item.hevc) << item.width << " " << item.rate.num << " " << item.bitrate;
    EXPECT_EQ(hevc->tier, item.hevc_tier) << item.width << " " << item.rate.num << " " << item.bitrate;
    const auto av1 = choose_level(Codec::kAv1, request);
    ASSERT_TRUE(av1.ok()) << av1.error().message;
    EXPECT_EQ(av1->level_idc, item.av1) << item.width << " " << item.rate.num << " " << item.bitrate;
    EXPECT_EQ(av1->tier, item.av1_tier) << item.width << " " << item.rate.num << " " << item.bitrate;
  }
}

LevelRequest uhd(std::int64_t bitrate = 0) {
  LevelRequest request;
  request.width = 3840;
  request.height = 2160;
  request.frame_rate = {60, 1};
  request.bitrate_bits_per_s = bitrate;
  return request;
}

TEST(Level, TierAskedForMovesTheLevel) {
  LevelRequest request = uhd(50'000'000);
  request.tier = Tier::kMain;
  EXPECT_EQ(choose_level(Codec::kHevc, request)->level_idc, 156);
  request.tier.reset();
  EXPECT_EQ(choose_level(Codec::kHevc, request)->level_idc, 153);
  EXPECT_EQ(choose_level(Codec::kHevc, request)->tier, Tier::kHigh);
  request = {};
  request.width = 320;
  request.height = 240;
  request.frame_rate = {25, 1};
  request.tier = Tier::kHigh;
  EXPECT_EQ(choose_level(Codec::kHevc, request)->level_idc, 120) << "High tier begins at level 4";
}

TEST(Level, BufferAndDecodedPicturesCount) {
  LevelRequest request = uhd(30'000'000);
  request.cpb_bits = 60'000'000;
  EXPECT_EQ(choose_level(Codec::kHevc, request)->tier, Tier::kHigh);
  request.cpb_bits = 0;
  request.dpb_pictures = 7;  // 6 at full size of 5.1: 8 need the size to be three quarters of a level's
  EXPECT_EQ(choose_level(Codec::kHevc, request)->level_idc, 180);
  request.dpb_pictures = 6;
  EXPECT_EQ(choose_level(Codec::kHevc, request)->level_idc, 153);
}

TEST(Level, RefusalsNameLimitAndRemedy) {
  LevelRequest request;
  request.width = 7680;
  request.height = 4320;
  request.frame_rate = {60, 1};
  request.level_idc = 153;
  auto refused = choose_level(Codec::kHevc, request);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kNotPossible);
  EXPECT_EQ(refused.error().message,
            "7680x4320 at 60 frames/s needs HEVC level 6.1; --level 5.1 allows at most 8912896 luma samples a picture, "
            "this one has 33177600");
  request.level_idc = 180;
  refused = choose_level(Codec::kHevc, request);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("1069547520 luma samples a second"), std::string::npos);
  request = uhd(200'000'000);
  request.level_idc = 153;
  refused = choose_level(Codec::kHevc, request);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("160000000 bit/s in High tier"), std::string::npos) << refused.error().message;
  request.level_idc = 999;
  EXPECT_EQ(choose_level(Codec::kHevc, request).error().code, ErrorCode::kUsage);
  request = uhd(900'000'000);
  EXPECT_NE(choose_level(Codec::kAv1, request).error().message.find("fits no level of AV1"), std::string::npos);
  request = uhd();
  request.width = 17000;
  EXPECT_FALSE(choose_level(Codec::kHevc, request).ok());
}

TEST(Level, Names) {
  EXPECT_EQ(level_name(Codec::kHevc, 183), "6.1");
  EXPECT_EQ(level_name(Codec::kAv1, 17), "6.1");
  EXPECT_EQ(level_name(Codec::kAv1, 9), "4.1");
  EXPECT_EQ(level_name(Codec::kHevc, 154), "154");
}

}  // namespace
}  // namespace jinsha
