// Precedence: defaults < preset < document < what is set one by one.
#include "job/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

namespace jinsha {
namespace {

using ::testing::HasSubstr;

// A document on disk for the length of a test.
class File {
 public:
  File(const std::string& name, const std::string& text) : path_(::testing::TempDir() + "jinsha_settings_" + name) {
    std::ofstream(path_) << text;
  }
  ~File() { std::remove(path_.c_str()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

JobSpec resolved(const JobSettings& settings) {
  const auto spec = settings.resolve();
  EXPECT_TRUE(spec.ok()) << spec.error().message;
  return spec.ok() ? *spec : JobSpec{};
}

TEST(Settings, EveryLayerWinsOverTheOnesBelow) {
  const File document("a.toml", "preset = 'dvb-uhd-hevc'\nbufsize = '10M'\ngop = '2s'\n");
  JobSettings settings;
  ASSERT_TRUE(settings.load(document.path()).ok());
  ASSERT_TRUE(settings.set("gop", "25").ok());
  const JobSpec spec = resolved(settings);
  EXPECT_EQ(spec.bitrate_bits_per_s, 25'000'000) << "preset";
  EXPECT_EQ(spec.bufsize_bits, 10'000'000) << "document over preset";
  EXPECT_EQ(spec.gop->frames, 25) << "set over document";
  EXPECT_EQ(spec.service_id, 1) << "default";
  EXPECT_EQ(settings.get("bufsize"), "10M");
  EXPECT_EQ(settings.get("bitrate"), "25M");
  EXPECT_EQ(settings.get("mux.service_id"), std::nullopt);
}

TEST(Settings, TheOrderOfCallsBetweenLayersDoesNotMatter) {
  const File document("order.toml", "gop = '2s'\n");
  JobSettings settings;
  ASSERT_TRUE(settings.set("gop", "25").ok());
  ASSERT_TRUE(settings.load(document.path()).ok());
  EXPECT_EQ(resolved(settings).gop->frames, 25);
}

TEST(Settings, AShorthandComesBeforeWhatRefinesIt) {
  // TOML and JSON have no order of keys: --color would otherwise undo what comes before it.
  const File document("color.json", R"({"output_range": "full", "color": "hlg"})");
  JobSettings settings;
  ASSERT_TRUE(settings.load(document.path()).ok());
  const JobSpec spec = resolved(settings);
  EXPECT_EQ(spec.output_color.range, Range::kFull);
  EXPECT_EQ(spec.output_color.transfer, Transfer::kHlg);
}

TEST(Settings, ListsAreReplacedAndEncoderParametersAddUp) {
  const File document("lists.toml", "keyframes = ['#10', '#20']\nencoder_param = ['ref=3:aq-mode=1', 'no-sao']\n");
  JobSettings settings;
  ASSERT_TRUE(settings.load(document.path()).ok());
  ASSERT_TRUE(settings.set("encoder_param", "ref=4").ok());
  JobSpec spec = resolved(settings);
  ASSERT_EQ(spec.encoder_params.size(), 4U);
  EXPECT_EQ(spec.encoder_params.back().second, "4");
  EXPECT_EQ(spec.keyframes.size(), 2U);
  ASSERT_TRUE(settings.set("keyframes", "#30").ok());
  EXPECT_EQ(resolved(settings).keyframes.size(), 1U);
}

TEST(Settings, AFlagCanBeTurnedOff) {
  const File document("flag.toml", "strict = true\nquiet = true\noverwrite = true\n");
  JobSettings settings;
  ASSERT_TRUE(settings.load(document.path()).ok());
  ASSERT_TRUE(settings.set("strict", "false").ok());
  ASSERT_TRUE(settings.set("quiet", "false").ok());
  const JobSpec spec = resolved(settings);
  EXPECT_FALSE(spec.strict);
  EXPECT_EQ(spec.verbosity, 0);
  EXPECT_TRUE(spec.overwrite);
}

TEST(Settings, ARateModeReplacesAnotherBelowIt) {
  const File document("rate.toml", "bitrate = '20M'\ncbr = true\n");
  JobSettings settings;
  ASSERT_TRUE(settings.load(document.path()).ok());
  ASSERT_TRUE(settings.set("crf", "20").ok());
  const JobSpec spec = resolved(settings);
  EXPECT_EQ(spec.bitrate_bits_per_s, 0);
  EXPECT_FALSE(spec.cbr);
  EXPECT_EQ(spec.crf, 20);
  // In one layer it stays the contradiction it is.
  ASSERT_TRUE(settings.set("bitrate", "5M").ok());
  EXPECT_EQ(resolved(settings).bitrate_bits_per_s, 5'000'000);
  EXPECT_EQ(resolved(settings).crf, 20);
}

TEST(Settings, MistakesInADocumentNameTheirPlace) {
  struct Case {
    const char* name;
    const char* text;
    const char* words;
  };
  for (const Case& row :
       {Case{"x.toml", "crf = 20\n[mux]\nservice_id = 70000\n", "x.toml:3: mux.service_id: 70000 is outside 1…65535"},
        Case{"x.toml", "bitrat = 1\n", "x.toml:1: bitrat: there is no such key; did you mean bitrate?"},
        Case{"x.toml", "encoder-param = 'a=1'\n", "did you mean encoder_param?"},
        Case{"x.toml", "[mux.deep]\nx = 1\n", "x.toml:2: mux.deep.x: there is no such key"},
        Case{"x.toml", "[mux]\nmuxrate='5M'\n['mux.x']\n", ""},
        Case{"x.toml", "strict = ''\n", "x.toml:1: strict: give true or false"},
        Case{"x.toml", "strict = 7\n", "\"7\" is not true or false"},
        Case{"x.toml", "crf = [20, 21]\n", "x.toml:1: crf: takes one value"},
        Case{"x.toml", "'mux.muxrate' = '5M'\n[mux]\nmuxrate = '6M'\n", "mux.muxrate is given twice"},
        Case{"x.toml", "output = \"a\\u0000b\"\n", "NUL"},
        Case{"x.json", R"({"mux": {"service_id": 0}})", "x.json: /mux/service_id: 0 is outside 1…65535"},
        Case{"x.json", R"({"keyframes": ["#1", "x"]})", "x.json: /keyframes: \"x\" is not a point"}}) {
    const File document(row.name, row.text);
    JobSettings settings;
    const Status status = settings.load(document.path());
    if (!*row.words) {
      EXPECT_TRUE(status.ok()) << "an empty table says nothing: " << status.error().message;
      continue;
    }
    ASSERT_FALSE(status.ok()) << row.text;
    EXPECT_EQ(status.error().code, ErrorCode::kUsage);
    EXPECT_THAT(status.error().message, HasSubstr(row.words));
  }
}

TEST(Settings, ARefusalSaysWhereItsFlagsComeFrom) {
  const File document("origin.toml", "bitrate = '20M'\n[mux]\nmuxrate = '30M'\n");
  JobSettings settings;
  ASSERT_TRUE(settings.load(document.path()).ok());
  ASSERT_TRUE(settings.set("maxrate", "10M").ok());
  const std::string text = settings.origins("--maxrate 10000000 is below --bitrate 20000000; see --mux.muxrates");
  EXPECT_EQ(text, fmt::format(" (--bitrate 20M is from {}:1)", document.path()));
  EXPECT_EQ(settings.origins("raise --mux.muxrate."),
            fmt::format(" (--mux.muxrate 30M is from {}:3)", document.path()));
}

TEST(Settings, OneDocumentForAJob) {
  const File document("one.toml", "crf = 20\n");
  JobSettings settings;
  ASSERT_TRUE(settings.load(document.path()).ok());
  EXPECT_FALSE(settings.load(document.path()).ok());
}

}  // namespace
}  // namespace jinsha
