#include "job/plan_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace jinsha {
namespace {

Plan full_plan() {
  Plan plan;
  plan.input = "in \"quoted\" 源.mov";
  plan.first_frame = 10;
  plan.frame_limit = 90;
  plan.frame_count = 80;
  plan.exact_frame_count = true;
  plan.output = "out.ts";
  plan.kind = ContainerKind::kMpegTs;
  plan.encoder.encoder = "x265";
  plan.encoder.format = {Chroma::k422, 10};
  plan.encoder.frame_rate = {60000, 1001};
  plan.encoder.tier = Tier::kHigh;
  plan.encoder.params = {{"ref", "3"}, {"no-sao", ""}};
  plan.encoder.keyframes = {5, 50};
  plan.video.version = "x265 3.5";
  plan.video.codec = Codec::kHevc;
  plan.video.level_idc = 183;
  plan.video.rate = {RateControl::Mode::kCbr, 0, 0, 80'000'000, 80'000'000, 40'000'000};
  plan.video.color = {Primaries::kBt2020, Transfer::kHlg, Matrix::kBt2020Ncl, Range::kLimited,
                      ChromaLocation::kTopLeft};
  plan.video.hdr.mastering_display =
      MasteringDisplay{{{{34000, 16000}, {13250, 34500}, {7500, 3000}}}, {15635, 16450}, 10'000'000, 1};
  plan.video.hdr.content_light = ContentLight{1000, 400};
  plan.video.native = {{"frame-threads", "2"}};
  PlannedAudio audio;
  audio.info.codec = "aac";
  audio.info.headers = make_bytes({0x11, 0x90});
  audio.info.is_default = true;
  audio.source_track = 1;
  audio.encoded = true;
  audio.first_channel = 2;
  audio.picked_channels = 2;
  audio.priming_samples = 1024;
  plan.audio.push_back(audio);
  plan.muxrate_bits_per_s = 90'000'000;
  plan.memory.push_back({"frames", 995});
  plan.memory_bytes = 995;
  plan.notes.push_back({PlanNote::Kind::kDropped, "captions"});
  plan.warnings = {"careful"};
  return plan;
}

TEST(PlanJson, DataStreamsComeBack) {
  Plan plan;
  plan.data.push_back({.info = {.codec = "dvb_teletext",
                                .codec_id = 94215,
                                .bitrate_bits_per_s = 12,
                                .time_base = {1, 90'000},
                                .language = "eng,fra",
                                .headers = make_bytes({1, 2, 3})},
                       .source_track = 1});
  const Result<Plan> back = plan_from_json(plan_to_json(plan));
  ASSERT_TRUE(back.ok()) << back.error().message;
  ASSERT_EQ(back->data.size(), 1U);
  const DataStreamInfo& info = back->data[0].info;
  EXPECT_EQ(back->data[0].source_track, 1);
  EXPECT_EQ(info.codec, "dvb_teletext");
  EXPECT_EQ(info.language, "eng,fra");
  EXPECT_EQ(info.time_base, (Rational{1, 90'000}));
  EXPECT_EQ(*info.headers, (std::vector<std::uint8_t>{1, 2, 3}));
}

TEST(PlanJson, RoundTripKeepsEverything) {
  const nlohmann::json first = plan_to_json(full_plan());
  const auto read = plan_from_json(first);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(plan_to_json(*read), first);
  // A few fields by value, so that a member missing on both sides is seen.
  EXPECT_EQ(read->input, "in \"quoted\" 源.mov");
  EXPECT_EQ(read->encoder.tier, Tier::kHigh);
  EXPECT_EQ(read->encoder.params, full_plan().encoder.params);
  EXPECT_EQ(read->video.hdr, full_plan().video.hdr);
  EXPECT_EQ(read->video.color, full_plan().video.color);
  EXPECT_EQ(read->video.rate, full_plan().video.rate);
  EXPECT_TRUE(read->audio.front().encoded);
  EXPECT_TRUE(read->audio.front().info.is_default);
  EXPECT_EQ(read->audio.front().priming_samples, 1024);
  EXPECT_EQ(*read->audio.front().info.headers, (std::vector<std::uint8_t>{0x11, 0x90}));
  EXPECT_EQ(read->notes.front().kind, PlanNote::Kind::kDropped);
  EXPECT_EQ(first["video"]["level"], "6.1");
}

TEST(PlanJson, WhatIsNoPlanIsRefusedWithAReason) {
  EXPECT_EQ(plan_from_json(nlohmann::json{{"input", 3}}).error().code, ErrorCode::kUsage);
  nlohmann::json broken = plan_to_json(full_plan());
  broken["encoder"]["frame_rate"] = "fast";
  EXPECT_FALSE(plan_from_json(broken).ok());
  broken["encoder"]["frame_rate"] = 7;
  EXPECT_FALSE(plan_from_json(broken).ok());
}

TEST(PlanJson, TheHashFollowsWhatIsCodedAndNotWhereItGoes) {
  const Plan plan = full_plan();
  Plan elsewhere = plan;
  elsewhere.output = "other.ts";
  elsewhere.memory_bytes = 1;
  EXPECT_EQ(plan_hash(plan), plan_hash(elsewhere));
  Plan other = plan;
  other.encoder.gop_frames = 7;
  EXPECT_NE(plan_hash(plan), plan_hash(other));
  // Names that are not UTF-8 must not stop a job.
  Plan bytes = plan;
  bytes.input = "\xff\xfe";
  EXPECT_FALSE(plan_hash(bytes).empty());
}

}  // namespace
}  // namespace jinsha
