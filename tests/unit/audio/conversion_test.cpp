// Plans of one track: layouts, rates, and what is refused.
#include <gtest/gtest.h>

#include "audio/audio_helper.h"
#include "audio/codec_table.h"
#include "audio/conversion.h"
#include "audio/layouts.h"
#include "audio/mix.h"

namespace jinsha {
namespace {

using test::pcm_stream;

AudioConversionRequest request(const char* codec, const std::string& layout, int channels, int rate = 48000) {
  return {.codec = codec, .source = pcm_stream(layout, channels, rate)};
}

TEST(AudioConversion, KeepsLayoutsThatTheCodecHas) {
  struct Row {
    const char* codec;
    const char* layout;
    int channels;
    std::int64_t rate;
  };
  for (const Row& row :
       {Row{"aac", "mono", 1, 96'000}, Row{"aac", "stereo", 2, 192'000}, Row{"aac", "5.1", 6, 448'000},
        Row{"aac", "7.1", 8, 576'000}, Row{"ac3", "mono", 1, 96'000}, Row{"ac3", "stereo", 2, 192'000},
        Row{"ac3", "5.1(side)", 6, 448'000}, Row{"eac3", "stereo", 2, 192'000}, Row{"eac3", "5.1(side)", 6, 384'000}}) {
    const auto plan = plan_audio_conversion(request(row.codec, row.layout, row.channels));
    ASSERT_TRUE(plan.ok()) << plan.error().message;
    EXPECT_EQ(plan->output.codec, row.codec);
    EXPECT_EQ(plan->output.layout, row.layout) << row.codec;
    EXPECT_EQ(plan->output.channels, row.channels);
    EXPECT_EQ(plan->output.bitrate_bits_per_s, row.rate);
    EXPECT_EQ(plan->output.time_base, (Rational{1, 48000}));
    EXPECT_EQ(plan->output.frame_size, find_audio_codec(row.codec)->frame_size);
    EXPECT_TRUE(plan->converted.empty());
    EXPECT_GT(plan->priming_samples, 0);
  }
}

TEST(AudioConversion, SaysWhatItMixesAndResamples) {
  auto plan = plan_audio_conversion(request("ac3", "7.1", 8, 96000));
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  ASSERT_EQ(plan->converted.size(), 2U);
  EXPECT_EQ(plan->converted[0], "7.1 mixed down to 5.1(side)");
  EXPECT_EQ(plan->converted[1], "96000 Hz to 48000 Hz");
  // The two names of 5.1 are the same speakers.
  plan = plan_audio_conversion(request("aac", "5.1(side)", 6));
  ASSERT_TRUE(plan.ok());
  EXPECT_TRUE(plan->converted.empty());
  // Every channel of 2.1 has its place in 5.1.
  plan = plan_audio_conversion(request("aac", "2.1", 3));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->converted.at(0), "2.1 put in its place in 5.1");
  // Where a container cannot state so many.
  AudioConversionRequest few = request("aac", "7.1", 8);
  few.most_channels = 6;
  plan = plan_audio_conversion(few);
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->output.layout, "5.1");
}

TEST(AudioConversion, KeepsTheRateWhereTheCodecHasIt) {
  for (const auto& [codec, rate, kept] :
       {std::tuple("aac", 44100, 44100), std::tuple("aac", 22050, 22050), std::tuple("ac3", 32000, 32000),
        std::tuple("ac3", 22050, 48000), std::tuple("eac3", 44100, 44100), std::tuple("aac", 192000, 48000)}) {
    const auto plan = plan_audio_conversion(request(codec, "stereo", 2, rate));
    ASSERT_TRUE(plan.ok()) << plan.error().message;
    EXPECT_EQ(plan->output.sample_rate, kept) << codec;
  }
}

TEST(AudioConversion, RefusesRatesThatDoNotExist) {
  struct Row {
    const char* codec;
    std::int64_t rate;
    const char* words;  // empty: taken
  };
  for (const Row& row :
       {Row{"aac", 15'999, "takes 16k to 576k"}, Row{"aac", 16'000, ""}, Row{"aac", 576'000, ""},
        Row{"aac", 576'001, "takes"}, Row{"ac3", 64'000, ""}, Row{"ac3", 56'000, "has only 64k"},
        Row{"ac3", 640'000, ""}, Row{"ac3", 100'000, "has only"}, Row{"eac3", 64'000, ""}, Row{"eac3", 1'024'000, ""},
        Row{"eac3", 1'025'000, "takes 64k to 1024k"}, Row{"mp3", 128'000, "no audio codec that is written"}}) {
    AudioConversionRequest wanted = request(row.codec, "stereo", 2);
    wanted.bitrate_bits_per_s = row.rate;
    const auto plan = plan_audio_conversion(wanted);
    ASSERT_EQ(plan.ok(), row.words[0] == '\0') << row.codec << " " << row.rate;
    if (plan.ok()) continue;
    EXPECT_EQ(plan.error().code, ErrorCode::kUsage);
    EXPECT_NE(plan.error().message.find(row.words), std::string::npos) << plan.error().message;
  }
}

TEST(AudioConversion, RefusesWhatNobodyDescribes) {
  EXPECT_FALSE(plan_audio_conversion(request("aac", "4 channels", 4)).ok());
  const auto six = plan_audio_conversion(request("aac", "6 channels", 6));
  ASSERT_TRUE(six.ok());
  EXPECT_EQ(six->assumed.size(), 1U);
  AudioConversionRequest unknown = request("aac", "stereo", 2);
  unknown.source.codec = "atrac9999";
  unknown.source.codec_id = 0;
  const auto plan = plan_audio_conversion(unknown);
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, ErrorCode::kNotPossible);
}

// channelConfiguration 12 is 7.1 with side and back pairs, 7 would have one pair in front.
TEST(AudioConversion, StatesSevenOneAsItIs) {
  const auto plan = plan_audio_conversion(request("aac", "7.1", 8));
  ASSERT_TRUE(plan.ok() && plan->output.headers);
  EXPECT_EQ(plan->output.headers->at(1) >> 3 & 15, 12);
}

TEST(AudioMix, KeepsWhatBothHaveAndSharesPairs) {
  const std::uint64_t seven = positions_named("7.1"), five = positions_named("5.1(side)");
  const std::vector<double> m = mix_matrix(seven, five);  // FL FR FC LFE BL BR SL SR to FL FR FC LFE SL SR
  ASSERT_EQ(m.size(), 48U);
  for (std::size_t row = 0; row < 4; ++row) {
    for (std::size_t column = 0; column < 8; ++column) EXPECT_EQ(m[row * 8 + column], row == column ? 1.0 : 0.0);
  }
  for (const auto& [row, back, side] : {std::tuple(4, 4, 6), std::tuple(5, 5, 7)}) {
    EXPECT_NEAR(m[static_cast<std::size_t>(row * 8 + back)], 0.7071, 1e-4);
    EXPECT_NEAR(m[static_cast<std::size_t>(row * 8 + side)], 0.7071, 1e-4);
  }
  // ITU-R BS.775-3: 5.0 to stereo.
  const std::vector<double> stereo = mix_matrix(positions_named("5.0(side)"), positions_named("stereo"));
  EXPECT_EQ(stereo[0], 1.0);
  EXPECT_NEAR(stereo[2], 0.7071, 1e-4);
  EXPECT_NEAR(stereo[3], 0.7071, 1e-4);
  EXPECT_EQ(stereo[4], 0.0);
  // Nothing but a low-frequency channel ever disappears.
  for (const char* target : {"mono", "stereo", "5.1", "7.1"}) {
    const std::uint64_t from = positions_named("FL+FR+FC+LFE+BL+BR+FLC+FRC+BC+SL+SR+TC+TFL+TFC+TFR+TBL+TBC+TBR");
    const std::vector<double> mixed = mix_matrix(from, positions_named(target));
    const auto columns = static_cast<std::size_t>(channel_count(from));
    for (std::size_t column = 0; column < columns; ++column) {
      double sum = 0;
      for (std::size_t at = column; at < mixed.size(); at += columns) sum += mixed[at];
      EXPECT_EQ(sum > 0, column != 3 || channel_count(positions_named(target)) > 2) << target << " column " << column;
    }
  }
}

}  // namespace
}  // namespace jinsha
