// Plans of real sources (the generator) against real back ends: what is resolved and what is refused.
#include "job/planner.h"

#include <gtest/gtest.h>

#include "job/options.h"

namespace jinsha {
namespace {

using Options = std::vector<std::pair<const char*, const char*>>;

Result<PlannedJob> plan_of(const std::string& input, const Options& options) {
  JobSpec spec;
  spec.input = input;
  spec.output = ::testing::TempDir() + "jinsha_planner_test.ts";
  spec.overwrite = true;
  for (const auto& [key, value] : options) JINSHA_TRY(set_option(spec, key, value));
  JINSHA_ASSIGN(const auto source, open_source(source_spec_of(spec), Log()));
  return make_plan(spec, *source, Log());
}

constexpr const char* k8k = "generate:7680x4320@60,frames=100,color=pq";
constexpr const char* kSmall = "generate:640x360@59.94,frames=100,color=pq";

bool has_note(const Plan& plan, PlanNote::Kind kind, const std::string& words) {
  for (const PlanNote& note : plan.notes) {
    if (note.kind == kind && note.what.find(words) != std::string::npos) return true;
  }
  return false;
}

TEST(Planner, ABroadcastJobGetsBroadcastDefaults) {
  const auto job = plan_of(kSmall, {{"bitrate", "2M"}});
  ASSERT_TRUE(job.ok()) << job.error().message;
  const Plan& plan = job->plan;
  EXPECT_EQ(plan.kind, ContainerKind::kMpegTs);
  EXPECT_EQ(plan.encoder.encoder, "x265");
  EXPECT_EQ(plan.encoder.gop_frames, 60);
  EXPECT_TRUE(plan.encoder.hrd);
  EXPECT_TRUE(plan.encoder.access_unit_delimiters);
  EXPECT_TRUE(plan.encoder.repeat_headers);
  EXPECT_EQ(plan.video.rate.maxrate_bits_per_s, 2'000'000);
  EXPECT_FALSE(plan.video.cbr_flag);
  EXPECT_EQ(plan.video.color.transfer, Transfer::kPq);
  EXPECT_TRUE(plan.video.hdr.mastering_display.has_value());
  EXPECT_TRUE(job->image.program.steps.empty()) << "nothing to convert: the pixels pass untouched";
  EXPECT_EQ(plan.output_frames, 0);
  EXPECT_EQ(plan.audio.size(), 1U);
  EXPECT_EQ(plan.frame_count, 100);
}

TEST(Planner, AnMp4KeepsItsHeadersInTheSampleEntry) {
  const auto job = plan_of(kSmall, {{"format", "mp4"}});
  ASSERT_TRUE(job.ok()) << job.error().message;
  EXPECT_FALSE(job->plan.encoder.repeat_headers);
  EXPECT_FALSE(job->plan.encoder.hrd);
  EXPECT_EQ(job->plan.encoder.gop_frames, 120);
}

TEST(Planner, EightKSixtyIsLevelSixOne) {
  const auto job = plan_of(k8k, {{"bitrate", "80M"}, {"max_mem", "100G"}});
  ASSERT_TRUE(job.ok()) << job.error().message;
  EXPECT_EQ(job->plan.video.level_idc, 183);
  EXPECT_EQ(job->plan.video.tier, Tier::kMain);
  const auto refused = plan_of(k8k, {{"bitrate", "80M"}, {"max_mem", "100G"}, {"level", "5.2"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kNotPossible);
}

TEST(Planner, AnUncappedRateIsAssumedToFitTheLevel) {
  const auto open = plan_of(k8k, {{"crf", "20"}, {"max_mem", "100G"}});
  ASSERT_TRUE(open.ok()) << open.error().message;
  EXPECT_TRUE(has_note(open->plan, PlanNote::Kind::kAssumed, "level 6.1 Main allows 120 Mbit/s"));
  EXPECT_TRUE(has_note(open->plan, PlanNote::Kind::kAssumed, "--tier high allows 480 Mbit/s"));
  const auto capped = plan_of(k8k, {{"crf", "20"}, {"maxrate", "80M"}, {"max_mem", "100G"}});
  ASSERT_TRUE(capped.ok()) << capped.error().message;
  EXPECT_FALSE(has_note(capped->plan, PlanNote::Kind::kAssumed, "not capped"));
}

TEST(Planner, TheMemorySumCountsEveryItem) {
  const auto job = plan_of(k8k, {{"color", "sdr"}, {"max_mem", "100G"}});
  ASSERT_TRUE(job.ok()) << job.error().message;
  std::uint64_t sum = 0;
  for (const MemoryItem& item : job->plan.memory) sum += item.bytes;
  EXPECT_EQ(sum, job->plan.memory_bytes);
  EXPECT_GT(job->plan.output_frames, 0);
  EXPECT_GT(sum, 4'000'000'000U);
  const auto refused = plan_of(k8k, {{"color", "sdr"}, {"max_mem", "2G"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kNotPossible);
  EXPECT_NE(refused.error().message.find("together"), std::string::npos);
}

TEST(Planner, LossesAreNamed) {
  const auto sdr = plan_of(kSmall, {{"color", "sdr"}});
  ASSERT_TRUE(sdr.ok()) << sdr.error().message;
  EXPECT_TRUE(has_note(sdr->plan, PlanNote::Kind::kDropped, "astering"));
  EXPECT_FALSE(sdr->plan.video.hdr.mastering_display.has_value());
  EXPECT_EQ(sdr->plan.video.color.transfer, Transfer::kBt709);
  const auto y4m = plan_of(kSmall, {{"format", "y4m"}});
  ASSERT_TRUE(y4m.ok()) << y4m.error().message;
  EXPECT_TRUE(has_note(y4m->plan, PlanNote::Kind::kDropped, "audio"));
}

TEST(Planner, StrictCbrSizesTheMultiplex) {
  const auto job = plan_of(kSmall, {{"bitrate", "3M"}, {"cbr", ""}});
  ASSERT_TRUE(job.ok()) << job.error().message;
  EXPECT_TRUE(job->plan.video.cbr_flag);
  EXPECT_GT(job->plan.muxrate_bits_per_s, 3'000'000 * 188 / 184);
  const auto tight = plan_of(kSmall, {{"bitrate", "3M"}, {"cbr", ""}, {"mux.muxrate", "3M"}});
  ASSERT_FALSE(tight.ok());
  EXPECT_NE(tight.error().message.find("3000000"), std::string::npos);
}

TEST(Planner, WhatSvtAv1CannotDoIsRefusedWithTheReason) {
  struct Case {
    Options options;
    const char* words;
  };
  const Case cases[] = {{{{"bitrate", "5M"}, {"cbr", ""}}, "constant bit rate"},
                        {{{"bitrate", "5M"}, {"maxrate", "6M"}}, "maxrate"},
                        {{{"bitrate", "120M"}}, "100"},
                        {{{"chroma", "422"}}, "422"},
                        {{{"depth", "12"}}, "12"},
                        {{{"bitrate", "5M"}, {"keyframes", "#10"}}, "key"}};
  for (const Case& row : cases) {
    Options options{{"format", "mp4"}, {"encoder", "svt-av1"}};
    options.insert(options.end(), row.options.begin(), row.options.end());
    const auto refused = plan_of(kSmall, options);
    ASSERT_FALSE(refused.ok()) << row.words;
    EXPECT_NE(refused.error().message.find(row.words), std::string::npos) << refused.error().message;
  }
  EXPECT_FALSE(plan_of(kSmall, {{"encoder", "svt-av1"}}).ok()) << "AV1 into a transport stream";
}

TEST(Planner, ContradictionsAreUsageErrors) {
  for (const Options& options :
       {Options{{"crf", "20"}, {"qp", "20"}}, Options{{"crf", "20"}, {"bitrate", "5M"}}, Options{{"cbr", ""}},
        Options{{"bitrate", "5M"}, {"maxrate", "4M"}}, Options{{"bufsize", "4M"}}, Options{{"range", "#50-#50"}},
        Options{{"range", "#500-"}}, Options{{"mux.muxrate", "5M"}}}) {
    const auto refused = plan_of(kSmall, options);
    ASSERT_FALSE(refused.ok()) << options.front().first;
    EXPECT_EQ(refused.error().code, ErrorCode::kUsage) << refused.error().message;
  }
}

TEST(Planner, NvencIsRefusedHereWithAReasonUnlessItIsThere) {
  const auto job = plan_of(kSmall, {{"encoder", "nvenc"}});
  if (job.ok()) GTEST_SKIP() << "this machine has NVENC";
  EXPECT_EQ(job.error().code, ErrorCode::kNotPossible);
  EXPECT_NE(job.error().message.find("NVENC"), std::string::npos) << job.error().message;
}

}  // namespace
}  // namespace jinsha
