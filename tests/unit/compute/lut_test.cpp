// Look-up tables in whole conversions, against interpolation written out node by node.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "compute/picture_helper.h"

namespace jinsha::test {
namespace {

using Rgb = std::array<double, 3>;

const ColorInfo kRgb{Primaries::kBt709, Transfer::kSrgb, Matrix::kIdentity, Range::kFull, ChromaLocation::kUnspecified};
const PixelFormat k444p12 = format_of(Chroma::k444, 12), k444p16 = format_of(Chroma::k444, 16);

std::shared_ptr<CubeLut> random_lut(int curve_size, int cube_size, std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto number = [&] { return static_cast<float>(random() % 10001) / 10000.0F; };
  auto lut = std::make_shared<CubeLut>();
  lut->name = "random";
  if (curve_size > 0) {
    lut->curves.emplace();
    lut->curves->size = curve_size;
    lut->curves->low = {-0.25, 0, 0.1};
    for (int i = 0; i < 3 * curve_size; ++i) lut->curves->rgb.push_back(number());
  }
  if (cube_size > 0) {
    lut->cube.emplace();
    lut->cube->size = cube_size;
    lut->cube->high = {1, 1.5, 0.75};
    for (int i = 0; i < 3 * cube_size * cube_size * cube_size; ++i) lut->cube->rgb.push_back(number());
  }
  return lut;
}

double node(const CubeLut::Part& part, std::array<int, 3> at, std::size_t component) {
  const int index = at[0] + part.size * (at[1] + part.size * at[2]);
  return static_cast<double>(part.rgb[3 * static_cast<std::size_t>(index) + component]);
}

// Position in entries, 0 ... size - 1.
double position(const CubeLut::Part& part, double x, std::size_t i) {
  return std::clamp((x - part.low[i]) / (part.high[i] - part.low[i]), 0.0, 1.0) * (part.size - 1);
}

Rgb through(const CubeLut& lut, Rgb rgb) {
  if (lut.curves) {
    for (std::size_t i = 0; i < 3; ++i) {
      const double t = position(*lut.curves, rgb[i], i);
      const auto at = std::min(static_cast<std::size_t>(t), static_cast<std::size_t>(lut.curves->size - 2));
      const double low = static_cast<double>(lut.curves->rgb[3 * at + i]),
                   high = static_cast<double>(lut.curves->rgb[3 * at + 3 + i]);
      rgb[i] = low + (t - static_cast<double>(at)) * (high - low);
    }
  }
  if (lut.cube) {
    std::array<int, 3> at{};
    std::array<std::pair<double, std::size_t>, 3> parts;
    for (std::size_t i = 0; i < 3; ++i) {
      const double t = position(*lut.cube, rgb[i], i);
      at[i] = std::min(static_cast<int>(t), lut.cube->size - 2);
      parts[i] = {t - at[i], i};
    }
    std::sort(parts.rbegin(), parts.rend());
    // Along the axis of the largest part first.
    for (std::size_t component = 0; component < 3; ++component) {
      std::array<int, 3> corner = at;
      double sum = node(*lut.cube, corner, component);
      for (const auto& [part, axis] : parts) {
        const double before = node(*lut.cube, corner, component);
        ++corner[axis];
        sum += part * (node(*lut.cube, corner, component) - before);
      }
      rgb[component] = sum;
    }
  }
  return rgb;
}

// Planes of R'G'B' are G, B, R.
Rgb rgb_at(const Picture& picture, std::size_t i, double most) {
  return {picture.planes[2][i] / most, picture.planes[0][i] / most, picture.planes[1][i] / most};
}

class EveryLut : public testing::TestWithParam<std::pair<int, int>> {};

TEST_P(EveryLut, IsInterpolatedExactly) {
  const auto [curves, cube] = GetParam();
  const auto lut = random_lut(curves, cube, 11);
  const Picture picture = random_picture(k444p12, 131, 40, 3);
  ImageRequest request = request_for(picture, kRgb, kRgb, k444p16);
  request.lut = lut;
  const Picture got = convert(request, picture);
  double worst = 0;
  for (std::size_t i = 0; i < picture.planes[0].size(); ++i) {
    const Rgb exact = through(*lut, rgb_at(picture, i, 4095)), found = rgb_at(got, i, 65535);
    for (std::size_t k = 0; k < 3; ++k) worst = std::max(worst, std::abs(exact[k] - found[k]));
  }
  // Half a code of 16 bits, and what single precision makes of a position among so many entries.
  EXPECT_LE(worst, 0.5 / 65535 + 4e-7 * std::max({curves, cube, 8}));
}

TEST_P(EveryLut, IsTheSameEverywhere) {
  const auto [curves, cube] = GetParam();
  const Picture picture = random_picture(format_of(Chroma::k420, 10), 189, 61, 4);
  for (const LutPlace place : {LutPlace::kConversion, LutPlace::kSource, LutPlace::kOutput}) {
    ImageRequest request = request_for(picture, kPq2020, kSdr709, format_of(Chroma::k420, 10));
    request.lut = random_lut(curves, cube, 12);
    request.lut_place = place;
    const Picture scalar = convert(request, picture, SimdTarget::kScalar);
    for (const SimdTarget target : {SimdTarget::kAvx2, SimdTarget::kAvx512}) {
      if (!open_cpu_device(1, target, Log()).ok()) continue;
      EXPECT_TRUE(convert(request, picture, target) == scalar);
    }
    EXPECT_TRUE(convert(request, picture, SimdTarget::kAuto, 3) == scalar);
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryLut,
                         testing::Values(std::pair{0, 2}, std::pair{0, 17}, std::pair{0, 65}, std::pair{2, 0},
                                         std::pair{1024, 0}, std::pair{33, 5}));

// Identity tables leave a conversion as it is, wherever they are; as the conversion they leave the codes.
TEST(Lut, IdentityChangesNothing) {
  auto lut = std::make_shared<CubeLut>();
  lut->cube.emplace();
  lut->cube->size = 2;
  lut->cube->low.fill(-1);
  lut->cube->high.fill(2);
  for (int i = 0; i < 8; ++i) {
    for (const int bit : {0, 1, 2}) lut->cube->rgb.push_back((i >> bit & 1) != 0 ? 2.0F : -1.0F);
  }
  const Picture picture = smooth_picture(format_of(Chroma::k444, 10), 96, 40, 6);
  ImageRequest request = request_for(picture, kPq2020, kSdr709, picture.format);
  const Picture plain = convert(request, picture);
  request.lut = lut;
  const auto distance = [](const Picture& a, const Picture& b) {
    int worst = 0;
    for (std::size_t p = 0; p < 3; ++p) {
      for (std::size_t i = 0; i < a.planes[p].size(); ++i)
        worst = std::max(worst, std::abs(a.planes[p][i] - b.planes[p][i]));
    }
    return worst;
  };
  request.lut_place = LutPlace::kOutput;
  EXPECT_LE(distance(convert(request, picture), plain), 1);
  request.lut_place = LutPlace::kConversion;
  request.color = kPq2020;
  EXPECT_EQ(distance(convert(request, picture), picture), 0);
}

}  // namespace
}  // namespace jinsha::test
