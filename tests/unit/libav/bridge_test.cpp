// The bridge to libav*: conversions both ways, and that its global log is left alone.
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
}

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdarg>
#include <cstring>

#include "libav/color.h"
#include "libav/error.h"
#include "libav/formats.h"
#include "libav/frame_flags.h"
#include "libav/handles.h"
#include "libav/mux_bridge.h"
#include "libav/side_data.h"

namespace jinsha {
namespace {

using testing::HasSubstr;

TEST(LibavError, HasWordsAndKeepsItsCode) {
  const Error error = libav::to_error(ErrorCode::kInput, AVERROR_INVALIDDATA, "clip.mp4");
  EXPECT_EQ(error.code, ErrorCode::kInput);
  EXPECT_THAT(error.message, HasSubstr("clip.mp4: "));
  EXPECT_THAT(error.message, HasSubstr("Invalid data"));
  EXPECT_EQ(libav::to_error(ErrorCode::kInput, AVERROR(ENOMEM), "x").code, ErrorCode::kNotPossible);
  EXPECT_FALSE(libav::error_text(-123456789).empty());
}

TEST(LibavColor, RangeAndSitingRoundTrip) {
  for (const Range range : {Range::kUnspecified, Range::kLimited, Range::kFull}) {
    EXPECT_EQ(libav::to_range(libav::from_range(range)), range);
  }
  for (int i = 0; i < 6; ++i) {
    const auto location = static_cast<ChromaLocation>(i);
    EXPECT_EQ(libav::to_chroma_location(libav::from_chroma_location(location)), location);
  }
  EXPECT_EQ(libav::to_chroma_location(AVCHROMA_LOC_TOPLEFT), ChromaLocation::kTopLeft);
  EXPECT_EQ(libav::to_chroma_location(AVCHROMA_LOC_UNSPECIFIED), ChromaLocation::kUnspecified);
}

TEST(LibavColor, ReservedCodesReadAsUnspecified) {
  const libav::FramePtr frame = libav::make_frame();
  frame->color_primaries = AVCOL_PRI_RESERVED0;
  frame->color_trc = AVCOL_TRC_RESERVED;
  frame->colorspace = AVCOL_SPC_RESERVED;
  EXPECT_EQ(libav::color_of(*frame), ColorInfo{});
  frame->color_primaries = AVCOL_PRI_BT2020;
  frame->color_trc = AVCOL_TRC_ARIB_STD_B67;
  frame->colorspace = AVCOL_SPC_RGB;
  const ColorInfo color = libav::color_of(*frame);
  EXPECT_EQ(color.primaries, Primaries::kBt2020);
  EXPECT_EQ(color.transfer, Transfer::kHlg);
  EXPECT_EQ(color.matrix, Matrix::kIdentity);
}

TEST(LibavFormats, OursExistThere) {
  for (const Chroma chroma : {Chroma::k400, Chroma::k420, Chroma::k422, Chroma::k444}) {
    for (const int depth : {8, 9, 10, 12, 14, 16}) {
      const PixelFormat format{.chroma = chroma, .depth = depth};
      const AVPixelFormat av = libav::from_format(format);
      ASSERT_NE(av, AV_PIX_FMT_NONE) << describe(format);
      const auto use = libav::use_of(av);
      ASSERT_TRUE(use);
      EXPECT_EQ(use->format, format);
      EXPECT_TRUE(use->direct);
    }
  }
  EXPECT_EQ(libav::from_format({Chroma::k420, 11}), AV_PIX_FMT_NONE);
  EXPECT_EQ(libav::name_of_format(AV_PIX_FMT_NONE), "none");
  EXPECT_FALSE(libav::use_of(AV_PIX_FMT_NONE));
}

TEST(LibavFormats, RationalsAreReduced) {
  EXPECT_EQ(libav::to_rational({50, 2}).num, 25);
  EXPECT_FALSE(libav::to_rational({0, 0}).valid());
  EXPECT_FALSE(libav::to_rational({-1, 2}).valid());
  const AVRational large = libav::from_rational({INT64_C(60'000'000'000'000), INT64_C(1'001'000'000'000)});
  EXPECT_EQ(large.num, 60'000);
  EXPECT_EQ(large.den, 1001);
}

TEST(LibavFormats, CodecsRoundTrip) {
  for (const Codec codec : {Codec::kHevc, Codec::kAv1, Codec::kAvc, Codec::kVp9, Codec::kMpeg2, Codec::kProRes}) {
    EXPECT_EQ(libav::to_codec(libav::from_codec(codec)), codec);
  }
  EXPECT_EQ(libav::to_codec(AV_CODEC_ID_DNXHD), Codec::kOther);
}

// What the muxing side writes into a stream, the reading side finds, whichever FFmpeg it is.
TEST(LibavSideData, StaticMetadataOfAStreamRoundTrips) {
  const libav::InputPtr context(avformat_alloc_context());
  AVStream* stream = avformat_new_stream(context.get(), nullptr);
  ASSERT_NE(stream, nullptr);
  EXPECT_EQ(libav::hdr_of(*stream), HdrMetadata{});
  VideoStreamInfo info;
  info.codec = Codec::kHevc;
  info.width = 64;
  info.height = 64;
  info.frame_rate = {25, 1};
  info.time_base = {1, 25};
  info.color = {Primaries::kBt2020, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited, ChromaLocation::kTopLeft};
  info.hdr.mastering_display = MasteringDisplay{.primaries_rgb = {{{34'000, 16'000}, {13'250, 34'500}, {7'500, 3'000}}},
                                                .white_point = {15'635, 16'450},
                                                .max_luminance = 10'000'000,
                                                .min_luminance = 1};
  info.hdr.content_light = ContentLight{.max_cll_nits = 1000, .max_fall_nits = 400};
  ASSERT_TRUE(libav::describe_stream(stream, info));
  EXPECT_EQ(libav::hdr_of(*stream), info.hdr);
  EXPECT_EQ(libav::color_of(*stream->codecpar), info.color);
  EXPECT_FALSE(libav::dolby_vision_of(*stream));
  EXPECT_EQ(libav::orientation_of(*stream).rotation_degrees, 0);
}

int messages = 0;
void count_message(void*, int, const char*, va_list) { ++messages; }

// The level is what av_log's default callback compares with: a quiet context's must lie above every level.
int lowest_level = 1 << 20;
void note_level(void*, int level, const char*, va_list) { lowest_level = std::min(lowest_level, level & 0xFF); }

TEST(LibavLog, QuietContextsStayBelowEveryLevel) {
  // The test is the program here: it may put its own callback in, and takes it out again.
  av_log_set_callback(note_level);
  const libav::CodecPtr codec(avcodec_alloc_context3(nullptr));
  libav::quiet(codec.get());
  const libav::InputPtr input(avformat_alloc_context());
  libav::quiet(input.get());
  for (const int level : {AV_LOG_FATAL, AV_LOG_ERROR, AV_LOG_INFO, AV_LOG_TRACE}) {
    av_log(codec.get(), level, "message");
    av_log(input.get(), level, "message");
  }
  EXPECT_GT(lowest_level, AV_LOG_TRACE);
  av_log_set_callback(count_message);
  av_log(nullptr, AV_LOG_ERROR, "message");
  EXPECT_EQ(messages, 1);
  av_log_set_callback(av_log_default_callback);
}

TEST(LibavHandles, FreeWhatTheyOwn) {
  libav::PacketPtr packet = libav::make_packet();
  ASSERT_EQ(av_new_packet(packet.get(), 100), 0);
  const libav::PacketPtr copy = libav::clone(*packet);
  ASSERT_TRUE(copy);
  packet.reset();
  EXPECT_EQ(copy->size, 100);
  std::memset(copy->data, 1, 100);
  libav::Dictionary options;
  options.set("threads", "1");
  EXPECT_NE(*options.address(), nullptr);
}

}  // namespace
}  // namespace jinsha
