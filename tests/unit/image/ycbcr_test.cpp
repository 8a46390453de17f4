// Colour bars and quantising: BT.2020, BT.2100 and BT.709 code values.
#include "image/ycbcr.h"

#include <gtest/gtest.h>

#include <cmath>

namespace jinsha::image {
namespace {

std::array<long, 3> codes(Matrix matrix, Range range, int depth, const Vec3& rgb) {
  const Vec3 exact = quantiser(range, depth, matrix != Matrix::kIdentity) * (*rgb_to_planes(matrix) * rgb);
  std::array<long, 3> result{};
  for (std::size_t i = 0; i < 3; ++i) result[i] = std::min(std::lround(exact[i]), (1L << depth) - 1);
  return result;
}

TEST(YCbCr, Bt2020BarsOf75Percent) {
  const auto bar = [](double r, double g, double b) {
    return codes(Matrix::kBt2020Ncl, Range::kLimited, 10, {r, g, b});
  };
  EXPECT_EQ(bar(1, 1, 1), (std::array{940L, 512L, 512L}));
  EXPECT_EQ(bar(.75, .75, 0), (std::array{682L, 176L, 539L}));
  EXPECT_EQ(bar(0, .75, .75), (std::array{548L, 606L, 176L}));
  EXPECT_EQ(bar(0, .75, 0), (std::array{509L, 270L, 203L}));
  EXPECT_EQ(bar(.75, 0, .75), (std::array{276L, 754L, 821L}));
  EXPECT_EQ(bar(.75, 0, 0), (std::array{237L, 418L, 848L}));
  EXPECT_EQ(bar(0, 0, .75), (std::array{103L, 848L, 485L}));
  EXPECT_EQ(bar(0, 0, 0), (std::array{64L, 512L, 512L}));
}

TEST(YCbCr, Bt709BarsOf75Percent) {
  EXPECT_EQ(codes(Matrix::kBt709, Range::kLimited, 10, {.75, 0, 0}), (std::array{204L, 435L, 848L}));
  EXPECT_EQ(codes(Matrix::kBt709, Range::kLimited, 10, {0, 0, .75}), (std::array{111L, 848L, 481L}));
}

TEST(YCbCr, FullRedInOtherDepthsAndFullRange) {
  EXPECT_EQ(codes(Matrix::kBt2020Ncl, Range::kLimited, 8, {1, 0, 0}), (std::array{74L, 97L, 240L}));
  EXPECT_EQ(codes(Matrix::kBt2020Ncl, Range::kLimited, 12, {1, 0, 0}), (std::array{1177L, 1548L, 3840L}));
  EXPECT_EQ(codes(Matrix::kBt2020Ncl, Range::kFull, 10, {1, 0, 0}), (std::array{269L, 369L, 1023L}));
  EXPECT_EQ(codes(Matrix::kBt709, Range::kFull, 8, {.5, .5, .5}), (std::array{128L, 128L, 128L}));
}

TEST(YCbCr, IdentityIsPlanesGbr) {
  EXPECT_EQ(codes(Matrix::kIdentity, Range::kFull, 8, {1, 0, 0}), (std::array{0L, 0L, 255L}));
  EXPECT_EQ(codes(Matrix::kIdentity, Range::kLimited, 10, {0, 1, 0}), (std::array{940L, 64L, 64L}));
}

TEST(YCbCr, InverseOfTheAffineMap) {
  const Affine to = quantiser(Range::kLimited, 10, true) * Affine{*rgb_to_planes(Matrix::kBt2020Ncl), {}};
  const Vec3 rgb = inverse(to) * (to * Vec3{0.3, 0.6, 0.1});
  EXPECT_NEAR(rgb[0], 0.3, 1e-12);
  EXPECT_NEAR(rgb[1], 0.6, 1e-12);
  EXPECT_NEAR(rgb[2], 0.1, 1e-12);
}

TEST(YCbCr, MatricesThatAreNotLinearAreRefused) {
  EXPECT_FALSE(rgb_to_planes(Matrix::kBt2020Cl));
  EXPECT_FALSE(rgb_to_planes(Matrix::kIctcp));
  EXPECT_FALSE(rgb_to_planes(Matrix::kUnspecified));
}

}  // namespace
}  // namespace jinsha::image
