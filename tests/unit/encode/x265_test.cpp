// x265 through its own API: the bits, the time stamps, what is read back.
// Over 400 lines: one back end, tested side by side.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <set>

#include "encode/encode_helper.h"
#include "encode/level.h"
#include "verify/judge.h"

namespace jinsha {
namespace {

using test::Coded;
using test::hevc_config;
using test::run_encoder;

std::vector<std::int64_t> key_pts(const Coded& run) {
  std::vector<std::int64_t> keys;
  for (const Packet& packet : run.packets) {
    if (packet.key) keys.push_back(packet.pts);
  }
  return keys;
}

EncoderConfig hdr10_config() {
  EncoderConfig config = hevc_config(320, 192);
  config.format.depth = 10;
  config.color = {Primaries::kBt2020, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited, ChromaLocation::kTopLeft};
  MasteringDisplay display;
  display.primaries_rgb = {{{34000, 16000}, {13250, 34500}, {7500, 3000}}};
  display.white_point = {15635, 16450};
  display.max_luminance = 10000000;
  display.min_luminance = 1;
  config.hdr.mastering_display = display;
  config.hdr.content_light = ContentLight{1000, 400};
  return config;
}

const std::vector<std::uint8_t> kDisplaySei = {
    0x33, 0xC2, 0x86, 0xC4,              // G 13250 34500
    0x1D, 0x4C, 0x0B, 0xB8,              // B 7500 3000
    0x84, 0xD0, 0x3E, 0x80,              // R 34000 16000
    0x3D, 0x13, 0x40, 0x42,              // white point 15635 16450
    0x00, 0x98, 0x96, 0x80, 0, 0, 0, 1,  // 10000000, 1
};

TEST(X265, EveryFrameComesOutOnceWithExactTimes) {
  EncoderConfig config = hevc_config(320, 192);
  config.speed = "medium";  // B frames and a pyramid
  const Coded run = run_encoder("x265", config, 33);
  ASSERT_EQ(run.packets.size(), 33u);
  std::set<std::int64_t> pts;
  std::int64_t last_dts = INT64_MIN;
  for (const Packet& packet : run.packets) {
    pts.insert(packet.pts);
    EXPECT_LE(packet.dts, packet.pts);
    EXPECT_GT(packet.dts, last_dts);
    last_dts = packet.dts;
    EXPECT_EQ(packet.duration, 1);
    const auto& data = *packet.data;
    ASSERT_GE(data.size(), 4u);
    EXPECT_TRUE(data[0] == 0 && data[1] == 0 && (data[2] == 1 || data[3] == 1)) << "no start code";
  }
  EXPECT_EQ(*pts.begin(), 0);
  EXPECT_EQ(*pts.rbegin(), 32);
  EXPECT_EQ(pts.size(), 33u);
  EXPECT_EQ(run.packets.front().dts, -2) << "two frames of reordering";
  EXPECT_EQ(key_pts(run), (std::vector<std::int64_t>{0, 10, 20, 30}));
}

// x265 leaves dts undefined where a stream is shorter than the reordering.
TEST(X265, StreamsOfAPictureOrTwoHaveTimesToo) {
  EncoderConfig config = hevc_config(320, 192);
  config.speed = "medium";
  for (const int frames : {1, 2, 3}) {
    const Coded run = run_encoder("x265", config, frames);
    ASSERT_EQ(run.packets.size(), static_cast<std::size_t>(frames));
    for (std::size_t i = 0; i < run.packets.size(); ++i) {
      EXPECT_EQ(run.packets[i].dts, static_cast<std::int64_t>(i) - 2) << frames;
      EXPECT_LE(run.packets[i].dts, run.packets[i].pts);
    }
  }
}

TEST(X265, ParameterSetsAreRepeatedAtEveryIdrAndGivenAtOpen) {
  const Coded run = run_encoder("x265", hevc_config(320, 192), 21);
  EXPECT_EQ(*run.headers, *run.final_headers);
  const auto header_nals = test::split_nals(*run.headers);
  ASSERT_EQ(header_nals.size(), 3u);
  EXPECT_EQ(header_nals[0].type, 32);
  EXPECT_EQ(header_nals[1].type, 33);
  EXPECT_EQ(header_nals[2].type, 34);
  for (const Packet& packet : run.packets) {
    std::set<int> types;
    for (const auto& nal : test::split_nals(*packet.data)) types.insert(nal.type);
    EXPECT_EQ(types.contains(33), packet.key) << "pts " << packet.pts;
  }
  EncoderConfig once = hevc_config(320, 192);
  once.repeat_headers = false;
  for (const Packet& packet : run_encoder("x265", once, 12).packets) {
    for (const auto& nal : test::split_nals(*packet.data)) EXPECT_LT(nal.type, 32);
  }
}

TEST(X265, ForcedKeyFramesLeaveTheGridInPlace) {
  EncoderConfig config = hevc_config(320, 192);
  config.speed = "medium";
  config.keyframes = {13};
  const Coded run = run_encoder("x265", config, 40, {25});
  EXPECT_EQ(key_pts(run), (std::vector<std::int64_t>{0, 10, 13, 20, 25, 30}));
  EXPECT_EQ(run.settings.keyframes, (std::vector<std::int64_t>{13}));
  // Closed GOP: nothing after an IDR in decoding order is shown before it.
  std::int64_t last_key = -1;
  for (const Packet& packet : run.packets) {
    if (packet.key) last_key = packet.pts;
    EXPECT_GE(packet.pts, last_key);
  }
}

TEST(X265, TheGridIsThatOfAnOverridingKeyint) {
  EncoderConfig config = hevc_config(320, 192);
  config.params = {{"keyint", "7"}};
  config.keyframes = {9};
  const Coded run = run_encoder("x265", config, 30);
  EXPECT_EQ(run.settings.gop_frames, 7);
  EXPECT_EQ(key_pts(run), (std::vector<std::int64_t>{0, 7, 9, 14, 21, 28}));
}

TEST(X265, ParametersMayNotBreakWhatTheContainerNeeds) {
  const auto plan = [](const EncoderConfig& config) { return (*find_encoder("x265"))->plan(config); };
  EncoderConfig config = hevc_config(320, 192);
  config.params = {{"aud", "0"}};
  EXPECT_TRUE(plan(config).ok()) << "no delimiters were asked for";
  config.access_unit_delimiters = true;
  auto refused = plan(config);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUsage);
  EXPECT_NE(refused.error().message.find("aud=0"), std::string::npos) << refused.error().message;
  config.params = {{"no-repeat-headers", ""}};
  refused = plan(config);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("repeat-headers=0"), std::string::npos) << refused.error().message;
  config.repeat_headers = false;
  EXPECT_TRUE(plan(config).ok());
}

