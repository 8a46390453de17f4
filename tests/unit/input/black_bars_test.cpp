// Black bars of pictures whose edges are known.
#include "input/black_bars.h"

#include <gtest/gtest.h>

#include <cstring>

namespace jinsha {
namespace {

constexpr int kWidth = 64, kHeight = 40;

// `inside` within the bars, `outside` elsewhere, codes of 8 bits in every plane.
Frame picture(const BlackBars& bars, int depth, Matrix matrix, Range range, int inside, int outside) {
  const PixelFormat format{.chroma = Chroma::k444, .depth = depth};
  const FrameLayout layout = FrameLayout::packed(format, kWidth, kHeight);
  FrameMut frame = *FramePool::create(layout, 1)->try_acquire();
  frame.info().color.matrix = matrix;
  frame.info().color.range = range;
  for (int plane = 0; plane < 3; ++plane) {
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        const bool in = x >= bars.left && x < kWidth - bars.right && y >= bars.top && y < kHeight - bars.bottom;
        const int code = (in ? inside : outside) << (depth - 8);
        std::byte* row = frame.plane(plane) + layout.stride[plane] * static_cast<std::size_t>(y);
        if (depth == 8) {
          row[x] = static_cast<std::byte>(code);
        } else {
          reinterpret_cast<std::uint16_t*>(row)[x] = static_cast<std::uint16_t>(code);
        }
      }
    }
  }
  return std::move(frame).publish();
}

TEST(BlackBars, AreFoundAtEveryDepthAndRange) {
  for (const BlackBars& bars : {BlackBars{0, 0, 0, 0}, BlackBars{3, 0, 0, 0}, BlackBars{0, 7, 0, 5},
                                BlackBars{1, 2, 3, 4}, BlackBars{24, 16, 24, 16}}) {
    for (const int depth : {8, 10, 12, 16}) {
      EXPECT_EQ(black_bars_of(picture(bars, depth, Matrix::kBt709, Range::kLimited, 60, 16)), bars) << depth;
      EXPECT_EQ(black_bars_of(picture(bars, depth, Matrix::kBt709, Range::kUnspecified, 60, 24)), bars) << depth;
      EXPECT_EQ(black_bars_of(picture(bars, depth, Matrix::kBt709, Range::kFull, 60, 8)), bars) << depth;
      EXPECT_EQ(black_bars_of(picture(bars, depth, Matrix::kIdentity, Range::kFull, 60, 0)), bars) << depth;
    }
  }
}

TEST(BlackBars, GreyEdgesAreNone) {
  EXPECT_EQ(black_bars_of(picture({5, 5, 5, 5}, 10, Matrix::kBt709, Range::kLimited, 60, 25)), BlackBars{});
  EXPECT_EQ(black_bars_of(picture({5, 5, 5, 5}, 10, Matrix::kIdentity, Range::kFull, 60, 9)), BlackBars{});
}

TEST(BlackBars, ABlackPictureHasNone) {
  EXPECT_EQ(black_bars_of(picture({}, 10, Matrix::kBt709, Range::kLimited, 16, 16)), std::nullopt);
}

TEST(BlackBars, TurnWithThePicture) {
  const BlackBars bars{1, 2, 3, 4};
  EXPECT_EQ(bars.turned(0, false), bars);
  // The bottom goes to the left.
  EXPECT_EQ(bars.turned(90, false), (BlackBars{4, 1, 2, 3}));
  EXPECT_EQ(bars.turned(180, false), (BlackBars{3, 4, 1, 2}));
  EXPECT_EQ(bars.turned(270, false), (BlackBars{2, 3, 4, 1}));
  EXPECT_EQ(bars.turned(90, true), (BlackBars{2, 1, 4, 3}));
}

}  // namespace
}  // namespace jinsha
