// Sequences of DPX pictures: order, holes, damage, changes, ranges.
#include <gtest/gtest.h>
#include <unistd.h>

#include "input/sequence_helper.h"
#include "input/source_helper.h"

namespace jinsha {
namespace {

using test::flat_dpx;
using test::Outcome;
using test::run;
using test::test_folder;
using test::write_file;

constexpr int kWidth = 32, kHeight = 8;

int value_of(int number) { return 10 + number % 200; }

std::string file_of(const std::string& folder, int number) { return fmt::format("{}s.{:06}.dpx", folder, number); }

// Pictures first to last, each flat, of its own value.
std::string make_sequence(const std::string& name, int first, int last) {
  std::string folder = test_folder(name);
  for (int i = first; i <= last; ++i) write_file(file_of(folder, i), flat_dpx(kWidth, kHeight, value_of(i)));
  return folder;
}

std::vector<double> values(int first, int last) {
  std::vector<double> all;
  for (int i = first; i <= last; ++i) all.push_back(value_of(i));
  return all;
}

TEST(Sequence, DeliversEveryPictureInOrderWhateverTheThreads) {
  const std::string folder = make_sequence("order", 1000, 1059);
  for (const int threads : {1, 2, 3, 8, 64}) {
    for (const int spare : {0, 1, 5}) {
      const Outcome out = run(folder + "s.%06d.dpx@24", threads, {.spare_frames = spare});
      ASSERT_EQ(out.error, "");
      EXPECT_EQ(out.lumas, values(1000, 1059));
      EXPECT_TRUE(out.pts_without_gaps);
      EXPECT_EQ(out.counters.first_damage, "");
    }
  }
  const Outcome out = run(folder + "s.%06d.dpx@24");
  EXPECT_EQ(out.info.video.frame_count, 60);
  EXPECT_TRUE(out.info.video.exact_frame_count);
  EXPECT_EQ(out.info.video.frame_rate, (Rational{24, 1}));
  EXPECT_EQ(out.info.container, "image sequence");
  EXPECT_EQ(out.info.video.codec_name, "dpx");
  EXPECT_EQ(out.info.video.color.matrix, Matrix::kIdentity);
  EXPECT_EQ(out.info.video.color.range, Range::kFull);
}

TEST(Sequence, HoldsNoMoreFramesThanItSays) {
  SourceSpec spec;
  spec.path = make_sequence("held", 1, 30) + "s.%06d.dpx";
  spec.threads = 4;
  auto source = open_source(spec, Log());
  ASSERT_TRUE(source.ok());
  auto pool = FramePool::create((*source)->layout(), 40);
  ASSERT_TRUE(pool.ok());
  std::stop_source stop;
  ASSERT_TRUE((*source)->start(*pool, stop.get_token(), 0, 0).ok());
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE((*source)->next().ok());
    EXPECT_LE(40 - pool->free_blocks(), (*source)->max_held_frames());
  }
  EXPECT_EQ((*source)->max_held_frames(), 5);
}

// Nothing of what libavcodec makes of undefined fields may come through.
TEST(Sequence, ColourIsTheHeadersAlone) {
  auto bytes = flat_dpx(kWidth, kHeight, 1);
  const std::string path = test_folder("colour") + "a.dpx";
  bytes[801] = 2;
  write_file(path, bytes);
  Outcome out = run(path);
  EXPECT_EQ(out.info.video.color, (ColorInfo{.matrix = Matrix::kIdentity, .range = Range::kFull}));
  bytes[801] = bytes[802] = 6;
  write_file(path, bytes);
  out = run(path);
  EXPECT_EQ(out.info.video.color, (ColorInfo{Primaries::kBt709, Transfer::kBt709, Matrix::kIdentity, Range::kFull}));
}

TEST(Sequence, AStopRequestEndsIt) {
  SourceSpec spec;
  spec.path = make_sequence("stop", 1, 30) + "s.%06d.dpx";
  spec.threads = 4;
  auto source = open_source(spec, Log());
  ASSERT_TRUE(source.ok());
  auto pool = FramePool::create((*source)->layout(), 6);
  std::stop_source stop;
  ASSERT_TRUE((*source)->start(*pool, stop.get_token(), 0, 0).ok());
  ASSERT_TRUE((*source)->next().ok());
  stop.request_stop();
  const auto item = (*source)->next();
  ASSERT_FALSE(item.ok());
  EXPECT_EQ(item.error().code, ErrorCode::kInterrupted);
}

TEST(Sequence, AMissingPictureIsThePictureBeforeAndNamed) {
  const std::string folder = make_sequence("holes", 1, 12);
  unlink(file_of(folder, 5).c_str());
  unlink(file_of(folder, 8).c_str());
  unlink(file_of(folder, 9).c_str());
  const Outcome out = run(folder + "s.%06d.dpx@24", 3);
  ASSERT_EQ(out.error, "");
  std::vector<double> expected = values(1, 12);
  expected[4] = value_of(4);
  expected[7] = expected[8] = value_of(7);
  EXPECT_EQ(out.lumas, expected);
  EXPECT_TRUE(out.pts_without_gaps);
  EXPECT_EQ(out.counters.frames_repeated, 3);
  EXPECT_EQ(out.counters.frames_decoded, 9);
  EXPECT_EQ(out.counters.frames_delivered, 12);
  EXPECT_NE(out.counters.first_damage.find("s.000005.dpx"), std::string::npos);
  ASSERT_FALSE(out.info.warnings.empty());
  EXPECT_NE(out.info.warnings.back().find("5, 8-9"), std::string::npos) << out.info.warnings.back();
}

TEST(Sequence, RangesAlsoFromTheMiddleOfAHole) {
  const std::string folder = make_sequence("range", 1, 12);
  for (const int missing : {5, 6, 7}) unlink(file_of(folder, missing).c_str());
  Outcome out = run(folder + "s.%06d.dpx", 2, {.first = 5, .count = 4});  // pictures 6 to 9
  ASSERT_EQ(out.error, "");
  EXPECT_EQ(out.lumas, (std::vector<double>{14, 14, 18, 19}));
  EXPECT_EQ(out.counters.frames_decoded, 2);
  EXPECT_EQ(out.counters.frames_repeated, 2);
  out = run(folder + "s.%06d.dpx", 2, {.first = 9, .count = 100});
  EXPECT_EQ(out.lumas, values(10, 12));
  out = run(folder + "s.%06d.dpx", 2, {.first = 12, .count = 1});
  EXPECT_NE(out.error.find("12 pictures"), std::string::npos);
}

TEST(Sequence, APictureThatCannotBeReadIsConcealedAndCounted) {
  const std::string folder = make_sequence("damage", 1, 10);
  auto bytes = flat_dpx(kWidth, kHeight, 99);
  bytes.resize(2100);  // cut in its samples
  write_file(file_of(folder, 4), bytes);
  write_file(file_of(folder, 6), std::vector<std::uint8_t>(500, 'x'));
  write_file(file_of(folder, 8), {});
  for (const int threads : {1, 4}) {
    const Outcome out = run(folder + "s.%06d.dpx@24", threads);
    ASSERT_EQ(out.error, "");
    EXPECT_EQ(out.lumas, (std::vector<double>{11, 12, 13, 13, 15, 15, 17, 17, 19, 20}));
    EXPECT_EQ(out.counters.frames_undecodable, 3);
    EXPECT_EQ(out.counters.frames_repeated, 3);
    EXPECT_EQ(out.counters.frames_delivered, 10);
    EXPECT_NE(out.counters.first_damage.find("s.000004.dpx"), std::string::npos);
  }
}

TEST(Sequence, DamagedPicturesAtTheBeginningTakeTheFirstGoodOne) {
  const std::string folder = make_sequence("late", 1, 6);
  write_file(file_of(folder, 1), {1, 2, 3});
  write_file(file_of(folder, 2), {});
  const Outcome out = run(folder + "s.%06d.dpx@24", 2);
  ASSERT_EQ(out.error, "");
  EXPECT_EQ(out.lumas, (std::vector<double>{13, 13, 13, 14, 15, 16}));
  EXPECT_EQ(out.counters.frames_undecodable, 2);
}

TEST(Sequence, NothingReadableIsAnError) {
  const std::string folder = test_folder("unreadable");
  for (int i = 1; i < 20; ++i) write_file(file_of(folder, i), std::vector<std::uint8_t>(100, 'x'));
  const Outcome out = run(folder + "s.%06d.dpx@24", 2);
  EXPECT_EQ(out.code, ErrorCode::kInput);
  EXPECT_NE(out.error.find("s.000001.dpx"), std::string::npos) << out.error;
}

TEST(Sequence, AChangeOfSizeIsDamageAndThenRefused) {
  const std::string folder = make_sequence("change", 1, 60);
  write_file(file_of(folder, 5), flat_dpx(kWidth, kHeight * 2, 200));
  Outcome out = run(folder + "s.%06d.dpx@24", 4);
  ASSERT_EQ(out.error, "");
  EXPECT_EQ(out.lumas[4], value_of(4));
  EXPECT_EQ(out.counters.frames_undecodable, 1);
  EXPECT_NE(out.counters.first_damage.find("32x16"), std::string::npos) << out.counters.first_damage;
  for (int i = 20; i <= 60; ++i) write_file(file_of(folder, i), flat_dpx(kWidth, kHeight * 2, 200));
  out = run(folder + "s.%06d.dpx@24", 4);
  EXPECT_EQ(out.code, ErrorCode::kInput);
  EXPECT_NE(out.error.find("32x8"), std::string::npos) << out.error;
}

TEST(Sequence, AStrayNumberFarAwayIsRefused) {
  const std::string folder = make_sequence("stray", 1, 10);
  write_file(file_of(folder, 999'999), flat_dpx(kWidth, kHeight, 1));
  const Outcome out = run(folder + "s.%06d.dpx@24", 2);
  EXPECT_EQ(out.code, ErrorCode::kInput);
  EXPECT_NE(out.error.find("11-999998"), std::string::npos) << out.error;
}

TEST(Sequence, TheRateIsTheUsersThenTheFilesThenAssumed) {
  const std::string folder = make_sequence("rates", 1, 3);
  Outcome out = run(folder + "s.%06d.dpx");
  EXPECT_EQ(out.info.video.frame_rate, (Rational{25, 1}));
  EXPECT_NE(out.info.warnings.back().find("25 frames/s"), std::string::npos);
  auto bytes = flat_dpx(kWidth, kHeight, 1);
  test::put32(bytes, 1940, 0x41BFCED9);  // 23.976
  for (int i = 1; i <= 3; ++i) write_file(file_of(folder, i), bytes);
  out = run(folder + "s.%06d.dpx");
  EXPECT_EQ(out.info.video.frame_rate, (Rational{24'000, 1001}));
  EXPECT_TRUE(out.info.warnings.empty());
  SourceSpec spec;
  spec.path = folder + "s.%06d.dpx";
  spec.frame_rate = {50, 1};
  EXPECT_EQ(run(spec).info.video.frame_rate, (Rational{50, 1}));
  spec.path += "@60";
  EXPECT_EQ(run(spec).code, ErrorCode::kUsage);
}

TEST(Sequence, AFileOfTheLiteralNameIsOneStill) {
  const std::string folder = make_sequence("still", 1, 3);
  write_file(folder + "s.%06d.dpx", flat_dpx(kWidth, kHeight, 77));
  Outcome out = run(folder + "s.%06d.dpx");
  ASSERT_EQ(out.error, "");
  EXPECT_EQ(out.lumas, (std::vector<double>{77}));
  EXPECT_EQ(out.info.container, "image");
  EXPECT_EQ(out.info.video.frame_rate, (Rational{25, 1}));
  out = run(file_of(folder, 2) + "@30000/1001");
  ASSERT_EQ(out.error, "");
  EXPECT_EQ(out.info.video.frame_rate, (Rational{30'000, 1001}));
  EXPECT_EQ(out.lumas, (std::vector<double>{12}));
}

TEST(Sequence, NamesOfEveryKind) {
  for (const char* name : {"with space", "quote'\"", "电影", "new\nline", "a:b", "100%%", "at@24x"}) {
    const std::string folder = test_folder("names");
    std::string stem = name;
    if (const auto at = stem.find("%%"); at != std::string::npos) stem.erase(at, 1);
    for (int i = 1; i <= 3; ++i)
      write_file(fmt::format("{}{}.{:03}.dpx", folder, stem, i), flat_dpx(kWidth, kHeight, i));
    const Outcome out = run(fmt::format("{}{}.%03d.dpx@24", folder, name));
    EXPECT_EQ(out.error, "") << name;
    EXPECT_EQ(out.lumas, (std::vector<double>{1, 2, 3})) << name;
  }
}

TEST(Sequence, AnAbsurdSizeIsRefused) {
  auto bytes = flat_dpx(kWidth, kHeight, 1);
  test::put32(bytes, 772, 1'000'000);
  test::put32(bytes, 776, 1'000'000);
  const std::string path = test_folder("absurd") + "a.dpx";
  write_file(path, bytes);
  const Outcome out = run(path);
  EXPECT_EQ(out.code, ErrorCode::kInput);
  EXPECT_NE(out.error.find("1000000x1000000"), std::string::npos) << out.error;
}

TEST(Sequence, EveryCutAndFlippedByteEndsWithPicturesOrWords) {
  const auto whole = flat_dpx(kWidth, kHeight, 50);
  const std::string path = test_folder("cut") + "a.dpx";
  for (std::size_t tenth = 0; tenth <= 10; ++tenth) {
    write_file(path, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * tenth / 10)});
    const Outcome out = run(path);
    EXPECT_TRUE(!out.error.empty() || out.lumas.size() == 1);
    EXPECT_EQ(out.error.empty(), tenth == 10) << tenth;
  }
  for (std::size_t at = 0; at < 2048; at += 7) {
    auto bytes = whole;
    bytes[at] ^= 0x55;
    write_file(path, bytes);
    const Outcome out = run(path);
    EXPECT_TRUE(!out.error.empty() || out.hashes.size() == 1) << at;
  }
}

}  // namespace
}  // namespace jinsha
