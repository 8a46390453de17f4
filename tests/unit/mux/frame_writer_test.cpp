// y4m, raw and PNG, read back by libavformat and libavcodec.
#include <gtest/gtest.h>

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <cstring>

#include "mux/clip_helper.h"
#include "mux/demux_helper.h"
#include "mux/muxer.h"
#include "mux/png_convert.h"
#include "mux/y4m_writer.h"

namespace jinsha::test {
namespace {

VideoStreamInfo video_of(PixelFormat format, int width, int height) {
  VideoStreamInfo video;
  video.format = format;
  video.width = width;
  video.height = height;
  video.frame_rate = {60000, 1001};
  video.color.range = Range::kLimited;
  video.color.matrix = Matrix::kBt709;
  return video;
}

void put_sample(FrameMut& frame, int plane, int x, int y, int value) {
  const FrameLayout& layout = frame.layout();
  std::byte* row = frame.plane(plane) + static_cast<std::size_t>(y) * layout.stride[plane];
  const auto word = static_cast<std::uint16_t>(value);
  if (layout.format.bytes_per_sample() == 1)
    row[x] = static_cast<std::byte>(value);
  else
    std::memcpy(row + 2 * x, &word, 2);
}

// Every sample from `value(plane, x, y)`.
template <typename Value>
Frame make_frame(const VideoStreamInfo& video, Value value) {
  auto pool = FramePool::create(FrameLayout::packed(video.format, video.width, video.height), 1);
  EXPECT_TRUE(pool.ok());
  FrameMut frame = *pool->try_acquire();
  for (int plane = 0; plane < video.format.planes(); ++plane) {
    for (int y = 0; y < video.format.plane_height(plane, video.height); ++y) {
      for (int x = 0; x < video.format.plane_width(plane, video.width); ++x) {
        put_sample(frame, plane, x, y, value(plane, x, y));
      }
    }
  }
  return std::move(frame).publish();
}

std::vector<std::uint8_t> write_frames(const FrameWriterConfig& config, const std::vector<Frame>& frames) {
  MemorySink sink;
  auto writer = open_frame_writer(config, sink);
  EXPECT_TRUE(writer.ok());
  for (const Frame& frame : frames) EXPECT_TRUE((*writer)->write(frame).ok());
  EXPECT_TRUE((*writer)->finish().ok());
  return std::move(sink.bytes);
}

struct HeaderCase {
  PixelFormat format;
  ChromaLocation location;
  Range range;
  const char* tail;  // from the C tag on
};

TEST(Y4mWriter, HeaderNamesSamplingDepthSitingAndRange) {
  const HeaderCase cases[] = {
      {{Chroma::k420, 8}, ChromaLocation::kLeft, Range::kLimited, "C420mpeg2 XCOLORRANGE=LIMITED\n"},
      {{Chroma::k420, 8}, ChromaLocation::kCenter, Range::kFull, "C420jpeg XCOLORRANGE=FULL\n"},
      {{Chroma::k420, 8}, ChromaLocation::kTopLeft, Range::kUnspecified, "C420paldv\n"},
      {{Chroma::k420, 8}, ChromaLocation::kUnspecified, Range::kUnspecified, "C420mpeg2\n"},
      {{Chroma::k420, 10}, ChromaLocation::kTopLeft, Range::kLimited, "C420p10 XCOLORRANGE=LIMITED\n"},
      {{Chroma::k422, 12}, ChromaLocation::kLeft, Range::kLimited, "C422p12 XCOLORRANGE=LIMITED\n"},
      {{Chroma::k422, 8}, ChromaLocation::kLeft, Range::kLimited, "C422 XCOLORRANGE=LIMITED\n"},
      {{Chroma::k444, 16}, ChromaLocation::kUnspecified, Range::kFull, "C444p16 XCOLORRANGE=FULL\n"},
      {{Chroma::k400, 8}, ChromaLocation::kUnspecified, Range::kFull, "Cmono XCOLORRANGE=FULL\n"},
      {{Chroma::k400, 10}, ChromaLocation::kUnspecified, Range::kFull, "Cmono10 XCOLORRANGE=FULL\n"},
  };
  for (const HeaderCase& test : cases) {
    VideoStreamInfo video = video_of(test.format, 64, 32);
    video.color.chroma_location = test.location;
    video.color.range = test.range;
    const auto header = y4m_header(video);
    ASSERT_TRUE(header.ok());
    EXPECT_EQ(*header, std::string("YUV4MPEG2 W64 H32 F60000:1001 Ip A1:1 ") + test.tail);
  }
  EXPECT_EQ(y4m_header(video_of({Chroma::k420, 11}, 64, 32)).error().code, ErrorCode::kNotPossible);
  VideoStreamInfo unknown_rate = video_of({Chroma::k420, 10}, 64, 32);
  unknown_rate.frame_rate = {0, 1};
  EXPECT_FALSE(y4m_header(unknown_rate).ok());
}

class Uncompressed : public testing::TestWithParam<PixelFormat> {};

// An odd size, whose chroma rounds up and whose rows have padding in memory.
TEST_P(Uncompressed, KeepsEverySample) {
  const VideoStreamInfo video = video_of(GetParam(), 67, 35);
  const int most = (1 << video.format.depth) - 1;
  const auto value = [&](int seed) {
    return [=](int plane, int x, int y) { return (seed + plane * 97 + x * 13 + y * 201) & most; };
  };
  std::vector<std::uint8_t> expected[2];
  for (int i = 0; i < 2; ++i) {
    for (int plane = 0; plane < video.format.planes(); ++plane) {
      for (int y = 0; y < video.format.plane_height(plane, video.height); ++y) {
        for (int x = 0; x < video.format.plane_width(plane, video.width); ++x) {
          const int sample = value(i)(plane, x, y);
          expected[i].push_back(static_cast<std::uint8_t>(sample));
          if (video.format.bytes_per_sample() == 2) expected[i].push_back(static_cast<std::uint8_t>(sample >> 8));
        }
      }
    }
  }
  const std::vector<Frame> frames{make_frame(video, value(0)), make_frame(video, value(1))};
  const std::vector<std::uint8_t> raw = write_frames({.kind = ContainerKind::kRawFrames, .video = video}, frames);
  std::vector<std::uint8_t> both = expected[0];
  both.insert(both.end(), expected[1].begin(), expected[1].end());
  EXPECT_EQ(raw, both);
  const TempFile file("frames.y4m", write_frames({.kind = ContainerKind::kY4m, .video = video}, frames));
  const ReadFile read = read_file(file.path());
  EXPECT_EQ(read.format, "yuv4mpegpipe");
  ASSERT_EQ(read.streams.size(), 1u);
  EXPECT_TRUE(read.streams[0].frame_rate == (Rational{60000, 1001}));
  ASSERT_EQ(read.streams[0].packets.size(), 2u);
  EXPECT_EQ(read.streams[0].packets[0].data, expected[0]);
  EXPECT_EQ(read.streams[0].packets[1].data, expected[1]);
}

INSTANTIATE_TEST_SUITE_P(Formats, Uncompressed,
                         testing::Values(PixelFormat{Chroma::k420, 8}, PixelFormat{Chroma::k420, 10},
                                         PixelFormat{Chroma::k422, 10}, PixelFormat{Chroma::k444, 12},
                                         PixelFormat{Chroma::k400, 16}),
                         [](const auto& test) {
                           return std::string("yuv") + name_of(test.param.chroma) + "p" +
                                  std::to_string(test.param.depth);
                         });

TEST(FrameWriter, RefusesAPictureOfAnotherFormat) {
  MemorySink sink;
  const auto writer =
      open_frame_writer({.kind = ContainerKind::kY4m, .video = video_of({Chroma::k420, 10}, 64, 32)}, sink);
  ASSERT_TRUE(writer.ok());
  const VideoStreamInfo other = video_of({Chroma::k420, 10}, 64, 34);
  EXPECT_EQ((*writer)->write(make_frame(other, [](int, int, int) { return 0; })).error().code, ErrorCode::kInternal);
  EXPECT_FALSE((*writer)->write(Frame()).ok());
}

TEST(FrameWriter, NullTakesEverything) {
  EXPECT_TRUE(write_frames({.kind = ContainerKind::kNull},
                           {make_frame(video_of({Chroma::k420, 8}, 16, 16), [](int, int, int) { return 1; })})
                  .empty());
}

TEST(FrameWriter, ErrorsOfTheSinkArrive) {
  const VideoStreamInfo video = video_of({Chroma::k420, 10}, 64, 32);
  for (const ContainerKind kind : {ContainerKind::kY4m, ContainerKind::kRawFrames, ContainerKind::kPng}) {
    FullSink sink(20);
    const auto writer = open_frame_writer({.kind = kind, .video = video}, sink);
    ASSERT_TRUE(writer.ok());
    const Status status = (*writer)->write(make_frame(video, [](int, int, int) { return 500; }));
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().message, "the test's disk is full");
  }
}

// Samples of a decoded PNG: R, G, B words, row by row.
std::vector<std::uint16_t> decode_png(const std::vector<std::uint8_t>& bytes, int width, int height) {
  std::vector<std::uint16_t> samples;
  AVCodecContext* context = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_PNG));
  EXPECT_GE(avcodec_open2(context, nullptr, nullptr), 0);
  AVPacket* packet = av_packet_alloc();
  AVFrame* frame = av_frame_alloc();
  EXPECT_GE(av_new_packet(packet, static_cast<int>(bytes.size())), 0);
  std::memcpy(packet->data, bytes.data(), bytes.size());
  EXPECT_GE(avcodec_send_packet(context, packet), 0);
  EXPECT_GE(avcodec_receive_frame(context, frame), 0);
  EXPECT_EQ(frame->width, width);
  EXPECT_EQ(frame->height, height);
  EXPECT_EQ(frame->format, AV_PIX_FMT_RGB48BE);
  for (int y = 0; y < frame->height; ++y) {
    const std::uint8_t* row = frame->data[0] + y * frame->linesize[0];
    for (int i = 0; i < 3 * frame->width; ++i)
      samples.push_back(static_cast<std::uint16_t>(row[2 * i] << 8 | row[2 * i + 1]));
  }
  av_frame_free(&frame);
  av_packet_free(&packet);
  avcodec_free_context(&context);
  return samples;
}