TEST(X265, BitsRepeatAndDoNotDependOnThreads) {
  EncoderConfig config = hevc_config(416, 240);
  config.speed = "medium";
  config.gop_frames = 30;
  const auto bits = run_encoder("x265", config, 40).bytes();
  EXPECT_TRUE(run_encoder("x265", config, 40).bytes() == bits);
  for (const int threads : {1, 4, 16}) {
    config.threads = threads;
    EXPECT_TRUE(run_encoder("x265", config, 40).bytes() == bits) << threads << " threads";
  }
}

TEST(X265, HdrMetadataAndColourAreInTheBitstream) {
  const EncoderConfig config = hdr10_config();
  const Coded run = run_encoder("x265", config, 21);
  const auto bytes = run.bytes();
  EXPECT_TRUE(test::has_sei(bytes, 137, kDisplaySei));
  EXPECT_TRUE(test::has_sei(bytes, 144, {0x03, 0xE8, 0x01, 0x90}));
  EXPECT_EQ(test::count_sei(bytes, 137), 3) << "one at every IDR";
  EXPECT_EQ(test::count_sei(bytes, 144), 3);
  EXPECT_EQ(run.settings.hdr, config.hdr);
  EXPECT_EQ(run.settings.color, config.color);
  EXPECT_EQ(run.settings.profile, "main10");
  if (!test::program_exists("ffprobe")) GTEST_SKIP() << "no ffprobe to look with";
  const std::string path = test::temporary("hdr10.hevc");
  FILE* file = std::fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  std::fwrite(bytes.data(), 1, bytes.size(), file);
  std::fclose(file);
  const std::string out = test::temporary("hdr10.txt");
  ASSERT_EQ(
      test::shell(fmt::format("ffprobe -v error -show_streams -show_frames -read_intervals %+#1 {} > {}", path, out)),
      0);
  const auto text_bytes = test::read_file(out);
  const std::string text(text_bytes.begin(), text_bytes.end());
  for (const char* expected : {"color_primaries=bt2020", "color_transfer=smpte2084", "color_space=bt2020nc",
                               "color_range=tv", "chroma_location=topleft", "max_content=1000", "max_average=400",
                               "max_luminance=10000000/10000", "red_x=34000/50000", "profile=Main 10"}) {
    EXPECT_NE(text.find(expected), std::string::npos) << expected;
  }
}

