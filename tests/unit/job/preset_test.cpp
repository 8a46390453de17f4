// The presets of the library: each is complete, documented and can be planned; files and inheritance.
#include "job/preset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "job/planner.h"
#include "job/settings.h"

namespace jinsha {
namespace {

using ::testing::HasSubstr;

struct Planned {
  const char* preset;
  const char* source;
  const char* output;
  int width;
  int height;
  Codec codec;
  Transfer transfer;
  int depth;
  int level_idc;
  std::int64_t muxrate_bits_per_s;
};

// What a user of the preset is promised. 8K is planned, not coded.
constexpr Planned kPlanned[] = {
    {"iptv-8k-hevc-hlg", "generate:7680x4320@50,frames=10,color=pq", "p.ts", 7680, 4320, Codec::kHevc, Transfer::kHlg,
     10, 183, 88'000'000},
    {"iptv-4k-gyt-hlg", "generate:3840x2160@50,frames=10,color=hlg", "p.ts", 3840, 2160, Codec::kHevc, Transfer::kHlg,
     10, 153, 36'000'000},
    {"dvb-uhd-hevc", "generate:3840x2160@50,frames=10,color=pq", "p.ts", 3840, 2160, Codec::kHevc, Transfer::kHlg, 10,
     153, 0},
    {"atsc3-uhd", "generate:3840x2160@59.94,frames=10,color=hlg", "p.mp4", 3840, 2160, Codec::kHevc, Transfer::kPq, 10,
     153, 0},
    {"web-8k-av1-hdr", "generate:7680x4320@60,frames=10,color=pq", "p.mp4", 7680, 4320, Codec::kAv1, Transfer::kPq, 10,
     17, 0},
    {"web-4k-av1-hdr", "generate:7680x4320@30,frames=10,color=pq", "p.mp4", 3840, 2160, Codec::kAv1, Transfer::kPq, 10,
     12, 0},
    {"master-prores-to-pq", "generate:1920x1080@25,frames=10,color=hlg", "p.mp4", 1920, 1080, Codec::kHevc,
     Transfer::kPq, 10, 120, 0},
    {"hd-sdr", "generate:3840x2160@50,frames=10,color=pq", "p.ts", 1920, 1080, Codec::kHevc, Transfer::kBt709, 8, 123,
     0},
};

TEST(Presets, EachIsPlannedOnASourceItIsFor) {
  std::vector<std::string> tested;
  for (const Planned& row : kPlanned) {
    SCOPED_TRACE(row.preset);
    tested.emplace_back(row.preset);
    JobSettings settings;
    for (const auto& [key, value] : {std::pair{"input", row.source}, {"preset", row.preset}, {"max_mem", "200G"}})
      ASSERT_TRUE(settings.set(key, value).ok());
    ASSERT_TRUE(settings.set("output", ::testing::TempDir() + "jinsha_preset_" + row.output).ok());
    const auto spec = settings.resolve();
    ASSERT_TRUE(spec.ok()) << spec.error().message;
    const auto source = open_source(source_spec_of(*spec), Log());
    ASSERT_TRUE(source.ok()) << source.error().message;
    const auto job = make_plan(*spec, **source, Log());
    ASSERT_TRUE(job.ok()) << job.error().message;
    const auto& video = job->plan.video;
    EXPECT_EQ(job->image.output.width, row.width);
    EXPECT_EQ(job->image.output.height, row.height);
    EXPECT_EQ(video.codec, row.codec);
    EXPECT_EQ(video.color.transfer, row.transfer);
    EXPECT_EQ(job->image.output.format.depth, row.depth);
    EXPECT_EQ(video.level_idc, row.level_idc);
    EXPECT_EQ(video.tier, Tier::kMain);
    EXPECT_EQ(job->plan.muxrate_bits_per_s, row.muxrate_bits_per_s);
  }
  std::sort(tested.begin(), tested.end());
  EXPECT_EQ(tested, preset_names()) << "a preset without a row above";
}

TEST(Presets, EachSaysWhatItIsForAndWhereEveryValueComesFrom) {
  for (const std::string& name : preset_names()) {
    SCOPED_TRACE(name);
    const auto chain = load_preset_chain(name);
    ASSERT_TRUE(chain.ok()) << chain.error().message;
    const Preset& preset = chain->back();
    EXPECT_GT(preset.description.size(), 20U);
    EXPECT_EQ(preset.name, name);
    for (const Setting& setting : preset.settings)
      EXPECT_GT(preset.sources.count(setting.row->key), 0U) << setting.row->key << " has no source";
    for (const auto& [key, text] : preset.sources) {
      EXPECT_TRUE(std::any_of(preset.settings.begin(), preset.settings.end(),
                              [&key = key](const Setting& setting) { return key == setting.row->key; }))
          << key << " has a source and no value";
    }
  }
}

class PresetFiles : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    const std::string path = ::testing::TempDir() + "jinsha_preset_" + name;
    std::ofstream(path) << text;
    written_.push_back(path);
    return path;
  }
  void TearDown() override {
    for (const std::string& path : written_) std::remove(path.c_str());
  }

 private:
  std::vector<std::string> written_;
};

TEST_F(PresetFiles, AFileMayInheritFromAPresetAndFromAFileBesideIt) {
  write("base.toml", "inherits = 'hd-sdr'\nbitrate = '9M'\nmaxrate = '9M'\n");
  const std::string house = write("house.toml", "inherits = 'jinsha_preset_base.toml'\nmaxrate = '10M'\n");
  const auto chain = load_preset_chain(house);
  ASSERT_TRUE(chain.ok()) << chain.error().message;
  ASSERT_EQ(chain->size(), 3U);
  EXPECT_EQ(chain->front().name, "hd-sdr");
  JobSettings settings;
  ASSERT_TRUE(settings.set("preset", house).ok());
  const auto spec = settings.resolve();
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  EXPECT_EQ(spec->bitrate_bits_per_s, 9'000'000);
  EXPECT_EQ(spec->maxrate_bits_per_s, 10'000'000);
  EXPECT_EQ(spec->width, 1920);
}

TEST_F(PresetFiles, CirclesAndMistakesAreNamed) {
  const std::string a = write("a.toml", "inherits = 'jinsha_preset_b.toml'\n");
  write("b.toml", "inherits = 'jinsha_preset_a.toml'\n");
  EXPECT_THAT(load_preset_chain(a).error().message, HasSubstr("in a circle"));
  EXPECT_THAT(load_preset_chain("hd-sd").error().message, HasSubstr("did you mean hd-sdr?"));
  struct Case {
    const char* text;
    const char* words;
  };
  for (const Case& row :
       {Case{"input = 'x'\n", "a preset cannot set it"}, Case{"preset = 'hd-sdr'\n", "`inherits` names"},
        Case{"crf = 99\n", "c.toml:1: crf: 99 is outside"}, Case{"inherits = 'none'\n", "there is no preset \"none\""},
        Case{"description = ''\n", "give one text"},
        Case{"[source]\nbitrat = 'x'\n", "c.toml:2: source: there is no option bitrat"}}) {
    const auto chain = load_preset_chain(write("c.toml", row.text));
    ASSERT_FALSE(chain.ok()) << row.text;
    EXPECT_EQ(chain.error().code, ErrorCode::kUsage);
    EXPECT_THAT(chain.error().message, HasSubstr(row.words));
  }
}

}  // namespace
}  // namespace jinsha
