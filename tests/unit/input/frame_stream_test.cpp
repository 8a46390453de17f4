// y4m and raw frames, from file and pipe.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "input/frame_stream.h"
#include "input/source_helper.h"

namespace jinsha {
namespace {

using test::Outcome;
using test::run;
using test::RunOptions;
using testing::HasSubstr;

// Sample n of picture `frame` in file order.
std::uint16_t sample(int frame, std::size_t n, int depth) {
  return static_cast<std::uint16_t>((n * 7 + static_cast<std::size_t>(frame) * 131) % (1U << depth));
}

struct Shape {
  const char* tag;  // after "C" of y4m
  Chroma chroma;
  int depth;
  ChromaLocation location = ChromaLocation::kUnspecified;
};
constexpr int kWidth = 70, kHeight = 37;  // odd, and rows shorter than their stride

std::vector<std::uint8_t> picture(const Shape& shape, int frame) {
  const PixelFormat format{.chroma = shape.chroma, .depth = shape.depth};
  std::size_t samples = 0;
  for (int plane = 0; plane < format.planes(); ++plane) {
    samples += static_cast<std::size_t>(format.plane_width(plane, kWidth) * format.plane_height(plane, kHeight));
  }
  std::vector<std::uint8_t> bytes;
  for (std::size_t n = 0; n < samples; ++n) {
    const std::uint16_t value = sample(frame, n, shape.depth);
    bytes.push_back(static_cast<std::uint8_t>(value & 0xFF));
    if (shape.depth > 8) bytes.push_back(static_cast<std::uint8_t>(value >> 8));
  }
  return bytes;
}

void append(std::vector<std::uint8_t>& to, const std::string& text) { to.insert(to.end(), text.begin(), text.end()); }

std::vector<std::uint8_t> y4m(const Shape& shape, int frames, const std::string& extra = "",
                              const std::string& frame_line = "FRAME\n") {
  std::vector<std::uint8_t> bytes;
  append(bytes, "YUV4MPEG2 W70 H37 F30000:1001 Ip A1:1 C" + std::string(shape.tag) + extra + "\n");
  for (int i = 0; i < frames; ++i) {
    append(bytes, frame_line);
    const auto data = picture(shape, i);
    bytes.insert(bytes.end(), data.begin(), data.end());
  }
  return bytes;
}

void expect_picture(const Frame& frame, const Shape& shape, int index) {
  std::size_t n = 0;
  const FrameLayout& layout = frame.layout();
  for (int plane = 0; plane < layout.format.planes(); ++plane) {
    for (int y = 0; y < layout.format.plane_height(plane, kHeight); ++y) {
      const std::byte* row = frame.plane(plane) + layout.stride[plane] * static_cast<std::size_t>(y);
      for (int x = 0; x < layout.format.plane_width(plane, kWidth); ++x, ++n) {
        const int value = shape.depth > 8 ? reinterpret_cast<const std::uint16_t*>(row)[x] : static_cast<int>(row[x]);
        ASSERT_EQ(value, sample(index, n, shape.depth)) << shape.tag << " plane " << plane << " " << x << "," << y;
      }
    }
  }
}

class Y4mShapes : public testing::TestWithParam<Shape> {};

TEST_P(Y4mShapes, EverySampleArrives) {
  const Shape shape = GetParam();
  const std::string path = test::temporary(std::string(shape.tag) + ".y4m");
  test::write_file(path, y4m(shape, 3));
  Result<std::unique_ptr<Source>> source = open_source({.path = path, .raw = {}}, Log());
  ASSERT_TRUE(source) << source.error().message;
  const SourceVideo& video = (*source)->info().video;
  EXPECT_EQ(video.format, (PixelFormat{shape.chroma, shape.depth}));
  EXPECT_EQ(video.color.chroma_location, shape.location);
  EXPECT_EQ(video.frame_rate, (Rational{30000, 1001}));
  EXPECT_EQ(video.frame_count, 3);
  EXPECT_TRUE(video.exact_frame_count);
  Result<FramePool> pool = FramePool::create((*source)->layout(), (*source)->max_held_frames());
  ASSERT_TRUE(pool);
  ASSERT_TRUE((*source)->start(*pool, {}, 0, 0));
  for (int i = 0; i < 3; ++i) {
    Result<Item> item = (*source)->next();
    ASSERT_TRUE(item) << item.error().message;
    expect_picture(std::get<Frame>(*item), shape, i);
  }
  Result<Item> end = (*source)->next();
  EXPECT_TRUE(end && std::holds_alternative<EndOfStream>(*end));
}

INSTANTIATE_TEST_SUITE_P(All, Y4mShapes,
                         testing::Values(Shape{"420jpeg", Chroma::k420, 8, ChromaLocation::kCenter},
                                         Shape{"420mpeg2", Chroma::k420, 8, ChromaLocation::kLeft},
                                         Shape{"420paldv", Chroma::k420, 8, ChromaLocation::kTopLeft},
                                         Shape{"420", Chroma::k420, 8}, Shape{"422", Chroma::k422, 8},
                                         Shape{"444", Chroma::k444, 8}, Shape{"mono", Chroma::k400, 8},
                                         Shape{"420p10", Chroma::k420, 10}, Shape{"422p10", Chroma::k422, 10},
                                         Shape{"444p12", Chroma::k444, 12}, Shape{"420p16", Chroma::k420, 16},
                                         Shape{"mono10", Chroma::k400, 10}),
                         [](const auto& row) { return std::string(row.param.tag); });

TEST(Y4mHeader, ReadsWhatItSays) {
  const auto format =
      parse_y4m_header("YUV4MPEG2 W1920 H1080 F25:1 It A64:45 C420p10 XYSCSS=420P10 XCOLORRANGE=FULL", "x");
  ASSERT_TRUE(format) << format.error().message;
  EXPECT_TRUE(format->interlaced);
  EXPECT_EQ(format->color.range, Range::kFull);
  EXPECT_EQ(format->sample_aspect, (Rational{64, 45}));
  const auto old = parse_y4m_header("YUV4MPEG2 W4 H4 F1:1 XYSCSS=422P10", "x");
  ASSERT_TRUE(old);
  EXPECT_EQ(libav::name_of_format(old->pixel_format), "yuv422p10le");
}

TEST(Y4mHeader, SaysWhatIsWrong) {
  const auto words = [](const char* line) {
    const auto format = parse_y4m_header(line, "clip");
    return format ? std::string() : format.error().message;
  };
  EXPECT_THAT(words("YUV4MPEG2 H1080 F25:1"), HasSubstr("no size"));
  EXPECT_THAT(words("YUV4MPEG2 W-3 H1080"), HasSubstr("W-3"));
  EXPECT_THAT(words("YUV4MPEG2 W99999999999 H4"), HasSubstr("W99999999999"));
  EXPECT_THAT(words("YUV4MPEG2 W4 H4 F25"), HasSubstr("F25"));
  EXPECT_THAT(words("YUV4MPEG2 W4 H4 C411"), HasSubstr("C411"));
}

constexpr Shape kTen{"420p10", Chroma::k420, 10};

TEST(Y4m, ATruncatedLastPictureIsCountedAndTheRestDelivered) {
  std::vector<std::uint8_t> bytes = y4m(kTen, 4);
  bytes.erase(bytes.end() - 1000, bytes.end());
  const std::string path = test::temporary("short.y4m");
  test::write_file(path, bytes);
  const Outcome result = run(path);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.hashes.size(), 3U);
  EXPECT_EQ(result.counters.frames_undecodable, 1);
  EXPECT_THAT(result.counters.first_damage, HasSubstr("frame 3 is incomplete"));
  EXPECT_FALSE(result.info.video.exact_frame_count);
}

TEST(Y4m, EveryTruncationEnds) {
  const std::vector<std::uint8_t> bytes = y4m(kTen, 2);
  for (std::size_t tenth = 0; tenth < 10; ++tenth) {
    std::vector<std::uint8_t> cut(bytes.begin(),
                                  bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() * tenth / 10));
    const std::string path = test::temporary("cut.y4m");
    test::write_file(path, cut);
    const Outcome result = run(path);
    EXPECT_EQ(result.error.empty(), tenth > 5) << tenth << " " << result.error;
    if (!result.error.empty()) {
      EXPECT_EQ(result.code, ErrorCode::kInput);
    }
  }
}