TEST(X265, NoMetadataIsWrittenWhenNoneIsAskedFor) {
  const auto bytes = run_encoder("x265", hevc_config(320, 192), 11).bytes();
  for (const int type : {0, 1, 5, 137, 144, 147}) EXPECT_EQ(test::count_sei(bytes, type), 0) << type;
}

TEST(X265, AMasteringDisplayAloneBringsNoContentLight) {
  EncoderConfig config = hdr10_config();
  config.hdr.content_light.reset();
  const Coded run = run_encoder("x265", config, 11);
  EXPECT_TRUE(test::has_sei(run.bytes(), 137, kDisplaySei));
  EXPECT_EQ(test::count_sei(run.bytes(), 144), 0);
  EXPECT_EQ(run.settings.hdr, config.hdr);
  config.params = {{"max-cll", "700,300"}};
  const Coded given = run_encoder("x265", config, 11);
  EXPECT_TRUE(test::has_sei(given.bytes(), 144, {0x02, 0xBC, 0x01, 0x2C}));
  EXPECT_EQ(given.settings.hdr.content_light, (ContentLight{700, 300}));
}

TEST(X265, ZeroContentLightIsReportedWhereItIsWritten) {
  EncoderConfig config = hdr10_config();
  config.hdr.content_light = ContentLight{};
  const Coded run = run_encoder("x265", config, 2);
  EXPECT_TRUE(test::has_sei(run.bytes(), 144, {0, 0, 0, 0}));
  EXPECT_EQ(run.settings.hdr, config.hdr);
}

TEST(X265, StrictCbrHasHrdCbrFlagAndFillers) {
  EncoderConfig config = hevc_config(320, 192);
  config.rate = {RateControl::Mode::kCbr, 0, 0, 60'000'000, 0, 30'000'000};
  config.access_unit_delimiters = true;
  const Coded run = run_encoder("x265", config, 60);
  EXPECT_TRUE(run.settings.hrd);
  EXPECT_TRUE(run.settings.cbr_flag);
  EXPECT_TRUE(run.settings.fillers);
  EXPECT_EQ(run.settings.rate.mode, RateControl::Mode::kCbr);
  EXPECT_EQ(run.settings.rate.bitrate_bits_per_s, 60'000'000);
  EXPECT_EQ(run.settings.rate.maxrate_bits_per_s, 60'000'000);
  EXPECT_EQ(run.settings.rate.bufsize_bits, 30'000'000);
  int fillers = 0;
  for (const auto& nal : test::split_nals(run.bytes())) fillers += nal.type == 38 ? 1 : 0;
  EXPECT_GT(fillers, 0);
  for (const Packet& packet : run.packets) {
    EXPECT_EQ(test::split_nals(*packet.data).front().type, 35) << "access unit delimiter first";
  }
  const auto bytes = run.bytes();
  EXPECT_EQ(test::count_sei(bytes, 0), 6) << "a buffering period at every IDR";
  EXPECT_EQ(test::count_sei(bytes, 1), 60) << "picture timing in every access unit";
  const double rate = static_cast<double>(bytes.size()) * 8 * 50 / 60;
  EXPECT_NEAR(rate, 60e6, 6e6);
}