struct ColorCase {
  const char* name;
  PixelFormat format;
  Matrix matrix;
  Range range;
  int codes[3];
  int rgb[3];
};
class Png : public testing::TestWithParam<ColorCase> {};

TEST_P(Png, UndoesRangeAndMatrix) {
  const ColorCase& test = GetParam();
  VideoStreamInfo video = video_of(test.format, 18, 10);
  video.color.matrix = test.matrix;
  video.color.range = test.range;
  const Frame frame = make_frame(video, [&](int plane, int, int) { return test.codes[plane]; });
  const std::vector<std::uint16_t> samples =
      decode_png(write_frames({.kind = ContainerKind::kPng, .video = video}, {frame}), 18, 10);
  ASSERT_EQ(samples.size(), 3u * 18 * 10);
  for (std::size_t i = 0; i < samples.size(); ++i) EXPECT_NEAR(samples[i], test.rgb[i % 3], 1) << i;
}

// Codes of H.273: BT.709 red has Y' = 0.2126, Cb = -0.2126/1.8556, Cr = 0.5; BT.2020 blue has
// Y' = 0.0593, Cb = 0.5, Cr = -0.0593/1.4746. 12-bit codes hit the colour to 1/3000 of full scale.
INSTANTIATE_TEST_SUITE_P(
    Colors, Png,
    testing::Values(
        ColorCase{
            "white10", {Chroma::k420, 10}, Matrix::kBt709, Range::kLimited, {940, 512, 512}, {65535, 65535, 65535}},
        ColorCase{"black10", {Chroma::k420, 10}, Matrix::kBt709, Range::kLimited, {64, 512, 512}, {0, 0, 0}},
        ColorCase{"below_black", {Chroma::k420, 10}, Matrix::kBt709, Range::kLimited, {4, 512, 512}, {0, 0, 0}},
        ColorCase{"full8", {Chroma::k422, 8}, Matrix::kSmpte170M, Range::kFull, {128, 128, 128}, {32896, 32896, 32896}},
        ColorCase{"gbr12", {Chroma::k444, 12}, Matrix::kIdentity, Range::kFull, {4095, 0, 819}, {13107, 65535, 0}},
        ColorCase{"grey16", {Chroma::k400, 16}, Matrix::kBt709, Range::kFull, {12345, 0, 0}, {12345, 12345, 12345}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(PngConvert, PrimaryColours) {
  VideoStreamInfo video = video_of({Chroma::k444, 16}, 2, 2);
  std::uint8_t row[12];
  const auto rgb = [&](int i) { return row[2 * i] << 8 | row[2 * i + 1]; };
  // 16-bit limited range: black 4096, luma span 56064, chroma middle 32768, span 57344.
  const Frame red = make_frame(video, [](int plane, int, int) {
    const double ycbcr[] = {4096 + 56064 * 0.2126, 32768 - 57344 * 0.2126 / 1.8556, 32768 + 57344 * 0.5};
    return static_cast<int>(ycbcr[plane] + 0.5);
  });
  convert_row(red, video.color, *luma_coefficients(video.color), 0, row);
  EXPECT_NEAR(rgb(0), 65535, 2);
  EXPECT_NEAR(rgb(1), 0, 2);
  EXPECT_NEAR(rgb(2), 0, 2);
  video.color.matrix = Matrix::kBt2020Ncl;
  const Frame blue = make_frame(video, [](int plane, int, int) {
    const double ycbcr[] = {4096 + 56064 * 0.0593, 32768 + 57344 * 0.5, 32768 - 57344 * 0.0593 / 1.4746};
    return static_cast<int>(ycbcr[plane] + 0.5);
  });
  convert_row(blue, video.color, *luma_coefficients(video.color), 1, row);
  EXPECT_NEAR(rgb(3), 0, 2);
  EXPECT_NEAR(rgb(4), 0, 2);
  EXPECT_NEAR(rgb(5), 65535, 2);
  video.color.matrix = Matrix::kIctcp;
  EXPECT_EQ(luma_coefficients(video.color).error().code, ErrorCode::kNotPossible);
}

TEST(PngWriter, OneFileAFrameOrOneFrame) {
  const VideoStreamInfo video = video_of({Chroma::k420, 10}, 16, 8);
  const Frame frame = make_frame(video, [](int, int, int) { return 512; });
  MemorySink single;
  const auto one = open_frame_writer({.kind = ContainerKind::kPng, .video = video}, single);
  ASSERT_TRUE(one.ok());
  ASSERT_TRUE((*one)->write(frame).ok());
  EXPECT_EQ((*one)->write(frame).error().code, ErrorCode::kUsage);

  struct Numbered final : ByteSink {
    explicit Numbered(std::vector<std::size_t>& finished_sizes) : finished(finished_sizes) {}
    Status write(std::span<const std::uint8_t> bytes) override {
      size += bytes.size();
      return {};
    }
    Status finish() override {
      finished.push_back(size);
      return {};
    }
    std::vector<std::size_t>& finished;
    std::size_t size = 0;
  };
  std::vector<std::size_t> finished;
  std::vector<std::int64_t> indices;
  FrameWriterConfig config{.kind = ContainerKind::kPng, .video = video};
  config.open_file = [&](std::int64_t index) -> Result<std::unique_ptr<ByteSink>> {
    if (index == 3) return make_error(ErrorCode::kOutput, "no fourth file");
    indices.push_back(index);
    return std::unique_ptr<ByteSink>(std::make_unique<Numbered>(finished));
  };
  MemorySink unused;
  const auto many = open_frame_writer(config, unused);
  ASSERT_TRUE(many.ok());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE((*many)->write(frame).ok());
  EXPECT_EQ((*many)->write(frame).error().message, "no fourth file");
  EXPECT_EQ(indices, (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_EQ(finished, (std::vector<std::size_t>(3, single.bytes.size())));
  EXPECT_TRUE(unused.bytes.empty());
}

}  // namespace
}  // namespace jinsha::test
