#include "image/scale_plan.h"

#include <gtest/gtest.h>

namespace jinsha::image {
namespace {

PixelFormat format(Chroma chroma) {
  PixelFormat f;
  f.chroma = chroma;
  return f;
}

struct Case {
  int in_w, in_h, out_w, out_h;
  Fit fit;
  Chroma chroma;
  Framing expected;  // crop x y w h, then x y w h in the output
};

class FramingTest : public testing::TestWithParam<Case> {};

TEST_P(FramingTest, Rectangles) {
  const Case& c = GetParam();
  const Framing f = frame(c.in_w, c.in_h, c.out_w, c.out_h, c.fit, format(c.chroma));
  EXPECT_EQ(f.crop_x, c.expected.crop_x);
  EXPECT_EQ(f.crop_y, c.expected.crop_y);
  EXPECT_EQ(f.crop_width, c.expected.crop_width);
  EXPECT_EQ(f.crop_height, c.expected.crop_height);
  EXPECT_EQ(f.x, c.expected.x);
  EXPECT_EQ(f.y, c.expected.y);
  EXPECT_EQ(f.width, c.expected.width);
  EXPECT_EQ(f.height, c.expected.height);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FramingTest,
    testing::Values(
        // Same aspect: everything, whatever the fit.
        Case{7680, 4320, 3840, 2160, Fit::kPad, Chroma::k420, {0, 0, 7680, 4320, 0, 0, 3840, 2160}},
        Case{7680, 4320, 3840, 2160, Fit::kCrop, Chroma::k420, {0, 0, 7680, 4320, 0, 0, 3840, 2160}},
        // DCI 4K in UHD: bars above and below.
        Case{4096, 2160, 3840, 2160, Fit::kPad, Chroma::k420, {0, 0, 4096, 2160, 0, 66, 3840, 2026}},
        Case{4096, 2160, 3840, 2160, Fit::kCrop, Chroma::k420, {128, 0, 3840, 2160, 0, 0, 3840, 2160}},
        Case{4096, 2160, 3840, 2160, Fit::kStretch, Chroma::k420, {0, 0, 4096, 2160, 0, 0, 3840, 2160}},
        // 4:3 in 16:9: bars at the sides.
        Case{640, 480, 1920, 1080, Fit::kPad, Chroma::k420, {0, 0, 640, 480, 240, 0, 1440, 1080}},
        // Portrait; 4:4:4 may use odd columns.
        Case{1080, 1920, 1920, 1080, Fit::kPad, Chroma::k420, {0, 0, 1080, 1920, 656, 0, 608, 1080}},
        Case{1081, 1920, 1920, 1080, Fit::kPad, Chroma::k444, {0, 0, 1081, 1920, 656, 0, 608, 1080}},
        // Odd sides are filled to the last sample.
        Case{1921, 1081, 961, 541, Fit::kStretch, Chroma::k420, {0, 0, 1921, 1081, 0, 0, 961, 541}},
        Case{16, 1, 8, 8, Fit::kPad, Chroma::k420, {0, 0, 16, 1, 0, 2, 8, 2}}));

TEST(ScaleProgram, BlackIsBlackOfTheFormat) {
  PixelFormat ten = format(Chroma::k420);
  ten.depth = 10;
  const ColorInfo color{Primaries::kBt709, Transfer::kBt709, Matrix::kBt709, Range::kLimited, ChromaLocation::kLeft};
  const auto program =
      scale_program(frame(64, 48, 64, 36, Fit::kPad, ten), ScaleFilter::kSpline, ten, color, 64, 48, 64, 36);
  EXPECT_EQ(program.fill, (std::array<std::uint16_t, 3>{64, 512, 512}));
  EXPECT_EQ(program.siting, (kernels::Siting{0, 0.5F}));
  ColorInfo rgb = color;
  rgb.matrix = Matrix::kIdentity;
  rgb.range = Range::kFull;
  const PixelFormat full = format(Chroma::k444);
  EXPECT_EQ(
      scale_program(frame(64, 48, 64, 36, Fit::kPad, full), ScaleFilter::kLanczos, full, rgb, 64, 48, 64, 36).fill,
      (std::array<std::uint16_t, 3>{0, 0, 0}));
}

}  // namespace
}  // namespace jinsha::image