// Longer than its buffer holds the messages of the HRD, which x265 leaves out of its own model.
TEST(X265, StrictCbrStaysAtItsRate) {
  EncoderConfig config = hevc_config(320, 180);
  config.rate = {RateControl::Mode::kCbr, 0, 0, 1'000'000, 0, 100'000};
  config.gop_frames = 50;
  config.access_unit_delimiters = true;
  constexpr int kFrames = 4000;
  auto encoder = (*find_encoder("x265"))->open(config, Log());
  ASSERT_TRUE(encoder.ok()) << encoder.error().message;
  Plan plan;
  plan.kind = ContainerKind::kByteStream;
  plan.encoder = config;
  plan.video = (*encoder)->settings();
  const auto judge = verify::open_judge(ContainerKind::kByteStream);
  // Where a filler ends the buffer is full: there, and only there, the bits sent are known to the bit.
  constexpr std::int64_t kBitsAFrame = 1'000'000 / 50;
  std::int64_t bits = 0, units = 0, highest = INT64_MIN, last = 0;
  std::optional<std::int64_t> first;
  const PacketSink sink = [&](const Packet& packet) {
    judge->feed(*packet.data);
    bool filled = false;
    for (const test::Nal& nal : test::split_nals(*packet.data)) {
      bits += static_cast<std::int64_t>(nal.bytes.size()) * 8;
      filled = filled || nal.type == 38;
    }
    last = bits - ++units * kBitsAFrame;
    if (filled && !first) first = last;
    if (filled) highest = std::max(highest, last);
    return Status();
  };
  const FramePool pool = test::make_pool(config);
  std::vector<Frame> pictures;
  for (int i = 0; i < 8; ++i) pictures.push_back(test::make_frame(pool, i / 4));
  for (std::size_t i = 0; i < kFrames; ++i) {
    ASSERT_TRUE((*encoder)->encode(pictures[i / 20 % pictures.size()], false, sink).ok());
  }
  ASSERT_TRUE((*encoder)->flush(sink).ok());
  ASSERT_TRUE(first);
  EXPECT_LE(highest - *first, 8);
  EXPECT_LE(std::abs(last - *first), 100'000) << "more than the buffer holds";
  const verify::RunFacts run{.frames = kFrames, .audio_packets = {}, .audio_gaps = {}, .forced_keys = {}};
  for (const std::string& failure : judge->finish(&plan, &run).failures()) ADD_FAILURE() << failure;
}

TEST(X265, OtherCappedModesSignalNoConstantRate) {
  EncoderConfig config = hevc_config(320, 192);
  config.rate = {RateControl::Mode::kVbr, 0, 0, 2'000'000, 2'000'000, 2'000'000};
  config.hrd = true;
  auto planned = (*find_encoder("x265"))->plan(config);
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  EXPECT_TRUE(planned->hrd);
  EXPECT_FALSE(planned->cbr_flag);
  EXPECT_FALSE(planned->fillers);
  EXPECT_EQ(planned->rate.maxrate_bits_per_s, 2'000'000);
  EXPECT_LT(planned->rate.bitrate_bits_per_s, 2'000'000);
  config.rate = {RateControl::Mode::kCrf, 23, 0, 0, 3'000'000, 3'000'000};
  planned = (*find_encoder("x265"))->plan(config);
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  EXPECT_EQ(planned->rate.mode, RateControl::Mode::kCrf);
  EXPECT_EQ(planned->rate.crf, 23);
  EXPECT_FALSE(planned->cbr_flag);
}

TEST(X265, ConstantQp) {
  EncoderConfig config = hevc_config(320, 192);
  config.rate = {RateControl::Mode::kQp, 0, 22, 0, 0, 0};
  const Coded low = run_encoder("x265", config, 10);
  EXPECT_EQ(low.settings.rate.mode, RateControl::Mode::kQp);
  EXPECT_EQ(low.settings.rate.qp, 22);
  config.rate.qp = 40;
  EXPECT_LT(run_encoder("x265", config, 10).bytes().size() * 2, low.bytes().size());
}

TEST(X265, DepthsAndChromas) {
  for (const int depth : {8, 10, 12}) {
    for (const Chroma chroma : {Chroma::k400, Chroma::k420, Chroma::k422, Chroma::k444}) {
      EncoderConfig config = hevc_config(192, 128);
      config.format = {chroma, depth};
      const Coded run = run_encoder("x265", config, 6);
      EXPECT_EQ(run.packets.size(), 6u) << describe(config.format);
      EXPECT_EQ(run.settings.format, config.format);
      EXPECT_NE(run.settings.profile, "none") << describe(config.format);
    }
  }
}

TEST(X265, SlicesAreThoseOfTheX265Program) {
  if (!test::program_exists("x265")) GTEST_SKIP() << "no x265 program to compare with";
  for (const char* preset : {"ultrafast", "medium"}) {
    EncoderConfig config = hevc_config(640, 360);
    config.format.depth = 10;
    config.speed = preset;
    config.rate.crf = 24;
    config.gop_frames = 25;
    config.total_frames = 60;
    const auto ours = run_encoder("x265", config, 60);
    const std::string source = test::write_y4m(config, 60, "x265.y4m");
    const std::string coded = test::temporary("x265.hevc");
    ASSERT_EQ(test::shell(fmt::format(
                  "x265 --input {} --output-depth 10 --preset {} --crf 24 --keyint 25 --min-keyint 25 --no-scenecut "
                  "--no-open-gop --frame-threads {} --lookahead-slices {} --pools 2 -o {} > /dev/null 2>&1",
                  source, preset, ours.settings.native.at("frame-threads"), ours.settings.native.at("lookahead-slices"),
                  coded)),
              0);
    const auto theirs = test::slices_of(test::read_file(coded));
    ASSERT_EQ(theirs.size(), 60u);
    const auto slices = test::slices_of(ours.bytes());
    ASSERT_EQ(slices.size(), theirs.size());
    for (std::size_t i = 0; i < slices.size(); ++i) {
      ASSERT_TRUE(slices[i] == theirs[i])
          << preset << ": slice " << i << " of " << slices[i].size() << " and " << theirs[i].size() << " bytes";
    }
  }
}

TEST(X265, AnOpenRateIsSaidWhilePlanning) { test::expect_open_rate_is_said("x265", hevc_config(1920, 1080)); }

TEST(X265, PlanSaysWhatOpenDoes) {
  EncoderConfig config = hdr10_config();
  config.width = 1920;
  config.height = 1080;
  config.rate = {RateControl::Mode::kVbr, 0, 0, 8'000'000, 10'000'000, 10'000'000};
  config.hrd = true;
  config.params = {{"bframes", "3"}, {"aq-mode", "2"}};
  const auto planned = (*find_encoder("x265"))->plan(config);
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  const auto opened = (*find_encoder("x265"))->open(config, Log());
  ASSERT_TRUE(opened.ok());
  const EncoderSettings& settings = (*opened)->settings();
  EXPECT_EQ(planned->native, settings.native);
  EXPECT_EQ(planned->level_idc, settings.level_idc);
  EXPECT_EQ(planned->tier, settings.tier);
  EXPECT_EQ(planned->rate, settings.rate);
  EXPECT_EQ(planned->memory_bytes, settings.memory_bytes);
  EXPECT_EQ(planned->level_idc, 123) << "1080p50";
  EXPECT_EQ(planned->b_frames, 3);
  EXPECT_EQ(planned->native.at("aq-mode"), "2");
}

struct LevelCase {
  int width, height, fps;
  std::int64_t maxrate;
  int level_idc;
  Tier tier;
};

TEST(X265, LevelAndTierAreChosenAndWritten) {
  const LevelCase cases[] = {
      {7680, 4320, 60, 0, 183, Tier::kMain},           {7680, 4320, 60, 100'000'000, 183, Tier::kMain},
      {7680, 4320, 60, 200'000'000, 183, Tier::kHigh}, {7680, 4320, 120, 0, 186, Tier::kMain},
      {3840, 2160, 60, 30'000'000, 153, Tier::kMain},  {3840, 2160, 60, 80'000'000, 153, Tier::kHigh},
      {3840, 2160, 120, 0, 156, Tier::kMain},          {1920, 1080, 60, 0, 123, Tier::kMain},
  };
  for (const LevelCase& item : cases) {
    EncoderConfig config = hevc_config(item.width, item.height);
    config.frame_rate = {item.fps, 1};
    config.rate.maxrate_bits_per_s = item.maxrate;
    config.rate.bufsize_bits = item.maxrate;
    const auto planned = (*find_encoder("x265"))->plan(config);
    ASSERT_TRUE(planned.ok()) << planned.error().message;
    EXPECT_EQ(planned->level_idc, item.level_idc) << item.width << "p" << item.fps << " " << item.maxrate;
    EXPECT_EQ(planned->tier, item.tier) << item.width << "p" << item.fps << " " << item.maxrate;
  }
}

TEST(X265, ALevelAskedForIsSignalled) {
  EncoderConfig config = hevc_config(1920, 1080);
  config.rate = {RateControl::Mode::kVbr, 0, 0, 8'000'000, 10'000'000, 10'000'000};
  config.level_idc = 153;
  auto planned = (*find_encoder("x265"))->plan(config);
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  EXPECT_EQ(planned->level_idc, 153);
  // CRF: the level's own limits become the cap, because a level is a promise about the rate.
  config.rate = {RateControl::Mode::kCrf, 28, 0, 0, 0, 0};
  planned = (*find_encoder("x265"))->plan(config);
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  EXPECT_EQ(planned->level_idc, 153);
  EXPECT_GT(planned->rate.maxrate_bits_per_s, 0);
  // The level x265 would signal anyway changes nothing.
  config.level_idc = 123;
  planned = (*find_encoder("x265"))->plan(config);
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  EXPECT_EQ(planned->rate.maxrate_bits_per_s, 0);
}

struct Refusal {
  const char* what;
  void (*change)(EncoderConfig& config);
  ErrorCode code;
  const char* words;  // in the message
};

TEST(X265, RefusesWithTheReason) {
  using Mode = RateControl::Mode;
  const Refusal refusals[] = {
      {"level",
       [](EncoderConfig& c) {
         c.width = 7680, c.height = 4320, c.frame_rate = {60, 1}, c.level_idc = 153;
       },
       ErrorCode::kNotPossible, "needs HEVC level 6.1; --level 5.1 allows at most 8912896 luma samples"},
      {"no level at all",
       [](EncoderConfig& c) {
         c.width = 7680, c.height = 4320, c.frame_rate = {240, 1};
       },
       ErrorCode::kNotPossible, "fits no level of HEVC"},
      {"no such level", [](EncoderConfig& c) { c.level_idc = 154; }, ErrorCode::kUsage, "the levels are"},
      {"unknown param",
       [](EncoderConfig& c) {
         c.params = {{"warp-speed", "9"}};
       },
       ErrorCode::kUsage, "warp-speed"},
      {"bad value",
       [](EncoderConfig& c) {
         c.params = {{"bframes", "many"}};
       },
       ErrorCode::kUsage, "bframes=many"},
      {"value out of range",
       [](EncoderConfig& c) {
         c.params = {{"sao", "1"}, {"bframes", "99"}};
       },
       ErrorCode::kNotPossible, "bframes=99"},
      {"preset", [](EncoderConfig& c) { c.speed = "warp"; }, ErrorCode::kUsage, "ultrafast"},
      {"preset param",
       [](EncoderConfig& c) {
         c.params = {{"preset", "warp"}};
       },
       ErrorCode::kUsage, "ultrafast"},
      {"tune", [](EncoderConfig& c) { c.tune = "music"; }, ErrorCode::kUsage, "grain"},
      {"profile", [](EncoderConfig& c) { c.profile = "main", c.format.depth = 10; }, ErrorCode::kNotPossible, "main"},
      {"picture size by param",
       [](EncoderConfig& c) {
         c.params = {{"input-res", "64x64"}};
       },
       ErrorCode::kUsage, "--size"},
      {"log level",
       [](EncoderConfig& c) {
         c.params = {{"log-level", "full"}};
       },
       ErrorCode::kUsage, "log"},
      {"hrd without buffer", [](EncoderConfig& c) { c.hrd = true; }, ErrorCode::kUsage, "--bufsize"},
      {"maxrate below bitrate", [](EncoderConfig& c) { c.rate = {Mode::kVbr, 0, 0, 2'000'000, 1'000'000, 1'000'000}; },
       ErrorCode::kUsage, "--maxrate"},
      {"depth", [](EncoderConfig& c) { c.format.depth = 16; }, ErrorCode::kNotPossible, "16-bit"},
      {"codec", [](EncoderConfig& c) { c.codec = Codec::kAv1; }, ErrorCode::kNotPossible, "av1"},
      {"tiny", [](EncoderConfig& c) { c.width = 16, c.height = 16; }, ErrorCode::kNotPossible, "coding tree unit"},
      {"odd", [](EncoderConfig& c) { c.width = 321; }, ErrorCode::kNotPossible, "even"},
      {"gop", [](EncoderConfig& c) { c.gop_frames = 0; }, ErrorCode::kUsage, "--gop"},
      {"high tier without need",
       [](EncoderConfig& c) {
         c.rate = {Mode::kVbr, 0, 0, 2'000'000, 2'000'000, 2'000'000}, c.width = 1920, c.height = 1080,
         c.tier = Tier::kHigh;
       },
       ErrorCode::kNotPossible, "High tier"},
      {"qp with a higher level", [](EncoderConfig& c) { c.rate = {Mode::kQp, 0, 30, 0, 0, 0}, c.level_idc = 186; },
       ErrorCode::kNotPossible, "--qp"},
  };
  for (const Refusal& refusal : refusals) {
    EncoderConfig config = hevc_config(320, 192);
    refusal.change(config);
    const auto planned = (*find_encoder("x265"))->plan(config);
    ASSERT_FALSE(planned.ok()) << refusal.what;
    EXPECT_EQ(planned.error().code, refusal.code) << refusal.what << ": " << planned.error().message;
    EXPECT_NE(planned.error().message.find(refusal.words), std::string::npos)
        << refusal.what << ": " << planned.error().message;
  }
}

TEST(X265, ParametersWinOverTheConfig) {
  EncoderConfig config = hevc_config(320, 192);
  config.params = {{"preset", "superfast"}, {"tune", "psnr"}, {"keyint", "5"},
                   {"min-keyint", "5"},     {"crf", "35"},    {"no-sao", ""}};
  const auto planned = (*find_encoder("x265"))->plan(config);
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  EXPECT_EQ(planned->gop_frames, 5);
  EXPECT_EQ(planned->rate.crf, 35);
  EXPECT_EQ(planned->native.at("preset"), "superfast");
  EXPECT_EQ(planned->native.at("sao"), "0");
}

TEST(X265, SaysNothingOnItsOwn) {
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  EncoderConfig config = hevc_config(320, 192);
  config.rate = {RateControl::Mode::kVbr, 0, 0, 200'000, 300'000, 100'000};
  config.hrd = true;
  run_encoder("x265", config, 12);
  config.params = {{"bframes", "99"}};
  EXPECT_FALSE((*find_encoder("x265"))->plan(config).ok());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(X265, TwoEncodersAtOnce) {
  const auto backend = *find_encoder("x265");
  EncoderConfig config = hevc_config(320, 192);
  auto one = backend->open(config, Log());
  config.format.depth = 10;
  auto two = backend->open(config, Log());
  ASSERT_TRUE(one.ok() && two.ok());
  one = backend->open(hevc_config(192, 128), Log());  // closes the first while the second lives
  int packets = 0;
  const PacketSink sink = [&](Packet) {
    ++packets;
    return Status();
  };
  const FramePool pool = test::make_pool(config);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE((*two)->encode(test::make_frame(pool, i), false, sink).ok());
  ASSERT_TRUE((*two)->flush(sink).ok());
  EXPECT_EQ(packets, 5);
}

TEST(X265, AWrongFrameIsRefused) {
  auto encoder = (*find_encoder("x265"))->open(hevc_config(320, 192), Log());
  ASSERT_TRUE(encoder.ok());
  const FramePool pool = test::make_pool(hevc_config(192, 128));
  EXPECT_FALSE((*encoder)->encode(test::make_frame(pool, 0), false, [](Packet) { return Status(); }).ok());
}

TEST(X265, ASinkThatFailsStopsTheEncoder) {
  auto encoder = (*find_encoder("x265"))->open(hevc_config(320, 192), Log());
  ASSERT_TRUE(encoder.ok());
  const PacketSink sink = [](Packet) { return Status(make_error(ErrorCode::kOutput, "disk full")); };
  const FramePool pool = test::make_pool(hevc_config(320, 192));
  Status status;
  for (int i = 0; i < 20 && status.ok(); ++i) status = (*encoder)->encode(test::make_frame(pool, i), false, sink);
  if (status.ok()) status = (*encoder)->flush(sink);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "disk full");
}

}  // namespace
}  // namespace jinsha
