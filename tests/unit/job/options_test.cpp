#include "job/options.h"

#include <gtest/gtest.h>

#include <set>

namespace jinsha {
namespace {

TEST(Options, SetByKeyOrByFlagName) {
  JobSpec spec;
  ASSERT_TRUE(set_option(spec, "mux.service_name", "Channel 1").ok());
  EXPECT_EQ(spec.service_name, "Channel 1");
  ASSERT_TRUE(set_option(spec, "mux.service-name", "Channel 2").ok());
  EXPECT_EQ(spec.service_name, "Channel 2");
  ASSERT_TRUE(set_option(spec, "bitrate", "80M").ok());
  EXPECT_EQ(spec.bitrate_bits_per_s, 80'000'000);
  ASSERT_TRUE(set_option(spec, "strict", "").ok());
  EXPECT_TRUE(spec.strict);
}

TEST(Options, ColorShorthandsSetTheCodePointsAndLaterOptionsRefineThem) {
  JobSpec spec;
  ASSERT_TRUE(set_option(spec, "color", "hlg").ok());
  EXPECT_EQ(spec.output_color.transfer, Transfer::kHlg);
  EXPECT_EQ(spec.output_color.primaries, Primaries::kBt2020);
  EXPECT_EQ(spec.output_color.chroma_location, ChromaLocation::kTopLeft);
  ASSERT_TRUE(set_option(spec, "output-range", "full").ok());
  EXPECT_EQ(spec.output_color.range, Range::kFull);
  ASSERT_TRUE(set_option(spec, "color", "keep").ok());
  EXPECT_FALSE(spec.output_color.transfer.has_value());
}

TEST(Options, EncoderParametersKeepTheirOrder) {
  JobSpec spec;
  ASSERT_TRUE(set_option(spec, "encoder-param", "ref=3:no-sao:merange=57").ok());
  ASSERT_TRUE(set_option(spec, "encoder-param", "ref=4").ok());
  ASSERT_EQ(spec.encoder_params.size(), 4U);
  EXPECT_EQ(spec.encoder_params[1], (std::pair<std::string, std::string>{"no-sao", ""}));
  EXPECT_EQ(spec.encoder_params[3], (std::pair<std::string, std::string>{"ref", "4"}));
  EXPECT_FALSE(set_option(spec, "encoder-param", "=3").ok());
}

TEST(Options, RangesMayBeOpenOnEitherSide) {
  JobSpec spec;
  ASSERT_TRUE(set_option(spec, "range", "#10-#20").ok());
  EXPECT_EQ(spec.range_start->frame, 10);
  EXPECT_EQ(spec.range_end->frame, 20);
  JobSpec open;
  ASSERT_TRUE(set_option(open, "range", "1:00-").ok());
  EXPECT_FALSE(open.range_end.has_value());
  EXPECT_FALSE(set_option(open, "range", "-").ok());
}

TEST(Options, MistakesAreNamedWithTheOptionAndTheNearestName) {
  JobSpec spec;
  const Status value = set_option(spec, "crf", "high");
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.error().code, ErrorCode::kUsage);
  EXPECT_EQ(value.error().message, "--crf: \"high\" is not a number");
  const Status name = set_option(spec, "bitrat", "80M");
  ASSERT_FALSE(name.ok());
  EXPECT_NE(name.error().message.find("did you mean --bitrate?"), std::string::npos);
  EXPECT_EQ(set_option(spec, "qqqqqqqq", "").error().message.find("did you mean"), std::string::npos);
}

// The table is the single source of names: a key or a flag twice would make one unreachable.
TEST(Options, KeysAndShortFlagsAreUnique) {
  std::set<std::string> keys;
  std::set<std::string> shorts;
  for (const OptionRow& row : option_table()) {
    EXPECT_TRUE(keys.insert(row.key).second) << row.key;
    if (*row.short_flag) {
      EXPECT_TRUE(shorts.insert(row.short_flag).second) << row.short_flag;
    }
    EXPECT_STRNE(row.help, "") << row.key;
    // Every value option refuses nonsense instead of taking it silently.
    EXPECT_EQ(flag_of(row).find('_'), std::string::npos);
  }
}

TEST(Options, EveryTypedOptionRefusesNonsense) {
  const std::set<std::string> texts{
      "input",  "output",   "format", "preset",        "encoder",          "speed",
      "tune",   "profile",  "level",  "encoder_param", "mux.service_name", "mux.service_provider",
      "report", "log_file", "lut"};
  for (const OptionRow& row : option_table()) {
    if (texts.contains(row.key)) continue;
    JobSpec spec;
    EXPECT_FALSE(set_option(spec, row.key, "\x01nonsense").ok()) << row.key;
  }
}

}  // namespace
}  // namespace jinsha
