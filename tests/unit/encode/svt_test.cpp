// SVT-AV1 through its own API: the bits, the time stamps, what is read back.
// Over 400 lines: one back end, tested side by side.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <set>

#include "encode/av1_headers.h"
#include "encode/encode_helper.h"

namespace jinsha {
namespace {

using test::av1_config;
using test::Coded;
using test::run_encoder;

std::vector<std::int64_t> key_pts(const Coded& run) {
  std::vector<std::int64_t> keys;
  for (const Packet& packet : run.packets) {
    if (packet.key) keys.push_back(packet.pts);
  }
  return keys;
}

struct Obu {
  int type = 0;
  std::vector<std::uint8_t> payload;
};

std::vector<Obu> split_obus(const std::vector<std::uint8_t>& data) {
  std::vector<Obu> obus;
  std::size_t i = 0;
  while (i < data.size()) {
    Obu obu;
    obu.type = (data[i] >> 3) & 15;
    EXPECT_TRUE(data[i] & 2) << "every OBU of a low-overhead stream here has a size";
    i += data[i] & 4 ? 2 : 1;
    std::size_t size = 0;
    for (int shift = 0; i < data.size(); shift += 7) {
      const std::uint8_t byte = data[i++];
      size |= static_cast<std::size_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) break;
    }
    if (i + size > data.size()) {
      ADD_FAILURE() << "an OBU ends behind its temporal unit";
      return obus;
    }
    obu.payload.assign(data.begin() + static_cast<std::ptrdiff_t>(i),
                       data.begin() + static_cast<std::ptrdiff_t>(i + size));
    obus.push_back(std::move(obu));
    i += size;
  }
  return obus;
}

EncoderConfig hdr10_config() {
  EncoderConfig config = av1_config(320, 192);
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

TEST(SvtAv1, EveryFrameComesOutOnceInTemporalUnits) {
  EncoderConfig config = av1_config(320, 192);
  config.gop_frames = 16;
  const Coded run = run_encoder("svt-av1", config, 40);
  ASSERT_EQ(run.packets.size(), 40u);
  for (std::size_t i = 0; i < run.packets.size(); ++i) {
    const Packet& packet = run.packets[i];
    EXPECT_EQ(packet.pts, static_cast<std::int64_t>(i));
    EXPECT_EQ(packet.dts, packet.pts);
    const auto obus = split_obus(*packet.data);
    ASSERT_FALSE(obus.empty());
    EXPECT_EQ(obus.front().type, 2) << "temporal delimiter first, packet " << i;
    int delimiters = 0;
    for (const Obu& obu : obus) delimiters += obu.type == 2 ? 1 : 0;
    EXPECT_EQ(delimiters, 1);
    bool sequence_header = false;
    for (const Obu& obu : obus) sequence_header |= obu.type == 1;
    EXPECT_EQ(sequence_header, packet.key) << "packet " << i;
  }
  EXPECT_EQ(key_pts(run), (std::vector<std::int64_t>{0, 16, 32}));
  EXPECT_TRUE(run.settings.closed_gop);
  EXPECT_EQ(run.settings.gop_frames, 16);
}

TEST(SvtAv1, GopsOfEveryLengthAreFixed) {
  for (const int gop : {2, 7, 25, 50}) {
    EncoderConfig config = av1_config(192, 128);
    config.gop_frames = gop;
    const Coded run = run_encoder("svt-av1", config, 60);
    std::vector<std::int64_t> expected;
    for (int i = 0; i < 60; i += gop) expected.push_back(i);
    EXPECT_EQ(key_pts(run), expected) << "gop " << gop;
    EXPECT_EQ(run.packets.size(), 60u) << "gop " << gop;
  }
}

TEST(SvtAv1, ForcedKeyFramesLeaveTheGridInPlace) {
  for (const auto mode : {RateControl::Mode::kCrf, RateControl::Mode::kQp}) {
    EncoderConfig config = av1_config(192, 128);
    config.gop_frames = 20;
    config.rate.mode = mode;
    config.rate.qp = 40;
    config.keyframes = {13};
    const Coded run = run_encoder("svt-av1", config, 70, {45});
    EXPECT_EQ(key_pts(run), (std::vector<std::int64_t>{0, 13, 20, 40, 45, 60}));
    EXPECT_EQ(run.packets.size(), 70u);
  }
}

TEST(SvtAv1, BitsRepeatAndDoNotDependOnThreads) {
  for (const auto mode : {RateControl::Mode::kCrf, RateControl::Mode::kQp}) {
    EncoderConfig config = av1_config(416, 240);
    config.rate.mode = mode;
    config.rate.qp = 40;
    config.speed = "10";
    config.gop_frames = 32;
    const auto bits = run_encoder("svt-av1", config, 50).bytes();
    EXPECT_TRUE(run_encoder("svt-av1", config, 50).bytes() == bits);
    for (const int threads : {1, 4}) {
      config.threads = threads;
      EXPECT_TRUE(run_encoder("svt-av1", config, 50).bytes() == bits) << threads << " threads";
    }
  }
}

TEST(SvtAv1, HdrMetadataAndColourAreInTheBitstream) {
  const EncoderConfig config = hdr10_config();
  const Coded run = run_encoder("svt-av1", config, 21);
  // metadata_type, then the payload of AV1 6.7.3 and 6.7.4, then the trailing bit.
  const std::vector<std::uint8_t> light = {1, 0x03, 0xE8, 0x01, 0x90, 0x80};
  const std::vector<std::uint8_t> display = {2,    0xAE, 0x14, 0x51, 0xEC,  // R 44564 20972
                                             0x43, 0xD7, 0xB0, 0xA4,        // G 17367 45220
                                             0x26, 0x66, 0x0F, 0x5C,        // B 9830 3932
                                             0x50, 0x0D, 0x54, 0x39,        // white point 20493 21561
                                             0x00, 0x03, 0xE8, 0x00, 0,    0, 0, 2, 0x80};
  int lights = 0;
  int displays = 0;
  for (const Packet& packet : run.packets) {
    for (const Obu& obu : split_obus(*packet.data)) {
      if (obu.type != 5) continue;
      lights += obu.payload == light ? 1 : 0;
      displays += obu.payload == display ? 1 : 0;
      EXPECT_TRUE(packet.key);
    }
  }
  EXPECT_EQ(lights, 3) << "one at every key frame";
  EXPECT_EQ(displays, 3);
  const auto header = read_av1_sequence_header(*run.headers);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->color, config.color);
  EXPECT_EQ(header->depth, 10);
  EXPECT_EQ(header->width, 320);
  EXPECT_EQ(run.settings.color, config.color);
  EXPECT_EQ(run.settings.hdr, config.hdr);
  ASSERT_NE(run.final_headers, nullptr);
  const auto final_header = read_av1_sequence_header(*run.final_headers);
  ASSERT_TRUE(final_header.has_value());
  EXPECT_EQ(final_header->color, header->color);
  EXPECT_EQ(final_header->level_idx, header->level_idx);
  // What a container is given in the end is what stands in the stream, at every key frame.
  for (const Packet& packet : run.packets) {
    for (const Obu& obu : split_obus(*packet.data)) {
      if (obu.type == 1) {
        EXPECT_EQ(obu.payload, split_obus(*run.final_headers).front().payload);
      }
    }
  }
}

TEST(SvtAv1, HdrMetadataIsReadBack) {
  EncoderConfig config = hdr10_config();
  config.hdr.mastering_display->max_luminance = 10001;  // no whole step of the stream
  config.hdr.content_light.reset();
  const auto plan = [&] { return (*find_encoder("svt-av1"))->plan(config); };
  auto planned = plan();
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  EXPECT_EQ(planned->hdr, config.hdr);
  config.params = {{"mastering-display", "G(0.265,0.69)B(0.15,0.06)R(0.68,0.32)WP(0.3127,0.329)L(4000,0.005)"},
                   {"content-light", "700,300"}};
  planned = plan();
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  MasteringDisplay display;
  display.primaries_rgb = {{{34000, 16000}, {13250, 34500}, {7500, 3000}}};
  display.white_point = {15635, 16450};
  display.max_luminance = 40'000'000;
  display.min_luminance = 50;
  ASSERT_TRUE(planned->hdr.mastering_display);
  EXPECT_EQ(mastering_display_text(*planned->hdr.mastering_display), mastering_display_text(display));
  EXPECT_EQ(planned->hdr.content_light, (ContentLight{700, 300}));
}

TEST(SvtAv1, NoMetadataIsWrittenWhenNoneIsAskedFor) {
  const Coded run = run_encoder("svt-av1", av1_config(192, 128), 12);
  for (const Packet& packet : run.packets) {
    for (const Obu& obu : split_obus(*packet.data)) EXPECT_NE(obu.type, 5);
  }
}

TEST(SvtAv1, VariableRateMeetsItsTarget) {
  EncoderConfig config = av1_config(416, 240);
  config.rate = {RateControl::Mode::kVbr, 0, 0, 1'000'000, 0, 0};
  config.gop_frames = 50;
  config.speed = "10";
  const Coded run = run_encoder("svt-av1", config, 150);
  EXPECT_EQ(run.packets.size(), 150u);
  EXPECT_EQ(run.settings.rate.mode, RateControl::Mode::kVbr);
  EXPECT_EQ(run.settings.rate.bitrate_bits_per_s, 1'000'000);
  EXPECT_EQ(key_pts(run), (std::vector<std::int64_t>{0, 50, 100}));
  const double rate = static_cast<double>(run.bytes().size()) * 8 * 50 / 150;
  EXPECT_GT(rate, 0.5e6);
  EXPECT_LT(rate, 1.6e6);
}

TEST(SvtAv1, CappedCrfCostsLess) {
  EncoderConfig config = av1_config(416, 240);
  config.rate.crf = 20;
  config.gop_frames = 50;
  config.speed = "10";
  const auto free = run_encoder("svt-av1", config, 100).bytes().size();
  config.rate.maxrate_bits_per_s = 1'000'000;
  const Coded capped = run_encoder("svt-av1", config, 100);
  EXPECT_EQ(capped.settings.rate.mode, RateControl::Mode::kCrf);
  EXPECT_EQ(capped.settings.rate.maxrate_bits_per_s, 1'000'000);
  EXPECT_LT(capped.bytes().size(), free);
}

TEST(SvtAv1, BitsAreThoseOfTheSvtAv1Program) {
  if (!test::program_exists("SvtAv1EncApp")) GTEST_SKIP() << "no SvtAv1EncApp to compare with";
  for (const char* preset : {"8", "12"}) {
    EncoderConfig config = av1_config(640, 360);
    config.format.depth = 10;
    config.speed = preset;
    config.rate.crf = 40;
    config.gop_frames = 33;
    const Coded ours = run_encoder("svt-av1", config, 40);
    const std::string source = test::write_y4m(config, 40, "svt.y4m");
    const std::string coded = test::temporary("svt.ivf");
    const std::string level = ours.settings.native.at("level");  // in tenths
    ASSERT_EQ(test::shell(fmt::format("SvtAv1EncApp -i {} --preset {} --crf 40 --keyint 33 --irefresh-type 2 --lp {} "
                                      "--level {}.{} -b {} > /dev/null 2>&1",
                                      source, preset, ours.settings.native.at("lp"), level[0], level[1], coded)),
              0);
    const auto ivf = test::read_file(coded);
    std::vector<std::uint8_t> theirs;
    for (std::size_t i = 32; i + 12 <= ivf.size();) {  // file header, then 12 bytes before each temporal unit
      const std::size_t size = ivf[i] | ivf[i + 1] << 8 | ivf[i + 2] << 16 | static_cast<std::size_t>(ivf[i + 3]) << 24;
      ASSERT_LE(i + 12 + size, ivf.size());
      theirs.insert(theirs.end(), ivf.begin() + static_cast<std::ptrdiff_t>(i + 12),
                    ivf.begin() + static_cast<std::ptrdiff_t>(i + 12 + size));
      i += 12 + size;
    }
    EXPECT_TRUE(ours.bytes() == theirs) << "preset " << preset << ": " << ours.bytes().size() << " and "
                                        << theirs.size() << " bytes";
  }
}

TEST(SvtAv1, LevelAndTierAreChosenAndWritten) {
  struct Case {
    int width, height, fps;
    std::int64_t maxrate;
    int level_idx;
    Tier tier;
  };
  for (const Case& item : {Case{7680, 4320, 60, 0, 17, Tier::kMain}, Case{3840, 2160, 60, 0, 13, Tier::kMain},
                           Case{3840, 2160, 60, 80'000'000, 13, Tier::kHigh}, Case{1920, 1080, 60, 0, 9, Tier::kMain},
                           Case{320, 192, 25, 0, 0, Tier::kMain}}) {
    EncoderConfig config = av1_config(item.width, item.height);
    config.frame_rate = {item.fps, 1};
    config.rate.maxrate_bits_per_s = item.maxrate;
    const auto planned = (*find_encoder("svt-av1"))->plan(config);
    ASSERT_TRUE(planned.ok()) << planned.error().message;
    EXPECT_EQ(planned->level_idc, item.level_idx) << item.width << "p" << item.fps;
    EXPECT_EQ(planned->tier, item.tier) << item.width << "p" << item.fps << " " << item.maxrate;
  }
  EncoderConfig config = av1_config(1920, 1080);
  config.level_idc = 13;
  const auto planned = (*find_encoder("svt-av1"))->plan(config);
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  EXPECT_EQ(planned->level_idc, 13);
}

TEST(SvtAv1, AnOpenRateIsSaidWhilePlanning) { test::expect_open_rate_is_said("svt-av1", av1_config(1920, 1080)); }

TEST(SvtAv1, PlanSaysWhatOpenDoes) {
  EncoderConfig config = hdr10_config();
  config.width = 1280;
  config.height = 720;
  config.params = {{"tile-columns", "1"}, {"tune", "1"}};
  const auto planned = (*find_encoder("svt-av1"))->plan(config);
  ASSERT_TRUE(planned.ok()) << planned.error().message;
  const auto opened = (*find_encoder("svt-av1"))->open(config, Log());
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ((*opened)->settings().native, planned->native);
  EXPECT_EQ((*opened)->settings().level_idc, planned->level_idc);
  EXPECT_EQ((*opened)->settings().rate, planned->rate);
  EXPECT_EQ((*opened)->settings().color, planned->color);
  EXPECT_EQ((*opened)->settings().memory_bytes, planned->memory_bytes);
  EXPECT_EQ(planned->native.at("tile-columns"), "1");
}

struct Refusal {
  const char* what;
  void (*change)(EncoderConfig& config);
  ErrorCode code;
  const char* words;  // in the message
};

TEST(SvtAv1, RefusesWithTheReason) {
  using Mode = RateControl::Mode;
  const Refusal refusals[] = {
      {"4:2:2", [](EncoderConfig& c) { c.format.chroma = Chroma::k422; }, ErrorCode::kNotPossible, "4:2:2"},
      {"12 bit", [](EncoderConfig& c) { c.format.depth = 12; }, ErrorCode::kNotPossible, "12-bit"},
      {"cbr", [](EncoderConfig& c) { c.rate = {Mode::kCbr, 0, 0, 2'000'000, 0, 0}; }, ErrorCode::kNotPossible,
       "constant bit rate"},
      {"hrd", [](EncoderConfig& c) { c.hrd = true; }, ErrorCode::kNotPossible, "HRD"},
      {"maxrate with bitrate", [](EncoderConfig& c) { c.rate = {Mode::kVbr, 0, 0, 2'000'000, 4'000'000, 0}; },
       ErrorCode::kNotPossible, "--maxrate"},
      {"too much", [](EncoderConfig& c) { c.rate = {Mode::kVbr, 0, 0, 120'000'000, 0, 0}; }, ErrorCode::kNotPossible,
       "100000000"},
      {"too high a cap", [](EncoderConfig& c) { c.rate.maxrate_bits_per_s = 120'000'000; }, ErrorCode::kNotPossible,
       "100000000"},
      {"forced keys with bitrate",
       [](EncoderConfig& c) { c.rate = {Mode::kVbr, 0, 0, 2'000'000, 0, 0}, c.keyframes = {5}; },
       ErrorCode::kNotPossible, "forced key frames"},
      {"fractional crf", [](EncoderConfig& c) { c.rate.crf = 30.5; }, ErrorCode::kUsage, "whole numbers"},
      {"preset", [](EncoderConfig& c) { c.speed = "medium"; }, ErrorCode::kUsage, "preset"},
      {"slow 8K", [](EncoderConfig& c) { c.width = 7680, c.height = 4320, c.speed = "6"; }, ErrorCode::kNotPossible,
       "presets 8"},
      {"level",
       [](EncoderConfig& c) {
         c.width = 7680, c.height = 4320, c.frame_rate = {60, 1}, c.level_idc = 13;
       },
       ErrorCode::kNotPossible, "needs AV1 level 6.1; --level 5.1 allows at most 8912896"},
      {"unknown param",
       [](EncoderConfig& c) {
         c.params = {{"warp-speed", "9"}};
       },
       ErrorCode::kUsage, "no such parameter"},
      {"bad value",
       [](EncoderConfig& c) {
         c.params = {{"film-grain", "lots"}};
       },
       ErrorCode::kUsage, "does not take this value"},
      {"value out of range",
       [](EncoderConfig& c) {
         c.params = {{"scm", "1"}, {"film-grain", "99"}};
       },
       ErrorCode::kNotPossible, "film-grain=99"},
      {"size by param",
       [](EncoderConfig& c) {
         c.params = {{"width", "64"}};
       },
       ErrorCode::kUsage, "--size"},
      {"auto gop by param",
       [](EncoderConfig& c) {
         c.params = {{"keyint", "-2"}};
       },
       ErrorCode::kUsage, "keyint"},
      {"gop by param",
       [](EncoderConfig& c) {
         c.params = {{"keyint", "long"}};
       },
       ErrorCode::kUsage, "keyint=long"},
      {"cbr by param",
       [](EncoderConfig& c) {
         c.params = {{"rc", "2"}};
       },
       ErrorCode::kNotPossible, "constant bit rate"},
      {"codec", [](EncoderConfig& c) { c.codec = Codec::kHevc; }, ErrorCode::kNotPossible, "hevc"},
      {"tiny", [](EncoderConfig& c) { c.width = 32, c.height = 32; }, ErrorCode::kNotPossible, "64x64"},
      {"key frames only", [](EncoderConfig& c) { c.gop_frames = 1; }, ErrorCode::kNotPossible, "--gop"},
      {"profile", [](EncoderConfig& c) { c.profile = "high"; }, ErrorCode::kNotPossible, "main"},
  };
  for (const Refusal& refusal : refusals) {
    EncoderConfig config = av1_config(320, 192);
    refusal.change(config);
    const auto planned = (*find_encoder("svt-av1"))->plan(config);
    ASSERT_FALSE(planned.ok()) << refusal.what;
    EXPECT_EQ(planned.error().code, refusal.code) << refusal.what << ": " << planned.error().message;
    EXPECT_NE(planned.error().message.find(refusal.words), std::string::npos)
        << refusal.what << ": " << planned.error().message;
  }
}

TEST(SvtAv1, SaysNothingOnItsOwn) {
  if (const char* level = std::getenv("SVT_LOG"); level != nullptr && std::string(level) != "-1") {
    GTEST_SKIP() << "SVT_LOG is set by the user";
  }
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  run_encoder("svt-av1", av1_config(192, 128), 12);
  EncoderConfig config = av1_config(192, 128);
  config.params = {{"film-grain", "99"}};
  EXPECT_FALSE((*find_encoder("svt-av1"))->plan(config).ok());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(SvtAv1, ClosesWithoutFramesAndInTheMiddle) {
  const auto backend = *find_encoder("svt-av1");
  const EncoderConfig config = av1_config(192, 128);
  const PacketSink sink = [](Packet) { return Status(); };
  {
    auto unused = backend->open(config, Log());
    ASSERT_TRUE(unused.ok());
  }
  {
    auto empty = backend->open(config, Log());
    ASSERT_TRUE(empty.ok());
    EXPECT_TRUE((*empty)->flush(sink).ok());
  }
  auto stopped = backend->open(config, Log());
  ASSERT_TRUE(stopped.ok());
  const FramePool pool = test::make_pool(config);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE((*stopped)->encode(test::make_frame(pool, i), false, sink).ok());
}

TEST(SvtAv1, SequenceHeadersThatEndEarlyAreNotRead) {
  const Coded run = run_encoder("svt-av1", av1_config(192, 128), 2);
  ASSERT_NE(run.headers, nullptr);
  for (std::size_t size = 0; size < run.headers->size(); ++size) {
    const std::vector<std::uint8_t> cut(run.headers->begin(), run.headers->begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(read_av1_sequence_header(cut).has_value()) << size;
  }
}

}  // namespace
}  // namespace jinsha