TEST(Y4m, FrameLinesWithParametersAndLostFraming) {
  const std::string path = test::temporary("parameters.y4m");
  test::write_file(path, y4m(kTen, 3, "", "FRAME Ip Xhello\n"));
  EXPECT_EQ(run(path).hashes.size(), 3U);
  EXPECT_EQ(run(path, 1, {.first = 1}).hashes.size(), 2U);
  std::vector<std::uint8_t> bytes = y4m(kTen, 2);
  append(bytes, "FRAMEWORK");
  test::write_file(path, bytes);
  const Outcome result = run(path);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.hashes.size(), 2U);
  EXPECT_THAT(result.counters.first_damage, HasSubstr("no FRAME line"));
}

TEST(Y4m, SamplesAboveTheRangeAreClampedAndCounted) {
  std::vector<std::uint8_t> bytes = y4m(kTen, 1);
  bytes[bytes.size() - 1] = 0xFF;  // the last chroma sample is now above 1023
  const std::string path = test::temporary("stray.y4m");
  test::write_file(path, bytes);
  const Outcome result = run(path);
  ASSERT_EQ(result.damaged.size(), 1U);
  EXPECT_TRUE(result.damaged[0]);
  EXPECT_EQ(result.counters.frames_concealed, 1);
}

TEST(Y4m, RangesAreTheSameFromFileAndPipe) {
  const std::string path = test::temporary("range.y4m");
  test::write_file(path, y4m(kTen, 9));
  const Outcome all = run(path);
  ASSERT_EQ(all.hashes.size(), 9U);
  const Outcome part = run(path, 1, {.first = 3, .count = 4});
  EXPECT_EQ(part.hashes, std::vector<std::uint64_t>(all.hashes.begin() + 3, all.hashes.begin() + 7));
  EXPECT_TRUE(part.pts_without_gaps);
  EXPECT_EQ(run(path, 1, {.first = 100}).hashes.size(), 0U);

  // Standard input as a pipe.
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const int saved = dup(STDIN_FILENO);
  dup2(ends[0], STDIN_FILENO);
  close(ends[0]);
  std::thread writer([&] {
    const std::vector<std::uint8_t> bytes = test::read_file(path);
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t put = write(ends[1], bytes.data() + at, std::min<std::size_t>(777, bytes.size() - at));
      if (put <= 0) break;
      at += static_cast<std::size_t>(put);
    }
    close(ends[1]);
  });
  const Outcome piped = run("-", 1, {.first = 3, .count = 4});
  // What was not wanted is taken off the pipe, so that the writer ends.
  std::vector<char> rest(1 << 16);
  while (read(STDIN_FILENO, rest.data(), rest.size()) > 0) {
  }
  writer.join();
  dup2(saved, STDIN_FILENO);
  close(saved);
  EXPECT_EQ(piped.error, "");
  EXPECT_EQ(piped.hashes, part.hashes);
  EXPECT_EQ(piped.info.video.frame_count, 0);
}

