// NVENC without a device: the options against libavcodec's own tables, the packing of samples, and
// why it cannot be used.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdint>  // before libavutil, which asks for UINT64_C

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/opt.h>
}

#include <unistd.h>
#include <climits>
#include <cstdlib>

#include "encode/encode_helper.h"
#include "encode/nvenc_frames.h"
#include "encode/nvenc_options.h"
#include "encode/nvenc_system.h"
#include "libav/handles.h"

namespace jinsha {
namespace {

EncoderConfig nvenc_config(Codec codec) {
  EncoderConfig config = test::hevc_config(3840, 2160);
  config.encoder = "nvenc";
  config.codec = codec;
  config.speed = "p5";
  config.format.depth = 10;
  config.color = {Primaries::kBt2020, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited, ChromaLocation::kTopLeft};
  return config;
}

std::vector<Codec> codecs_here() {
  std::vector<Codec> codecs;
  for (const Codec codec : {Codec::kHevc, Codec::kAv1}) {
    if (nvenc_codec(codec).ok()) codecs.push_back(codec);
  }
  return codecs;
}

std::string get(AVCodecContext& context, const char* name) {
  std::uint8_t* text = nullptr;
  if (av_opt_get(context.priv_data, name, 0, &text) < 0) return "(none)";
  std::string value = reinterpret_cast<char*>(text);
  av_free(text);
  return value;
}

struct Configured {
  libav::CodecPtr context;
  EncoderSettings settings;
  Status status;
};
Configured configure(const EncoderConfig& config) {
  Configured result;
  const AVCodec* codec = *nvenc_codec(config.codec);
  result.context.reset(avcodec_alloc_context3(codec));
  result.status = configure_nvenc(config, *codec, *result.context, result.settings);
  return result;
}

TEST(Nvenc, EveryMappedOptionExistsAndTakesItsValue) {
  ASSERT_FALSE(codecs_here().empty()) << "libavcodec was built without NVENC";
  for (const Codec codec : codecs_here()) {
    const AVCodec* encoder = *nvenc_codec(codec);
    for (const auto mode : {RateControl::Mode::kCrf, RateControl::Mode::kQp, RateControl::Mode::kVbr}) {
      for (const char* preset : {"p1", "p2", "p3", "p4", "p5", "p6", "p7"}) {
        for (const char* tune : {"", "hq", "ll", "ull", "lossless"}) {
          EncoderConfig config = nvenc_config(codec);
          config.rate = {mode, 30, 30, 0, 0, 0};
          if (mode == RateControl::Mode::kVbr) config.rate.bitrate_bits_per_s = 20'000'000;
          config.speed = preset;
          config.tune = tune;
          LevelChoice level;
          level.level_idc = codec == Codec::kAv1 ? 13 : 153;
          for (const NvencOption& option : nvenc_options(config, level)) {
            const AVClass* klass = encoder->priv_class;
            EXPECT_NE(av_opt_find(&klass, option.name.c_str(), nullptr, 0, AV_OPT_SEARCH_FAKE_OBJ), nullptr)
                << encoder->name << " has no " << option.name;
          }
          const Configured result = configure(config);
          EXPECT_TRUE(result.status.ok()) << encoder->name << " " << preset << " " << tune << ": "
                                          << (result.status.ok() ? "" : result.status.error().message);
        }
      }
    }
  }
}

TEST(Nvenc, ValuesArriveInTheContext) {
  for (const Codec codec : codecs_here()) {
    EncoderConfig config = nvenc_config(codec);
    config.frame_rate = {60000, 1001};
    config.sample_aspect = {4, 3};
    config.gop_frames = 60;
    config.access_unit_delimiters = true;
    config.rate = {RateControl::Mode::kVbr, 0, 0, 20'000'000, 30'000'000, 15'000'000};
    config.tier = Tier::kMain;
    Configured result = configure(config);
    ASSERT_TRUE(result.status.ok()) << result.status.error().message;
    AVCodecContext& context = *result.context;
    EXPECT_EQ(context.width, 3840);
    EXPECT_EQ(context.height, 2160);
    EXPECT_EQ(context.pix_fmt, AV_PIX_FMT_CUDA);
    EXPECT_EQ(context.framerate.num, 60000);
    EXPECT_EQ(context.framerate.den, 1001);
    EXPECT_EQ(context.time_base.num, 1001);
    EXPECT_EQ(context.time_base.den, 60000);
    EXPECT_EQ(context.sample_aspect_ratio.num, 4);
    EXPECT_EQ(context.gop_size, 60);
    EXPECT_EQ(context.bit_rate, 20'000'000);
    EXPECT_EQ(context.rc_max_rate, 30'000'000);
    EXPECT_EQ(context.rc_buffer_size, 15'000'000);
    EXPECT_EQ(context.color_primaries, AVCOL_PRI_BT2020);
    EXPECT_EQ(context.color_trc, AVCOL_TRC_SMPTE2084);
    EXPECT_EQ(context.colorspace, AVCOL_SPC_BT2020_NCL);
    EXPECT_EQ(context.color_range, AVCOL_RANGE_MPEG);
    EXPECT_EQ(context.chroma_sample_location, AVCHROMA_LOC_TOPLEFT);
    EXPECT_TRUE(context.flags & AV_CODEC_FLAG_CLOSED_GOP);
    EXPECT_TRUE(context.flags & AV_CODEC_FLAG_GLOBAL_HEADER);
    EXPECT_EQ(get(context, "forced-idr"), "true");
    EXPECT_EQ(get(context, "no-scenecut"), "true");
    EXPECT_EQ(get(context, "a53cc"), "false");
    EXPECT_EQ(get(context, "tier"), "0");
    EXPECT_EQ(get(context, "level"), codec == Codec::kAv1 ? "13" : "153");
    EXPECT_EQ(get(context, "rc"), "1");
    EXPECT_EQ(get(context, "multipass"), "1") << "quarter resolution";
    if (codec == Codec::kHevc) {
      EXPECT_EQ(get(context, "aud"), "true");
      EXPECT_EQ(get(context, "profile"), "1") << "main10";
    }
    EXPECT_EQ(result.settings.level_idc, codec == Codec::kAv1 ? 13 : 153);
    EXPECT_EQ(result.settings.rate.maxrate_bits_per_s, 30'000'000);
    EXPECT_EQ(result.settings.native.at("no-scenecut"), "true");
  }
}

TEST(Nvenc, RateModes) {
  for (const Codec codec : codecs_here()) {
    EncoderConfig config = nvenc_config(codec);
    config.rate = {RateControl::Mode::kCrf, 27.5, 0, 0, 0, 0};
    Configured result = configure(config);
    ASSERT_TRUE(result.status.ok());
    EXPECT_EQ(get(*result.context, "rc"), "1");
    EXPECT_EQ(std::atof(get(*result.context, "cq").c_str()), 27.5);
    EXPECT_EQ(result.context->bit_rate, 0);
    config.rate = {RateControl::Mode::kQp, 0, 31, 0, 0, 0};
    result = configure(config);
    ASSERT_TRUE(result.status.ok());
    EXPECT_EQ(get(*result.context, "rc"), "0");
    EXPECT_EQ(get(*result.context, "qp"), "31");
    config.rate = {RateControl::Mode::kVbr, 0, 0, 20'000'000, 20'000'000, 20'000'000};
    result = configure(config);
    ASSERT_TRUE(result.status.ok());
    EXPECT_EQ(get(*result.context, "rc"), "2");
    EXPECT_FALSE(result.settings.fillers);
  }
}

TEST(Nvenc, RefusesByName) {
  struct Refusal {
    void (*change)(EncoderConfig& config);
    const char* words;
  };
  const Refusal refusals[] = {
      {[](EncoderConfig& c) { c.speed = "p9"; }, "preset=p9"},
      {[](EncoderConfig& c) { c.tune = "music"; }, "tune=music"},
      {[](EncoderConfig& c) {
         c.params = {{"warp-speed", "9"}};
       },
       "warp-speed"},
      {[](EncoderConfig& c) {
         c.params = {{"multipass", "sometimes"}};
       },
       "multipass=sometimes"},
      {[](EncoderConfig& c) {
         c.params = {{"aq-strength", "99"}};
       },
       "aq-strength=99"},
      {[](EncoderConfig& c) { c.rate = {RateControl::Mode::kQp, 0, 300, 0, 0, 0}; }, "qp=300"},
      {[](EncoderConfig& c) { c.width = 7680, c.height = 4320, c.level_idc = c.codec == Codec::kAv1 ? 13 : 153; },
       "needs"},
  };
  testing::internal::CaptureStderr();
  for (const Codec codec : codecs_here()) {
    for (const Refusal& refusal : refusals) {
      EncoderConfig config = nvenc_config(codec);
      refusal.change(config);
      const Configured result = configure(config);
      ASSERT_FALSE(result.status.ok()) << refusal.words;
      EXPECT_NE(result.status.error().message.find(refusal.words), std::string::npos) << result.status.error().message;
    }
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Nvenc, ParametersWin) {
  EncoderConfig config = nvenc_config(Codec::kHevc);
  config.params = {{"preset", "p7"}, {"spatial-aq", "1"}, {"multipass", "disabled"}};
  Configured result = configure(config);
  ASSERT_TRUE(result.status.ok()) << result.status.error().message;
  EXPECT_EQ(get(*result.context, "spatial-aq"), "true");
  EXPECT_EQ(get(*result.context, "multipass"), "0");
  EXPECT_EQ(result.settings.native.at("multipass"), "0");
}

TEST(Nvenc, PlanRefusesWrongSettingsBeforeItLooksForADevice) {
  const EncoderBackend* backend = *find_encoder("nvenc");
  EncoderConfig config = nvenc_config(Codec::kHevc);
  config.params = {{"warp-speed", "9"}};
  const auto wrong = backend->plan(config);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, ErrorCode::kUsage);
  config = nvenc_config(Codec::kHevc);
  config.format.chroma = Chroma::k422;
  const auto chroma = backend->plan(config);
  ASSERT_FALSE(chroma.ok());
  EXPECT_NE(chroma.error().message.find("4:2:2"), std::string::npos) << chroma.error().message;
  config.format.chroma = Chroma::k420;
  config.codec = Codec::kAv1;
  const auto av1 = backend->plan(config);
  if (!nvenc_codec(Codec::kAv1).ok()) {
    ASSERT_FALSE(av1.ok());
    EXPECT_NE(av1.error().message.find("av1"), std::string::npos) << av1.error().message;
  }
}

// Every sample of every plane of the upload layout, against the picture it was made from.
TEST(Nvenc, SamplesArePackedAsNvencReadsThem) {
  for (const Chroma chroma : {Chroma::k420, Chroma::k444}) {
    for (const int depth : {8, 10}) {
      EncoderConfig config = test::hevc_config(70, 34);
      config.format = {chroma, depth};
      const Frame frame = test::make_frame(test::make_pool(config), 3);
      const libav::FramePtr target = libav::make_frame();
      target->format = nvenc_upload_format(config.format);
      target->width = 70;
      target->height = 34;
      ASSERT_GE(av_frame_get_buffer(target.get(), 0), 0);
      fill_upload_frame(frame, *target);
      const auto ours = [&](int plane, int x, int y) -> int {
        const std::byte* row = frame.plane(plane) + static_cast<std::size_t>(y) * frame.layout().stride[plane];
        if (depth == 8) return static_cast<int>(row[x]);
        return reinterpret_cast<const std::uint16_t*>(row)[x] << 6;
      };
      const auto theirs = [&](int plane, int x, int y) -> int {
        const std::uint8_t* row = target->data[plane] + static_cast<std::ptrdiff_t>(y) * target->linesize[plane];
        return depth == 8 ? row[x] : reinterpret_cast<const std::uint16_t*>(row)[x];
      };
      const bool interleaved = chroma == Chroma::k420 && depth > 8;
      for (int plane = 0; plane < 3; ++plane) {
        for (int y = 0; y < config.format.plane_height(plane, 34); ++y) {
          for (int x = 0; x < config.format.plane_width(plane, 70); ++x) {
            const int found = plane > 0 && interleaved ? theirs(1, 2 * x + plane - 1, y) : theirs(plane, x, y);
            ASSERT_EQ(found, ours(plane, x, y))
                << describe(config.format) << " plane " << plane << " " << x << "," << y;
          }
        }
      }
    }
  }
}

// Run by the test below in a process of its own, with stand-ins for the driver in its library path.
TEST(NvencSystem, DISABLED_PrintsWhatItFinds) {
  const auto found = find_nvenc();
  fmt::print("answer: {}\n", found.ok() ? *found : found.error().message);
}

std::string answer_with(const std::string& environment) {
  char path[PATH_MAX] = {};
  if (readlink("/proc/self/exe", path, sizeof path - 1) < 0) return {};
  const std::string out = test::temporary("nvenc.txt");
  test::shell(
      fmt::format("{} '{}' --gtest_filter=NvencSystem.DISABLED_PrintsWhatItFinds "
                  "--gtest_also_run_disabled_tests > '{}' 2>&1",
                  environment, path, out));
  const auto bytes = test::read_file(out);
  const std::string text(bytes.begin(), bytes.end());
  const std::size_t begin = text.find("answer: ");
  return begin == std::string::npos ? text : text.substr(begin, text.find('\n', begin) - begin);
}

TEST(NvencSystem, NoDriverNoDeviceAndNoEngineAreDifferentAnswers) {
  const std::string cuda = "LD_LIBRARY_PATH='" STAND_IN_CUDA "'";
  const std::string both = "LD_LIBRARY_PATH='" STAND_IN_CUDA ":" STAND_IN_NVENC "'";
  const std::string no_device = answer_with(both + " STAND_IN_DEVICES=0");
  const std::string no_library = answer_with(cuda + " STAND_IN_DEVICES=1");
  const std::string no_engine = answer_with(both + " STAND_IN_DEVICES=1 STAND_IN_SESSION=2");
  const std::string too_old = answer_with(both + " STAND_IN_DEVICES=1 STAND_IN_SESSION=15");
  const std::string usable = answer_with(both + " STAND_IN_DEVICES=1 STAND_IN_SESSION=0");
  EXPECT_NE(no_device.find("finds no device"), std::string::npos) << no_device;
  EXPECT_NE(no_engine.find("no encoder engine"), std::string::npos) << no_engine;
  EXPECT_NE(too_old.find("too old"), std::string::npos) << too_old;
  EXPECT_NE(usable.find("Stand-in H100"), std::string::npos) << usable;
  EXPECT_EQ(usable.find("NVENC:"), std::string::npos) << usable;
  if (access("/dev/nvidiactl", F_OK) == 0) GTEST_SKIP() << "a real driver answers the rest here";
  EXPECT_NE(no_library.find("without its encoder library"), std::string::npos) << no_library;
  const auto here = find_nvenc();
  ASSERT_FALSE(here.ok());
  EXPECT_EQ(here.error().code, ErrorCode::kNotPossible);
  EXPECT_NE(here.error().message.find("no NVIDIA driver"), std::string::npos) << here.error().message;
  const auto available = (*find_encoder("nvenc"))->available();
  ASSERT_FALSE(available.ok());
  EXPECT_EQ(available.error().message, here.error().message);
  const auto planned = (*find_encoder("nvenc"))->plan(nvenc_config(Codec::kHevc));
  ASSERT_FALSE(planned.ok());
  EXPECT_EQ(planned.error().message, here.error().message);
}

}  // namespace
}  // namespace jinsha
