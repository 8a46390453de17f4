// The generator: what it promises of pictures, sound and metadata.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/os.h"
#include "input/generator.h"
#include "input/generator_counter.h"
#include "input/generator_look.h"
#include "input/generator_scene.h"
#include "input/source_helper.h"

namespace jinsha {
namespace {

using test::Outcome;
using test::run;
using testing::HasSubstr;

TEST(GeneratorSpec, ReadsWhatIsAskedFor) {
  const auto spec = parse_generator_spec("generate:7680x4320@59.94,frames=24,color=hlg,seed=7,depth=12");
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_EQ(spec->width, 7680);
  EXPECT_EQ(spec->height, 4320);
  EXPECT_EQ(spec->frame_rate, (Rational{60000, 1001}));
  EXPECT_EQ(spec->frames, 24);
  EXPECT_EQ(spec->color, GeneratorColor::kHlg);
  EXPECT_EQ(spec->seed, 7U);
  EXPECT_EQ(spec->depth, 12);
  EXPECT_EQ(parse_generator_spec("generate:64x32@30000/1001")->frame_rate, (Rational{30000, 1001}));
  EXPECT_EQ(parse_generator_spec("generate:64x32@12.5")->frame_rate, (Rational{25, 2}));
}

TEST(GeneratorSpec, NamesTheWordThatIsWrong) {
  const auto words = [](const char* path) {
    const auto spec = parse_generator_spec(path);
    EXPECT_FALSE(spec) << path;
    return spec ? std::string() : spec.error().message;
  };
  EXPECT_THAT(words("generate:"), HasSubstr("size"));
  EXPECT_THAT(words("generate:641x480"), HasSubstr("even"));
  EXPECT_THAT(words("generate:32x32"), HasSubstr("64x32"));
  EXPECT_THAT(words("generate:640x480@-1"), HasSubstr("frame rate"));
  EXPECT_THAT(words("generate:640x480,frames=0"), HasSubstr("frames"));
  EXPECT_THAT(words("generate:640x480,color=red"), HasSubstr("pq, hlg or sdr"));
  EXPECT_THAT(words("generate:640x480,colour=pq"), HasSubstr("colour=pq"));
  EXPECT_THAT(words("generate:640x480,depth=7"), HasSubstr("depth"));
}

TEST(Generator, EqualSpecsGiveEqualPicturesAndSeedsDiffer) {
  const Outcome one = run("generate:320x180@25,frames=5"), two = run("generate:320x180@25,frames=5");
  EXPECT_EQ(one.error, "");
  EXPECT_EQ(one.hashes, two.hashes);
  ASSERT_EQ(one.hashes.size(), 5U);
  EXPECT_NE(one.hashes[0], one.hashes[1]);
  EXPECT_NE(one.hashes[0], run("generate:320x180@25,frames=1,seed=2").hashes.at(0));
  const Outcome part = run("generate:320x180@25,frames=5", 1, {.first = 2, .count = 2});
  EXPECT_EQ(part.hashes, std::vector<std::uint64_t>(one.hashes.begin() + 2, one.hashes.begin() + 4));
}

// Draws picture `index` of a small generator into a frame of its own pool.
Frame draw(const GeneratorSpec& spec, std::int64_t index) {
  static std::vector<FramePool> pools;
  const GeneratorScene scene(spec);
  pools.push_back(
      std::move(*FramePool::create(FrameLayout::packed({Chroma::k420, spec.depth}, spec.width, spec.height), 1)));
  FrameMut frame = std::move(*pools.back().try_acquire());
  scene.draw(index, frame);
  return std::move(frame).publish();
}

TEST(Generator, EveryPictureCarriesItsNumber) {
  for (const int depth : {8, 10, 16}) {
    for (const auto color : {GeneratorColor::kPq, GeneratorColor::kHlg, GeneratorColor::kSdr}) {
      for (const std::int64_t index : {0, 1, 255, 70'000, (1 << 24) - 1}) {
        const GeneratorSpec spec{.width = 320, .height = 180, .color = color, .depth = depth};
        EXPECT_EQ(read_frame_number(draw(spec, index)), index) << depth;
      }
    }
  }
  EXPECT_EQ(read_frame_number(draw({.width = 64, .height = 32}, 12345)), 12345);
}

TEST(Generator, APictureWithoutCellsHasNoNumber) {
  FramePool pool = std::move(*FramePool::create(FrameLayout::packed({Chroma::k420, 10}, 320, 180), 1));
  EXPECT_FALSE(read_frame_number(std::move(*pool.try_acquire()).publish()));
}

// Light of the brightest component of each luma sample with the chroma sample beside it.
struct Light {
  double most = 0;
  double average = 0;
  int lowest_code = 1 << 16;
  int highest_code = 0;
};
Light measure(const Frame& frame, const GeneratorLook& look) {
  Light light;
  const FrameLayout& layout = frame.layout();
  const auto at = [&](int plane, int x, int y) {
    return reinterpret_cast<const std::uint16_t*>(frame.plane(plane) +
                                                  layout.stride[plane] * static_cast<std::size_t>(y))[x];
  };
  for (int y = 0; y < layout.height; ++y) {
    for (int x = 0; x < layout.width; ++x) {
      const double nits = look.max_rgb_nits(at(0, x, y), at(1, x / 2, y / 2), at(2, x / 2, y / 2));
      light.most = std::max(light.most, nits);
      light.average += nits / layout.width / layout.height;
      light.lowest_code = std::min<int>(light.lowest_code, at(0, x, y));
      light.highest_code = std::max<int>(light.highest_code, at(0, x, y));
    }
  }
  return light;
}

TEST(Generator, LightLevelsAreTrueOfThePictures) {
  const GeneratorSpec spec{.width = 640, .height = 360, .frames = 60};
  const GeneratorScene scene(spec);
  ASSERT_TRUE(scene.hdr().content_light && scene.hdr().mastering_display);
  EXPECT_EQ(scene.hdr().mastering_display->max_luminance, 10'000'000U);
  double most = 0, average = 0;
  for (std::int64_t index = 0; index < spec.frames; index += 6) {
    const Light light = measure(draw(spec, index), scene.look());
    most = std::max(most, light.most);
    average = std::max(average, light.average);
    EXPECT_GE(light.lowest_code, 64);
    EXPECT_LE(light.highest_code, 940);
  }
  EXPECT_NEAR(most, scene.hdr().content_light->max_cll_nits, 1);
  EXPECT_LE(most, 1000);
  EXPECT_LE(average, scene.hdr().content_light->max_fall_nits);
  EXPECT_GE(average, 0.9 * scene.hdr().content_light->max_fall_nits);
}

TEST(Generator, TagsFollowTheColor) {
  const Outcome pq = run("generate:64x32,frames=1"), hlg = run("generate:64x32,frames=1,color=hlg"),
                sdr = run("generate:64x32,frames=1,color=sdr");
  EXPECT_EQ(pq.info.video.color, (ColorInfo{Primaries::kBt2020, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited,
                                            ChromaLocation::kTopLeft}));
  EXPECT_EQ(hlg.info.video.color.transfer, Transfer::kHlg);
  EXPECT_FALSE(hlg.info.video.hdr.content_light);
  EXPECT_EQ(sdr.info.video.color,
            (ColorInfo{Primaries::kBt709, Transfer::kBt709, Matrix::kBt709, Range::kLimited, ChromaLocation::kLeft}));
  EXPECT_EQ(pq.first.color, pq.info.video.color);
  EXPECT_EQ(pq.first.hdr, pq.info.video.hdr);
}

TEST(Generator, TheSoundCoversThePictures) {
  const Outcome result = run("generate:64x32@50,frames=100");
  ASSERT_EQ(result.info.audio.size(), 1U);
  const AudioStreamInfo& audio = result.info.audio[0].info;
  EXPECT_EQ(audio.codec, "aac");
  ASSERT_TRUE(audio.headers);
  EXPECT_EQ((*audio.headers)[0] >> 3, 2);  // AudioSpecificConfig: AAC-LC
  ASSERT_FALSE(result.packets.empty());
  std::int64_t expected = result.packets.front().pts;
  EXPECT_EQ(expected, -1024);  // what the coder needs to start up
  for (const Packet& packet : result.packets) {
    EXPECT_EQ(packet.stream, 1);
    EXPECT_EQ(packet.pts, expected);
    expected += packet.duration;
  }
  EXPECT_GE(expected, 2 * 48'000);
  SourceSpec silent;
  silent.path = "generate:64x32@50,frames=3";
  silent.use_audio = false;
  const Outcome without = run(silent);
  EXPECT_TRUE(without.packets.empty());
  EXPECT_EQ(without.hashes.size(), 3U);
}

TEST(Generator, An8kPictureIsCheap) {
  const GeneratorSpec spec{.width = 7680, .height = 4320, .frames = 4};
  const GeneratorScene scene(spec);
  FramePool pool = std::move(*FramePool::create(FrameLayout::packed({Chroma::k420, 10}, 7680, 4320), 1));
  FrameMut frame = std::move(*pool.try_acquire());
  scene.draw(0, frame);  // touches the memory
  std::int64_t best = INT64_MAX;
  for (int i = 1; i < 6; ++i) {
    const std::int64_t before = thread_cpu_ns();
    scene.draw(i, frame);
    best = std::min(best, thread_cpu_ns() - before);
  }
  RecordProperty("ms_per_8k_frame", std::to_string(static_cast<double>(best) / 1e6));
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(static_cast<double>(best) / 1e6, 25);
#endif
}

}  // namespace
}  // namespace jinsha
