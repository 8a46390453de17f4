// Scaling: positions of samples by siting, framing, exact copies.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "compute/picture_helper.h"

namespace jinsha::test {
namespace {

constexpr int kSlopeX = 64, kSlopeY = 32;

// code = 4096 + 64 x + 32 y in each plane's own samples: after scaling, a code tells the position
// its sample was taken from.
Picture ramp(PixelFormat format, int width, int height) {
  Picture picture(format, width, height);
  for (int plane = 0; plane < format.planes(); ++plane) {
    for (int y = 0; y < picture.plane_height(plane); ++y) {
      for (int x = 0; x < picture.plane_width(plane); ++x) {
        picture.at(plane, x, y) = static_cast<std::uint16_t>(4096 + kSlopeX * x + kSlopeY * y);
      }
    }
  }
  return picture;
}

struct Case {
  const char* name;
  Chroma chroma;
  ChromaLocation location;
  int out_width, out_height;
  // Source position of chroma output sample 0 (ITU-T H.265 figure E.1 geometry).
  double chroma_x, chroma_y;
};

class Positions : public testing::TestWithParam<Case> {};

TEST_P(Positions, SamplesAreTakenWhereTheSitingSays) {
  const Case& c = GetParam();
  const Picture picture = ramp(format_of(c.chroma, 16), 480, 300);
  ColorInfo color = kSdr709;
  color.chroma_location = c.location;
  ImageRequest request = request_for(picture, color, {}, picture.format);
  request.width = c.out_width;
  request.height = c.out_height;
  request.fit = Fit::kStretch;
  const Picture scaled = convert(request, picture, SimdTarget::kAuto, 2);
  const double sx = 480.0 / c.out_width, sy = 300.0 / c.out_height;
  for (int plane = 0; plane < 3; ++plane) {
    const bool wide = plane == 0;
    const double x0 = wide ? 0.5 * (sx - 1) : c.chroma_x, y0 = wide ? 0.5 * (sy - 1) : c.chroma_y;
    // Away from the edges, which the filter repeats.
    const int margin_x = static_cast<int>(std::ceil(8 / std::min(1.0, sx))), margin_y = margin_x;
    for (int y = margin_y; y < scaled.plane_height(plane) - margin_y; y += 5) {
      for (int x = margin_x; x < scaled.plane_width(plane) - margin_x; x += 7) {
        const double expected = 4096 + kSlopeX * (sx * x + x0) + kSlopeY * (sy * y + y0);
        ASSERT_NEAR(scaled.at(plane, x, y), expected, 2.5) << "plane " << plane << " at " << x << "," << y;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Positions,
    testing::Values(Case{"HalfTopLeft", Chroma::k420, ChromaLocation::kTopLeft, 240, 150, 0.25, 0.25},
                    Case{"HalfLeft", Chroma::k420, ChromaLocation::kLeft, 240, 150, 0.25, 0.5},
                    Case{"HalfCenter", Chroma::k420, ChromaLocation::kCenter, 240, 150, 0.5, 0.5},
                    Case{"HalfBottomLeft", Chroma::k420, ChromaLocation::kBottomLeft, 240, 150, 0.25, 0.75},
                    Case{"ThirdTopLeft", Chroma::k420, ChromaLocation::kTopLeft, 160, 100, 0.5, 0.5},
                    Case{"TwoThirds", Chroma::k420, ChromaLocation::kLeft, 320, 200, 0.125, 0.25},
                    Case{"DoubleTopLeft", Chroma::k420, ChromaLocation::kTopLeft, 960, 600, -0.125, -0.125},
                    Case{"Half422", Chroma::k422, ChromaLocation::kUnspecified, 240, 150, 0.25, 0.5},
                    Case{"Half444", Chroma::k444, ChromaLocation::kUnspecified, 240, 150, 0.5, 0.5},
                    Case{"OneAxis", Chroma::k420, ChromaLocation::kTopLeft, 480, 150, 0, 0.25}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Scale, FlatStaysFlatToTheEdges) {
  for (const int depth : {8, 10, 12}) {
    Picture picture(format_of(Chroma::k420, depth), 322, 402);
    for (auto& plane : picture.planes)
      std::fill(plane.begin(), plane.end(), static_cast<std::uint16_t>(100 << (depth - 8)));
    ImageRequest request = request_for(picture, kSdr709, {}, picture.format);
    request.width = 150;
    request.height = 187;
    request.fit = Fit::kStretch;
    const Picture scaled = convert(request, picture);
    for (const auto& plane : scaled.planes) {
      for (const std::uint16_t code : plane) ASSERT_EQ(code, 100 << (depth - 8));
    }
  }
}

TEST(Scale, PaddingOfTheSameScaleIsACopyInBlack) {
  const Picture picture = random_picture(format_of(Chroma::k420, 10), 64, 40, 9);
  ImageRequest request = request_for(picture, kPq2020, {}, picture.format);
  request.width = 64;
  request.height = 60;
  const Picture padded = convert(request, picture);
  for (int plane = 0; plane < 3; ++plane) {
    const int top = plane == 0 ? 10 : 5, rows = picture.plane_height(plane);
    for (int y = 0; y < padded.plane_height(plane); ++y) {
      for (int x = 0; x < padded.plane_width(plane); ++x) {
        const bool inside = y >= top && y < top + rows;
        ASSERT_EQ(padded.at(plane, x, y), inside ? picture.at(plane, x, y - top) : plane == 0 ? 64 : 512);
      }
    }
  }
}

TEST(Scale, PillarboxIsBlackBesideThePicture) {
  Picture picture(format_of(Chroma::k420, 8), 40, 60);
  for (auto& plane : picture.planes) std::fill(plane.begin(), plane.end(), std::uint16_t{200});
  ImageRequest request = request_for(picture, kSdr709, {}, picture.format);
  request.width = 64;
  request.height = 30;
  const Picture boxed = convert(request, picture);  // 20 wide, at 22
  for (int x = 0; x < 64; ++x) EXPECT_EQ(boxed.at(0, x, 15), x >= 22 && x < 42 ? 200 : 16) << x;
  for (int x = 0; x < 32; ++x) EXPECT_EQ(boxed.at(2, x, 7), x >= 11 && x < 21 ? 200 : 128) << x;
}

TEST(Scale, CropTakesTheMiddle) {
  const Picture picture = ramp(format_of(Chroma::k420, 16), 100, 60);
  ImageRequest request = request_for(picture, kSdr709, {}, picture.format);
  request.width = 60;
  request.height = 60;
  request.fit = Fit::kCrop;
  const Picture cropped = convert(request, picture);
  EXPECT_EQ(cropped.at(0, 0, 0), picture.at(0, 20, 0));
  EXPECT_EQ(cropped.at(0, 59, 59), picture.at(0, 79, 59));
  EXPECT_EQ(cropped.at(1, 0, 29), picture.at(1, 10, 29));
}

TEST(Scale, FineDetailDoesNotAlias) {
  // Columns one sample wide have no place in half the samples: what is left is their mean.
  Picture picture(format_of(Chroma::k400, 10), 256, 64);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 256; ++x) picture.at(0, x, y) = x % 2 ? 800 : 200;
  }
  ImageRequest request = request_for(picture, kSdr709, {}, picture.format);
  request.width = 128;
  request.height = 32;
  const Picture scaled = convert(request, picture);
  for (int x = 8; x < 120; ++x) EXPECT_NEAR(scaled.at(0, x, 16), 500, 12) << x;
}

// The kernels by their formulas.
double kernel(ScaleFilter filter, double x) {
  x = std::abs(x);
  const auto sinc = [](double v) { return v == 0 ? 1 : std::sin(std::numbers::pi * v) / (std::numbers::pi * v); };
  switch (filter) {
    case ScaleFilter::kBilinear: return std::max(0.0, 1 - x);
    case ScaleFilter::kBicubic: {  // Mitchell and Netravali 1988, B = C = 1/3
      if (x < 1) return (7 * x * x * x - 12 * x * x + 16.0 / 3) / 6;
      return x < 2 ? (-7.0 / 3 * x * x * x + 12 * x * x - 20 * x + 32.0 / 3) / 6 : 0;
    }
    case ScaleFilter::kLanczos: return x < 3 ? sinc(x) * sinc(x / 3) : 0;
    case ScaleFilter::kSpline: break;
  }
  // The cubic spline through one sample of 1 among five of 0.
  if (x < 1) return ((13.0 / 11 * x - 453.0 / 209) * x - 3.0 / 209) * x + 1;
  const double y = x - std::floor(x);
  if (x < 2) return ((-6.0 / 11 * y + 270.0 / 209) * y - 156.0 / 209) * y;
  return x < 3 ? ((1.0 / 11 * y - 45.0 / 209) * y + 26.0 / 209) * y : 0;
}

TEST(Scale, FiltersAreTheirFormulas) {
  for (const ScaleFilter filter :
       {ScaleFilter::kBilinear, ScaleFilter::kBicubic, ScaleFilter::kLanczos, ScaleFilter::kSpline}) {
    for (const int out_width : {128, 160, 480}) {
      constexpr int kWidth = 320;
      Picture picture = random_picture(format_of(Chroma::k400, 10), kWidth, 2, 7);
      for (std::uint16_t& code : picture.planes[0]) code = static_cast<std::uint16_t>(300 + code % 400);  // no clipping
      ImageRequest request = request_for(picture, kSdr709, {}, picture.format);
      request.width = out_width;
      request.height = 2;
      request.fit = Fit::kStretch;
      request.scale_filter = filter;
      const Picture scaled = convert(request, picture);
      const double step = static_cast<double>(kWidth) / out_width, wider = std::max(step, 1.0);
      for (int x = 20; x < out_width - 20; ++x) {
        const double at = step * (x + 0.5) - 0.5;
        double sum = 0, weights = 0;
        for (int i = 0; i < kWidth; ++i) {
          const double weight = kernel(filter, (i - at) / wider);
          sum += weight * picture.at(0, i, 1);
          weights += weight;
        }
        // Half a code of rounding; zimg's coefficients have 14 bits.
        ASSERT_NEAR(scaled.at(0, x, 1), sum / weights, 0.7)
            << "filter " << static_cast<int>(filter) << " to " << out_width << " at " << x;
      }
    }
  }
}

TEST(Scale, TilesMeetWithoutASeam) {
  // Several tiles of 256 rows: compare with a scale that has only one, through the position ramp.
  const Picture picture = ramp(format_of(Chroma::k400, 16), 32, 1500);
  ImageRequest request = request_for(picture, kSdr709, {}, picture.format);
  request.width = 32;
  request.height = 700;
  request.fit = Fit::kStretch;
  const Picture scaled = convert(request, picture, SimdTarget::kAuto, 3);
  const double step = 1500.0 / 700;
  for (int y = 10; y < 690; ++y) {
    ASSERT_NEAR(scaled.at(0, 16, y), 4096 + kSlopeX * 16 + kSlopeY * (step * (y + 0.5) - 0.5), 2.5) << y;
  }
}

}  // namespace
}  // namespace jinsha::test
