// The words offered for an option are words it takes.
#include "job/option_choices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "job/schema.h"

namespace jinsha {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

OptionChoices choices_of(const char* key) { return option_choices(*find_option(key)); }

TEST(OptionChoices, EveryWordThatIsOfferedIsTaken) {
  std::size_t words = 0;
  for (const OptionRow& row : option_table()) {
    for (const std::string& word : option_choices(row).words) {
      JobSpec spec;
      const Status taken = row.apply(spec, word);
      EXPECT_TRUE(taken.ok()) << row.key << " " << word << ": " << taken.error().message;
      ++words;
    }
  }
  EXPECT_GT(words, 80U);
}

TEST(OptionChoices, TheyComeFromRefusalsTablesAndPlaceholders) {
  EXPECT_THAT(choices_of("codec").words, ElementsAre("hevc", "av1"));
  EXPECT_TRUE(choices_of("codec").closed);
  EXPECT_THAT(choices_of("color").words, Contains("sdr-2020"));
  EXPECT_THAT(choices_of("tone_map").words, Contains("bt2390"));
  EXPECT_THAT(choices_of("tone_map_on").words, ElementsAre("max-rgb", "luminance", "ictcp"));
  EXPECT_THAT(choices_of("scale_filter").words, ElementsAre("bilinear", "bicubic", "lanczos", "spline"));
  EXPECT_THAT(choices_of("output_transfer").words, Contains("smpte2084"));
  EXPECT_FALSE(choices_of("output_transfer").closed) << "numbers are taken too";
  EXPECT_THAT(choices_of("encoder").words, Contains("svt-av1"));
  EXPECT_THAT(choices_of("format").words, Contains("mpegts"));
  EXPECT_THAT(choices_of("preset").words, Contains("hd-sdr"));
  EXPECT_THAT(choices_of("depth").words, ElementsAre("8", "10", "12", "16"));
  EXPECT_THAT(choices_of("source_peak").words, ElementsAre("auto", "measure"));
  EXPECT_FALSE(choices_of("source_peak").closed);
  EXPECT_THAT(choices_of("report").words, ElementsAre());
  EXPECT_THAT(choices_of("overwrite").words, ElementsAre());
}

TEST(Schema, HasEveryOptionOnce) {
  const auto schema = nlohmann::json::parse(job_schema());
  for (const OptionRow& row : option_table()) {
    std::string pointer = "/properties/" + std::string(row.key);
    if (const std::size_t dot = pointer.find('.'); dot != std::string::npos) pointer.replace(dot, 1, "/properties/");
    EXPECT_TRUE(schema.contains(nlohmann::json::json_pointer(pointer + "/description"))) << pointer;
  }
}

}  // namespace
}  // namespace jinsha
