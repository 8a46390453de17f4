// A good stream held against another plan: the difference is named. These are the checks that no
// damage of a stream can show, because it is the plan that asks for something.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "verify/fixtures_helper.h"

namespace jinsha::verify_test {
namespace {

using verify::Property;
using P = Property;

struct Change {
  const char* what;
  const char* stream;
  std::function<void(Plan&, verify::RunFacts&)> apply;
  std::vector<Property> failures;  // exactly these
};

const std::vector<Change>& changes() {
  static const char* const kTs = "hevc_hdr10_cbr.ts";
  static const char* const kMp4 = "hevc_hdr10_cbr.mp4";
  static const char* const kSdr = "hevc_sdr_vbv.hevc";
  static const char* const kAv1 = "av1_hdr10.mp4";
  static const char* const kIvf = "av1_hdr10.ivf";
  using R = verify::RunFacts;
  static const std::vector<Change> all = {
      {"frames", kTs, [](Plan&, R& run) { run.frames = 61; }, {P::kFrameCount, P::kDuration}},
      {"frames without a run",
       kSdr,
       [](Plan& plan, R& run) {
         plan.exact_frame_count = true;
         plan.frame_count = run.frames + 1;
         run.frames = 0;
       },
       {P::kFrameCount}},
      {"container", kTs, [](Plan& plan, R&) { plan.kind = ContainerKind::kFragmentedMp4; }, {P::kStreams}},
      {"codec", kSdr, [](Plan& plan, R&) { plan.video.codec = Codec::kAv1; }, {P::kStreams}},
      {"service name", kTs, [](Plan& plan, R&) { plan.service_name = "Other"; }, {P::kStreams}},
      {"service id", kTs, [](Plan& plan, R&) { plan.service_id = 8; }, {P::kStreams}},
      {"PMT PID", kTs, [](Plan& plan, R&) { plan.pmt_pid = 0x20; }, {P::kStreams}},
      {"PIDs", kTs, [](Plan& plan, R&) { plan.first_es_pid = 0x200; }, {P::kStreams}},
      {"audio stream", kTs, [](Plan& plan, R&) { plan.audio.pop_back(); }, {P::kStreams}},
      {"audio codec", kMp4, [](Plan& plan, R&) { plan.audio[1].info.codec = "eac3"; }, {P::kStreams}},
      {"audio sample rate", kMp4, [](Plan& plan, R&) { plan.audio[0].info.sample_rate = 44100; }, {P::kStreams}},
      {"language in capitals, of two", kMp4, [](Plan& plan, R&) { plan.audio[0].info.language = "ENG,deu"; }, {}},
      {"another language", kMp4, [](Plan& plan, R&) { plan.audio[0].info.language = "deu"; }, {P::kStreams}},
      {"HE-AAC of half the rate", kTs, [](Plan& plan, R&) { plan.audio[0].info.sample_rate = 96000; }, {}},
      {"half the rate in MP4", kMp4, [](Plan& plan, R&) { plan.audio[0].info.sample_rate = 96000; }, {P::kStreams}},
      {"audio that starts later",
       kMp4,
       [](Plan&, R& run) {
         run.audio_start_s = {0.2, 0.2};
       },
       {P::kDuration}},
      {"audio packets", kMp4, [](Plan&, R& run) { run.audio_packets[1] += 1; }, {P::kAudio}},
      {"muxrate", kTs, [](Plan& plan, R&) { plan.muxrate_bits_per_s = 500100; }, {P::kBitrate}},
      {"GOP", kTs, [](Plan& plan, R&) { plan.video.gop_frames = 23; }, {P::kKeyFrameDistance}},
      {"longer GOP", kSdr, [](Plan& plan, R&) { plan.video.gop_frames = 30; }, {P::kKeyFrameDistance}},
      {"no forced key frame",
       kTs,
       [](Plan& plan, R& run) {
         plan.video.keyframes.clear();
         run.forced_keys.clear();
       },
       {P::kKeyFrameDistance}},
      {"another forced key frame", kTs, [](Plan&, R& run) { run.forced_keys.push_back(40); }, {P::kKeyFrameDistance}},
      {"GOP at most",
       kTs,
       [](Plan& plan, R& run) {
         plan.video.fixed_gop = false;
         plan.video.keyframes.clear();
         run.forced_keys.clear();
       },
       {}},
      {"width", kSdr, [](Plan& plan, R&) { plan.video.width = 322; }, {P::kPictureFormat}},
      {"height", kIvf, [](Plan& plan, R&) { plan.video.height = 142; }, {P::kPictureFormat}},
      {"depth", kTs, [](Plan& plan, R&) { plan.video.format.depth = 8; }, {P::kPictureFormat}},
      {"chroma", kAv1, [](Plan& plan, R&) { plan.video.format.chroma = Chroma::k422; }, {P::kPictureFormat, P::kColor}},
      {"profile", kTs, [](Plan& plan, R&) { plan.video.profile = "main"; }, {P::kPictureFormat}},
      {"profile in other words", kTs, [](Plan& plan, R&) { plan.video.profile = "Main 10"; }, {}},
      {"sample aspect",
       kSdr,
       [](Plan& plan, R&) {
         plan.video.sample_aspect = {4, 3};
       },
       {P::kPictureFormat}},
      {"sample aspect of AV1",
       kAv1,
       [](Plan& plan, R&) {
         plan.video.sample_aspect = {4, 3};
       },
       {P::kPictureFormat}},
      {"frame rate",
       kSdr,
       [](Plan& plan, R&) {
         plan.video.frame_rate = {60, 1};
       },
       {P::kFrameRate}},
      {"frame rate in the container",
       kAv1,
       [](Plan& plan, R&) {
         plan.video.frame_rate = {60, 1};
       },
       {P::kFrameRate, P::kTimestamps, P::kDuration}},
      {"frame rate in TS",
       kTs,
       [](Plan& plan, R&) {
         plan.video.frame_rate = {60, 1};
       },
       {P::kFrameRate, P::kTimestamps}},
      {"level", kTs, [](Plan& plan, R&) { plan.video.level_idc = 90; }, {P::kLevelTier}},
      {"tier", kTs, [](Plan& plan, R&) { plan.video.tier = Tier::kHigh; }, {P::kLevelTier}},
      {"level of AV1", kIvf, [](Plan& plan, R&) { plan.video.level_idc = 4; }, {P::kLevelTier}},
      // 320x180 at 240 frames/s is 13.8 million samples a second; level 2 has room for 3.7.
      {"frames too many for the level",
       kSdr,
       [](Plan& plan, R&) {
         plan.video.frame_rate = {240, 1};
       },
       {P::kFrameRate, P::kLevelTier}},
      {"primaries", kTs, [](Plan& plan, R&) { plan.video.color.primaries = Primaries::kP3D65; }, {P::kColor}},
      {"range", kIvf, [](Plan& plan, R&) { plan.video.color.range = Range::kFull; }, {P::kColor}},
      {"range left open", kTs, [](Plan& plan, R&) { plan.video.color.range = Range::kUnspecified; }, {}},
      {"chroma location left open",
       kTs,
       [](Plan& plan, R&) { plan.video.color.chroma_location = ChromaLocation::kUnspecified; },
       {P::kColor}},
      {"left, said aloud", kSdr, [](Plan& plan, R&) { plan.video.color.chroma_location = ChromaLocation::kLeft; }, {}},
      {"no mastering display",
       kTs,
       [](Plan& plan, R&) { plan.video.hdr.mastering_display.reset(); },
       {P::kMasteringDisplay}},
      {"no mastering display in AV1",
       kAv1,
       [](Plan& plan, R&) { plan.video.hdr.mastering_display.reset(); },
       {P::kMasteringDisplay}},
      {"mastering display",
       kAv1,
       [](Plan& plan, R&) { plan.video.hdr.mastering_display->max_luminance += 100; },
       {P::kMasteringDisplay}},
      {"a mastering display",
       kSdr,
       [](Plan& plan, R&) { plan.video.hdr.mastering_display.emplace(); },
       {P::kMasteringDisplay}},
      {"no content light", kMp4, [](Plan& plan, R&) { plan.video.hdr.content_light.reset(); }, {P::kContentLight}},
      {"content light",
       kIvf,
       [](Plan& plan, R&) { plan.video.hdr.content_light->max_fall_nits = 401; },
       {P::kContentLight}},
      {"no HRD", kTs, [](Plan& plan, R&) { plan.video.hrd = false; }, {P::kHrd}},
      {"an HRD", kSdr, [](Plan& plan, R&) { plan.video.hrd = true; }, {P::kHrd}},
      {"cbr_flag", kMp4, [](Plan& plan, R&) { plan.video.cbr_flag = false; }, {P::kHrd}},
      {"HRD rate", kTs, [](Plan& plan, R&) { plan.video.rate.maxrate_bits_per_s += 1000; }, {P::kHrd}},
      {"HRD rate within its unit", kTs, [](Plan& plan, R&) { plan.video.rate.maxrate_bits_per_s += 63; }, {}},
      {"CPB", kTs, [](Plan& plan, R&) { plan.video.rate.bufsize_bits += 4096; }, {P::kHrd}},
      {"fillers",
       kSdr,
       [](Plan& plan, R&) {
         plan.video.fillers = true;
         plan.video.rate.bitrate_bits_per_s = 1000000;
       },
       {P::kBitrate}},
      {"delimiters", kSdr, [](Plan& plan, R&) { plan.video.access_unit_delimiters = true; }, {P::kAccessUnitDelimiter}},
      {"cap",
       kSdr,
       [](Plan& plan, R&) {
         plan.video.rate.maxrate_bits_per_s = 20000;
         plan.video.rate.bufsize_bits = 60000;
       },
       {P::kBitrate}},
      {"buffer", kSdr, [](Plan& plan, R&) { plan.video.rate.bufsize_bits = 2000; }, {P::kBitrate}},
      {"cap of AV1", kIvf, [](Plan& plan, R&) { plan.video.rate.maxrate_bits_per_s = 20000; }, {P::kBitrate}},
  };
  return all;
}

TEST(PlanChanges, AreNamed) {
  for (const Change& change : changes()) {
    const Fixture& one = fixture(change.stream);
    Plan plan = one.plan;
    verify::RunFacts run = one.run;
    change.apply(plan, run);
    const auto verdict = judge(one.bytes, one.kind.container, &plan, run.frames == 0 ? nullptr : &run);
    std::vector<Property> found;
    for (const verify::Check& check : verdict.checks) {
      if (!check.passed) found.push_back(check.property);
    }
    std::vector<Property> expected = change.failures;
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(found, expected) << change.what << " of " << change.stream << "\n" << failures_text(verdict);
  }
}

// The plan of an audio stream as if the job had encoded it. Those of the fixtures end 0.2 s before the
// pictures, which only a copied one may.
PlannedAudio& encoded(Plan& plan, std::size_t stream, int priming_samples, std::int64_t bits_per_s) {
  PlannedAudio& audio = plan.audio[stream];
  audio.encoded = true;
  audio.priming_samples = priming_samples;
  audio.info.frame_size = audio.info.codec == "aac" ? 1024 : 1536;
  audio.info.bitrate_bits_per_s = bits_per_s;
  return audio;
}

TEST(EncodedAudio, IsHeldAgainstItsOwnPlan) {
  struct Case {
    const char* what;
    std::function<void(Plan&)> apply;
    std::vector<std::string> failures;  // words of each
  };
  const std::string early = "where the pictures end";
  const std::vector<Case> cases = {
      {"as planned", [](Plan& plan) { encoded(plan, 1, 256, 64000); }, {early}},
      {"as planned, AAC", [](Plan& plan) { encoded(plan, 0, 1024, 32000); }, {early}},
      {"5.1",
       [](Plan& plan) { encoded(plan, 1, 256, 64000).info.channels = 6; },
       {"audio stream 1 with 6 channels, found 2", early}},
      {"5.1, AAC",
       [](Plan& plan) { encoded(plan, 0, 1024, 32000).info.channels = 6; },
       {"audio stream 0 with 6 channels, found 2", early}},
      {"other priming", [](Plan& plan) { encoded(plan, 1, 512, 64000); }, {"its priming before the first picture"}},
      {"other priming, AAC",
       [](Plan& plan) { encoded(plan, 0, 960, 32000); },
       {"its priming before the first picture"}},
      {"a lower rate", [](Plan& plan) { encoded(plan, 1, 256, 56000); }, {early, "audio stream 1 of 56000 bit/s"}},
      {"a higher rate", [](Plan& plan) { encoded(plan, 1, 256, 80000); }, {early, "audio stream 1 of 80000 bit/s"}},
      {"a lower rate, AAC", [](Plan& plan) { encoded(plan, 0, 1024, 8000); }, {early, "audio stream 0 of 8000 bit/s"}},
  };
  for (const char* stream : {"hevc_hdr10_cbr.ts", "hevc_hdr10_cbr.mp4"}) {
    const Fixture& one = fixture(stream);
    for (const Case& c : cases) {
      Plan plan = one.plan;
      c.apply(plan);
      const auto verdict = judge(one.bytes, one.kind.container, &plan, &one.run);
      const std::vector<std::string> failures = verdict.failures();
      EXPECT_EQ(failures.size(), c.failures.size()) << c.what << " of " << stream << "\n" << failures_text(verdict);
      for (const std::string& wanted : c.failures) {
        EXPECT_TRUE(std::any_of(failures.begin(), failures.end(),
                                [&](const std::string& text) { return text.find(wanted) != std::string::npos; }))
            << c.what << " of " << stream << ": " << wanted << "\n"
            << failures_text(verdict);
      }
    }
  }
}

// What the check says is enough to act on: what was planned, what was found, and where.
TEST(PlanChanges, AreToldInWordsWithUnitsAndPlace) {
  const Fixture& one = fixture("hevc_hdr10_cbr.ts");
  Plan plan = one.plan;
  plan.video.level_idc = 153;
  plan.video.gop_frames = 25;
  const auto verdict = judge(one.bytes, one.kind.container, &plan, &one.run);
  const verify::Check* level = find_check(verdict, P::kLevelTier);
  ASSERT_NE(level, nullptr);
  EXPECT_EQ(level->expected, "5.1 Main");
  EXPECT_EQ(level->found, "2.1 Main");
  EXPECT_EQ(level->where.rfind("access unit 0, byte 0x", 0), 0U) << level->where;
  const verify::Check* keys = find_check(verdict, P::kKeyFrameDistance);
  ASSERT_NE(keys, nullptr);
  EXPECT_EQ(keys->expected, "a key frame every 25 frames and at the forced ones");
  EXPECT_NE(keys->found.find("a distance of 24"), std::string::npos) << keys->found;
  const std::string text = verdict.failures().front();
  EXPECT_EQ(text.rfind("key-frame-distance: expected a key frame every 25 frames", 0), 0U) << text;
}

}  // namespace
}  // namespace jinsha::verify_test