TEST(Y4m, AStopEndsTheWaitForAPipe) {
  const std::string path = test::temporary("fifo.y4m");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const int writer = open(path.c_str(), O_RDWR | O_CLOEXEC);  // stays open: the reader waits for more
  ASSERT_GE(writer, 0);
  const std::vector<std::uint8_t> bytes = y4m(kTen, 1);
  std::thread feeder([&] { EXPECT_EQ(write(writer, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size())); });
  Result<std::unique_ptr<Source>> source = open_source({.path = path, .raw = {}}, Log());
  ASSERT_TRUE(source) << source.error().message;
  Result<FramePool> pool = FramePool::create((*source)->layout(), 2);
  ASSERT_TRUE(pool);
  std::stop_source stop;
  ASSERT_TRUE((*source)->start(*pool, stop.get_token(), 0, 0));
  ASSERT_TRUE((*source)->next());
  feeder.join();
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  const Result<Item> item = (*source)->next();
  ASSERT_FALSE(item);
  EXPECT_EQ(item.error().code, ErrorCode::kInterrupted);
  close(writer);
}

Outcome run_raw(const std::string& path, const char* format, int width, int height) {
  SourceSpec spec;
  spec.path = path;
  spec.raw = RawFormat{.pixel_format = format, .width = width, .height = height, .frame_rate = {25, 1}};
  return run(spec);
}

