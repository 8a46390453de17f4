extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/mem.h>
}

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "libav/annexb_filter.h"

namespace jinsha::libav {
namespace {

using Bytes8 = std::vector<std::uint8_t>;

struct Context {
  AVFormatContext* context = avformat_alloc_context();
  AVStream* stream = avformat_new_stream(context, nullptr);
  Context(AVCodecID codec, const Bytes8& extradata) {
    stream->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    stream->codecpar->codec_id = codec;
    stream->codecpar->extradata =
        static_cast<std::uint8_t*>(av_mallocz(extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    stream->codecpar->extradata_size = static_cast<int>(extradata.size());
    std::copy(extradata.begin(), extradata.end(), stream->codecpar->extradata);
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { avformat_free_context(context); }
};

const Bytes8 kAvcc{1, 66, 192, 10, 0xFF, 0xE1, 0, 4, 0x67, 66, 192, 10, 1, 0, 2, 0x68, 0xCE};

TEST(AnnexbFilter, PutsStartCodesWhereTheStandardWantsThem) {
  const Context context(AV_CODEC_ID_H264, {});
  const auto filter = AnnexbFilter::open(*context.stream);
  ASSERT_TRUE(filter.ok());
  // The zero byte of the first start code was left with the access unit before, one follows the last unit.
  const AnnexbUnit unit = filter->access_unit(Bytes8{0, 0, 1, 9, 16, 0, 0, 1, 0x41, 5, 0, 0, 0, 1, 0x41, 6, 0});
  EXPECT_EQ(unit.bytes, (Bytes8{0, 0, 0, 1, 9, 16, 0, 0, 1, 0x41, 5, 0, 0, 0, 1, 0x41, 6}));
  EXPECT_EQ(unit.empty_units, 0);
  EXPECT_FALSE(unit.damaged);
}

TEST(AnnexbFilter, LeavesEmptyUnitsOut) {
  const Context context(AV_CODEC_ID_HEVC, {});
  const auto filter = AnnexbFilter::open(*context.stream);
  ASSERT_TRUE(filter.ok());
  const AnnexbUnit unit = filter->access_unit(Bytes8{0, 0, 0, 1, 2, 1, 7, 0, 0, 1, 0, 0, 0, 1, 2, 1, 8});
  EXPECT_EQ(unit.bytes, (Bytes8{0, 0, 0, 1, 2, 1, 7, 0, 0, 0, 1, 2, 1, 8}));
  EXPECT_EQ(unit.empty_units, 1);
  EXPECT_TRUE(filter->access_unit({}).bytes.empty());
  EXPECT_TRUE(filter->access_unit(Bytes8{1, 2, 3, 4, 0, 0, 2}).bytes.empty()) << "no start code";
}

TEST(AnnexbFilter, TurnsLengthsIntoStartCodes) {
  const Context context(AV_CODEC_ID_H264, kAvcc);
  const auto filter = AnnexbFilter::open(*context.stream);
  ASSERT_TRUE(filter.ok());
  EXPECT_EQ(*filter->headers(), (Bytes8{0, 0, 0, 1, 0x67, 66, 192, 10, 0, 0, 0, 1, 0x68, 0xCE}));
  const AnnexbUnit unit = filter->access_unit(Bytes8{0, 0, 0, 2, 9, 16, 0, 0, 0, 3, 0x65, 1, 2});
  EXPECT_EQ(unit.bytes, (Bytes8{0, 0, 0, 1, 9, 16, 0, 0, 1, 0x65, 1, 2}));
  EXPECT_FALSE(unit.damaged);
  EXPECT_TRUE(filter->access_unit(Bytes8{0, 0, 0, 9, 0x65, 1}).damaged) << "a length beyond the end";
  EXPECT_TRUE(filter->access_unit(Bytes8{0, 0, 0, 2, 9, 16, 0, 0}).damaged) << "a length cut short";
}

TEST(AnnexbFilter, RefusesADamagedConfiguration) {
  Bytes8 cut(kAvcc.begin(), kAvcc.begin() + 9);
  const Context context(AV_CODEC_ID_H264, cut);
  const auto filter = AnnexbFilter::open(*context.stream);
  ASSERT_FALSE(filter.ok());
  EXPECT_EQ(filter.error().code, ErrorCode::kInput);
}

TEST(AnnexbFilter, LeavesAv1AsItIs) {
  const Context context(AV_CODEC_ID_AV1, {0x81, 4, 12, 0, 10, 1, 0});
  const auto filter = AnnexbFilter::open(*context.stream);
  ASSERT_TRUE(filter.ok());
  EXPECT_EQ(*filter->headers(), (Bytes8{10, 1, 0}));
  const Bytes8 unit{18, 0, 50, 1, 0};
  EXPECT_EQ(filter->access_unit(unit).bytes, unit);
}

}  // namespace
}  // namespace jinsha::libav
