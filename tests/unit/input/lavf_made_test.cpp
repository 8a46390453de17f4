// Clips made on the fly: holes, jumps and doubles in the timestamps, names, formats, the frame pool.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <filesystem>
#include <thread>

#include "input/source_helper.h"

namespace jinsha {
namespace {

using test::luma_of;
using test::MadeClip;
using test::make_clip;
using test::Outcome;
using test::run;
using testing::Contains;
using testing::HasSubstr;

std::vector<std::int64_t> regular(std::size_t count, std::int64_t start = 0, std::int64_t step = 40) {
  std::vector<std::int64_t> times;
  for (std::size_t i = 0; i < count; ++i) times.push_back(start + static_cast<std::int64_t>(i) * step);
  return times;
}

// The pictures shown, as indices into the clip.
std::vector<int> shown(const Outcome& outcome) {
  std::vector<int> indices;
  for (const double luma : outcome.lumas) indices.push_back(static_cast<int>(luma - luma_of(0)) / 2);
  return indices;
}

#define JINSHA_MAKE(path, name, ...)                     \
  const std::string path = make_clip(name, __VA_ARGS__); \
  ASSERT_FALSE(path.empty()) << "the clip cannot be made"

TEST(LavfMade, RegularTimesAreKeptAsTheyAre) {
  JINSHA_MAKE(path, "regular.mkv", {.pts_ms = regular(30, 5000)});
  const Outcome result = run(path);
  EXPECT_EQ(result.error, "");
  ASSERT_EQ(shown(result).size(), 30U);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(shown(result)[static_cast<std::size_t>(i)], i);
  EXPECT_EQ(result.info.video.frame_rate, (Rational{25, 1}));
  EXPECT_FALSE(result.info.video.variable_rate);
}

TEST(LavfMade, AHoleIsFilledWithThePictureBefore) {
  std::vector<std::int64_t> times = regular(40);
  for (std::size_t i = 20; i < times.size(); ++i) times[i] += 5 * 40;
  JINSHA_MAKE(path, "hole.mkv", {.pts_ms = times});
  const Outcome result = run(path);
  ASSERT_EQ(result.lumas.size(), 45U);
  EXPECT_EQ(result.counters.frames_repeated, 5);
  for (std::size_t i = 19; i < 25; ++i) EXPECT_EQ(shown(result)[i], 19);
  EXPECT_EQ(shown(result)[25], 20);
  EXPECT_TRUE(result.pts_without_gaps);
}

TEST(LavfMade, DoublesAreLeftOut) {
  std::vector<std::int64_t> times = regular(40);
  times.insert(times.begin() + 20, {times[19] + 3, times[19] + 6});
  JINSHA_MAKE(path, "double.mkv", {.pts_ms = times});
  SourceSpec spec;
  spec.path = path;
  spec.frame_rate = {25, 1};
  const Outcome result = run(spec);
  EXPECT_EQ(result.lumas.size(), 40U);
  EXPECT_EQ(result.counters.frames_dropped, 2);
}

TEST(LavfMade, AnAbsurdJumpIsClosedUpWithItsSound) {
  std::vector<std::int64_t> times = regular(25), sound = regular(50, 0, 20);
  for (const std::int64_t at : regular(25, 40'000'000)) times.push_back(at);
  for (const std::int64_t at : regular(50, 40'000'000, 20)) sound.push_back(at);
  JINSHA_MAKE(path, "jump.mkv", {.pts_ms = times, .audio_ms = sound});
  SourceSpec spec;
  spec.path = path;
  spec.frame_rate = {25, 1};
  const Outcome result = run(spec);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.lumas.size(), 50U);
  EXPECT_EQ(result.counters.frames_repeated, 0);
  EXPECT_THAT(result.counters.first_damage, HasSubstr("jump"));
  ASSERT_EQ(result.packets.size(), 100U);
  for (std::size_t i = 0; i < result.packets.size(); ++i) {
    EXPECT_EQ(result.packets[i].pts, static_cast<std::int64_t>(i) * 20) << i;
  }
}

TEST(LavfMade, SoundBeforeThePicturesIsCutAtAPacket) {
  JINSHA_MAKE(path, "early.mkv", {.pts_ms = regular(25, 2010), .audio_ms = regular(200, 0, 20)});
  const Outcome result = run(path);
  ASSERT_FALSE(result.packets.empty());
  EXPECT_EQ(result.packets.front().pts, -10);  // 2000 ms: covers the first picture
  EXPECT_EQ(result.packets.size(), 100U);
}

TEST(LavfMade, ARangeCutsTheSoundAtBothEnds) {
  JINSHA_MAKE(path, "cut.mkv", {.pts_ms = regular(50), .audio_ms = regular(100, 0, 20)});
  const Outcome result = run(path, 2, {.first = 10, .count = 20});
  EXPECT_EQ(result.lumas.size(), 20U);
  EXPECT_EQ(shown(result).front(), 10);
  ASSERT_EQ(result.packets.size(), 40U);
  EXPECT_EQ(result.packets.front().pts, 0);
  EXPECT_EQ(result.packets.back().pts, 780);
}

TEST(LavfMade, AnyNameIsOpenedLiterally) {
  JINSHA_MAKE(made, "plain.mkv", {.pts_ms = regular(5)});
  for (const char* name :
       {"http:x.mkv", "clip%03d.mkv", "a b 金沙.mkv", "concat:a|b.mkv", "-", "pipe:0", "x?y*[z].mkv"}) {
    const std::string path = test::temporary(name);
    std::filesystem::copy_file(made, path, std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(run(path).lumas.size(), 5U) << name;
  }
}

TEST(LavfMade, TextIsNoPicture) {
  std::string words;
  for (int line = 1; line <= 200; ++line) words += "These are words in line " + std::to_string(line) + ".\n";
  const std::string path = test::temporary("notes.txt");
  test::write_file(path, {words.begin(), words.end()});
  EXPECT_EQ(run(path).code, ErrorCode::kInput);
  EXPECT_THAT(run(path).error, HasSubstr("is text"));
}

TEST(LavfMade, APlaylistOpensNothingElse) {
  JINSHA_MAKE(made, "secret.ts", {.pts_ms = regular(5), .codec = "mpeg2video"});
  const std::string list = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + made + "\n#EXT-X-ENDLIST\n";
  const std::string path = test::temporary("list.m3u8");
  test::write_file(path, {list.begin(), list.end()});
  const Outcome result = run(path);
  EXPECT_EQ(result.code, ErrorCode::kInput);
  EXPECT_EQ(result.lumas.size(), 0U);
  const std::string concat = "ffconcat version 1.0\nfile '" + made + "'\n";
  test::write_file(path, {concat.begin(), concat.end()});
  EXPECT_EQ(run(path).code, ErrorCode::kInput);
}

TEST(LavfMade, FormatsThatAreNotOursAreUnpacked) {
  for (const char* format : {"yuva420p", "bgra", "gbrp10le", "gray", "yuv422p10le", "rgb48le", "yuv420p16le",
                             "gray16le", "nv12", "yuyv422", "rgb24"}) {
    JINSHA_MAKE(path, std::string(format) + ".nut",
                {.pts_ms = regular(3), .codec = "rawvideo", .pixel_format = format});
    const Outcome result = run(path);
    EXPECT_EQ(result.error, "") << format;
    EXPECT_EQ(result.info.video.coded_format, format);
    EXPECT_EQ(result.hashes, test::reference_hashes(path)) << format;
    ASSERT_EQ(result.hashes.size(), 3U);
    EXPECT_NE(result.hashes.front(), result.hashes.back());
    const bool rgb = std::string(format).find("gb") != std::string::npos || std::string(format) == "bgra";
    EXPECT_EQ(result.info.video.color.matrix == Matrix::kIdentity, rgb) << format;
    if (std::string(format) == "yuva420p") {
      EXPECT_THAT(result.info.losses, Contains(HasSubstr("alpha")));
    }
  }
}

// The decoder's blocks, those downstream holds, and no more: nothing may stand still.
TEST(LavfPool, MovesOnWithAsFewBlocksAsItAskedFor) {
  for (const char* codec : {"mpeg2video", "mpeg4", "ffv1"}) {
    JINSHA_MAKE(path, std::string(codec) + ".mkv", {.pts_ms = regular(60), .codec = codec});
    const std::vector<std::uint64_t> expected = test::reference_hashes(path);
    for (const int threads : {1, 2, 5}) {
      for (const int spare : {0, 1, 5}) {
        const Outcome result = run(path, threads, {.spare_frames = spare});
        EXPECT_EQ(result.error, "");
        EXPECT_EQ(result.hashes, expected) << codec << " " << threads << " " << spare;
      }
    }
  }
}

TEST(LavfPool, ASlowReaderThatHoldsPicturesGetsThemUnharmed) {
  JINSHA_MAKE(path, "held.mkv", {.pts_ms = regular(60), .codec = "mpeg4"});
  const std::vector<std::uint64_t> expected = test::reference_hashes(path);
  Result<std::unique_ptr<Source>> source = open_source({.path = path, .raw = {}, .threads = 4}, Log());
  ASSERT_TRUE(source);
  constexpr std::size_t kHeld = 6;
  Result<FramePool> pool =
      FramePool::create((*source)->layout(), (*source)->max_held_frames() + static_cast<int>(kHeld));
  ASSERT_TRUE(pool && (*source)->start(*pool, {}, 0, 0));
  std::deque<Frame> held;
  std::vector<std::uint64_t> hashes;
  for (;;) {
    Result<Item> item = (*source)->next();
    ASSERT_TRUE(item) << item.error().message;
    if (std::holds_alternative<EndOfStream>(*item)) break;
    held.push_back(std::get<Frame>(std::move(*item)));
    if (held.size() < kHeld) continue;
    hashes.push_back(test::hash_of(held.front()));  // long after it was delivered
    held.pop_front();
  }
  for (const Frame& frame : held) hashes.push_back(test::hash_of(frame));
  EXPECT_EQ(hashes, expected);
}

TEST(LavfPool, EveryBlockComesBack) {
  JINSHA_MAKE(path, "back.mkv", {.pts_ms = regular(20), .codec = "mpeg2video"});
  std::optional<FramePool> pool;
  {
    Result<std::unique_ptr<Source>> source = open_source({.path = path, .raw = {}, .threads = 3}, Log());
    ASSERT_TRUE(source);
    pool = std::move(*FramePool::create((*source)->layout(), (*source)->max_held_frames()));
    ASSERT_TRUE((*source)->start(*pool, {}, 0, 0));
    for (int i = 0; i < 7; ++i) ASSERT_TRUE((*source)->next());
    EXPECT_LT(pool->free_blocks(), pool->capacity());
  }
  EXPECT_EQ(pool->free_blocks(), pool->capacity());
}

TEST(LavfPool, AStopWakesADecoderThatWaitsForABlock) {
  JINSHA_MAKE(path, "stop.mkv", {.pts_ms = regular(60), .codec = "mpeg2video"});
  Result<std::unique_ptr<Source>> source = open_source({.path = path, .raw = {}, .threads = 2}, Log());
  ASSERT_TRUE(source);
  Result<FramePool> pool = FramePool::create((*source)->layout(), (*source)->max_held_frames());
  ASSERT_TRUE(pool);
  std::stop_source stop;
  ASSERT_TRUE((*source)->start(*pool, stop.get_token(), 0, 0));
  std::vector<Item> kept;  // more than the pool was made for
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    stop.request_stop();
  });
  const auto begin = std::chrono::steady_clock::now();
  for (;;) {
    Result<Item> item = (*source)->next();
    if (!item) {
      EXPECT_EQ(item.error().code, ErrorCode::kInterrupted);
      break;
    }
    ASSERT_LT(kept.size(), 60U);
    kept.push_back(std::move(*item));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

}  // namespace
}  // namespace jinsha