TEST(Raw, PlanarFramesAreTheSameAsInY4m) {
  const std::string framed = test::temporary("same.y4m"), bare = test::temporary("same.yuv");
  test::write_file(framed, y4m(kTen, 3));
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < 3; ++i) {
    const auto data = picture(kTen, i);
    bytes.insert(bytes.end(), data.begin(), data.end());
  }
  test::write_file(bare, bytes);
  const Outcome result = run_raw(bare, "yuv420p10le", kWidth, kHeight);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.hashes, run(framed).hashes);
  EXPECT_TRUE(result.info.video.exact_frame_count);
}

TEST(Raw, BadRequestsAreUsageErrors) {
  const std::string path = test::temporary("bare.yuv");
  test::write_file(path, std::vector<std::uint8_t>(1000));
  EXPECT_EQ(run_raw(path, "yuv420p11le", 16, 16).code, ErrorCode::kUsage);
  EXPECT_EQ(run_raw(path, "yuv420p", 0, 16).code, ErrorCode::kUsage);
  const Outcome large = run_raw(path, "yuv420p", 64, 64);
  EXPECT_EQ(large.code, ErrorCode::kInput);
  EXPECT_THAT(large.error, HasSubstr("no complete picture"));
  EXPECT_THAT(run_raw(path, "pal8", 16, 16).error, HasSubstr("pal8"));
}

TEST(Raw, RealP010IsUnpackedExactly) {
  JINSHA_NEED_MEDIA(path, "hdr/raw_p010_1280x720_hdr.p010");
  SourceSpec spec;
  spec.path = path;
  spec.raw = RawFormat{.pixel_format = "p010le", .width = 1280, .height = 720, .frame_rate = {25, 1}};
  Result<std::unique_ptr<Source>> source = open_source(spec, Log());
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ((*source)->info().video.format, (PixelFormat{Chroma::k420, 10}));
  Result<FramePool> pool = FramePool::create((*source)->layout(), 1);
  ASSERT_TRUE(pool && (*source)->start(*pool, {}, 0, 0));
  Result<Item> item = (*source)->next();
  ASSERT_TRUE(item);
  const Frame& frame = std::get<Frame>(*item);
  const std::vector<std::uint8_t> bytes = test::read_file(path);
  const auto word = [&](std::size_t index) { return (bytes[2 * index] | bytes[2 * index + 1] << 8) >> 6; };
  for (int plane = 0; plane < 3; ++plane) {
    const std::size_t width = plane == 0 ? 1280 : 640, height = plane == 0 ? 720 : 360;
    for (std::size_t y = 0; y < height; ++y) {
      const auto* row = reinterpret_cast<const std::uint16_t*>(frame.plane(plane) + frame.layout().stride[plane] * y);
      for (std::size_t x = 0; x < width; ++x) {
        const std::size_t at =
            plane == 0 ? y * 1280 + x : 1280 * 720 + y * 1280 + 2 * x + static_cast<std::size_t>(plane - 1);
        ASSERT_EQ(row[x], word(at)) << plane << " " << x << "," << y;
      }
    }
  }
}

}  // namespace
}  // namespace jinsha
