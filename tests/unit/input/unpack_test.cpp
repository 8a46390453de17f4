// Every pixel format that is accepted, unpacked as libavutil's own reader reads it.
extern "C" {
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
}

#include <gtest/gtest.h>

#include "input/unpack.h"
#include "libav/handles.h"

namespace jinsha {
namespace {

constexpr int kWidth = 38, kHeight = 10;

TEST(Unpack, AgreesWithLibavutilForEveryFormat) {
  int formats = 0;
  for (const AVPixFmtDescriptor* d = av_pix_fmt_desc_next(nullptr); d != nullptr; d = av_pix_fmt_desc_next(d)) {
    const AVPixelFormat format = av_pix_fmt_desc_get_id(d);
    const Result<libav::FormatUse> use = libav::use_of(format);
    if (!use) {
      EXPECT_NE(use.error().message.find(d->name), std::string::npos);
      continue;
    }
    ++formats;
    const libav::FramePtr from = libav::make_frame();
    from->format = format;
    from->width = kWidth;
    from->height = kHeight;
    ASSERT_EQ(av_frame_get_buffer(from.get(), 0), 0) << d->name;
    // Any bits at all: what lies outside the samples must not show.
    std::uint32_t random = 1;
    for (int i = 0; i < AV_NUM_DATA_POINTERS && from->buf[i] != nullptr; ++i) {
      for (std::size_t k = 0; k < from->buf[i]->size; ++k) {
        random = random * 1664525U + 1013904223U;
        from->buf[i]->data[k] = static_cast<std::uint8_t>(random >> 24);
      }
    }
    // Every second format from its last row up, as some decoders hand pictures out.
    const std::uint8_t* data[4] = {};
    int linesize[4] = {};
    for (int i = 0; i < 4 && from->data[i] != nullptr; ++i) {
      const bool bottom_up = formats % 2 == 0, chroma = i == 1 || i == 2;
      const int rows = chroma ? AV_CEIL_RSHIFT(kHeight, d->log2_chroma_h) : kHeight;
      linesize[i] = bottom_up ? -from->linesize[i] : from->linesize[i];
      data[i] = from->data[i] + (bottom_up ? std::ptrdiff_t{from->linesize[i]} * (rows - 1) : 0);
    }
    const PixelFormat out = use->format;
    Result<FramePool> pool = FramePool::create(FrameLayout::packed(out, kWidth, kHeight), 1);
    ASSERT_TRUE(pool);
    FrameMut to = std::move(*pool->try_acquire());
    unpack_picture(data, linesize, format, *use, to);
    std::uint16_t line[kWidth];
    for (int plane = 0; plane < out.planes(); ++plane) {
      const int component = use->identity ? (plane + 1) % 3 : plane;
      for (int y = 0; y < out.plane_height(plane, kHeight); ++y) {
        const int width = out.plane_width(plane, kWidth);
        av_read_image_line2(line, data, linesize, d, 0, y, component, width, 0, 2);
        const std::byte* row = to.plane(plane) + to.layout().stride[plane] * static_cast<std::size_t>(y);
        for (int x = 0; x < width; ++x) {
          int value = out.depth > 8 ? reinterpret_cast<const std::uint16_t*>(row)[x] : static_cast<int>(row[x]);
          // A direct format is copied as it is; its decoder leaves nothing above the sample.
          if (use->direct) value &= (1 << out.depth) - 1;
          ASSERT_EQ(value, line[x]) << d->name << " plane " << plane << " " << x << "," << y;
        }
      }
    }
  }
  EXPECT_GT(formats, 80);
}

TEST(Unpack, KnowsWhichFormatsNeedNoUnpacking) {
  for (const char* name :
       {"yuv420p", "yuv420p10le", "yuv422p12le", "yuv444p16le", "gray", "gray10le", "gbrp", "gbrp12le", "yuvj420p"}) {
    const auto use = libav::use_of(libav::format_named(name));
    ASSERT_TRUE(use) << name;
    EXPECT_TRUE(use->direct) << name;
  }
  for (const char* name :
       {"p010le", "nv12", "yuyv422", "rgb24", "rgb48le", "yuva420p", "yuv420p10be", "ya8", "xyz12le"}) {
    const auto use = libav::use_of(libav::format_named(name));
    ASSERT_TRUE(use) << name;
    EXPECT_FALSE(use->direct) << name;
  }
  for (const char* name :
       {"yuv411p", "yuv410p", "yuv440p", "pal8", "monow", "gbrpf32le", "bayer_rggb8", "rgb565le", "vaapi", "cuda"}) {
    EXPECT_FALSE(libav::use_of(libav::format_named(name))) << name;
  }
}

}  // namespace
}  // namespace jinsha
