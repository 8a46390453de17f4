// Dither in whole conversions: what it must leave alone, and what it is for.
#include <gtest/gtest.h>

#include <cmath>

#include "compute/picture_helper.h"

namespace jinsha::test {
namespace {

const PixelFormat k8 = format_of(Chroma::k444, 8), k10 = format_of(Chroma::k444, 10), k16 = format_of(Chroma::k444, 16);

Picture flat(PixelFormat format, std::array<std::uint16_t, 3> codes, int side = 64) {
  Picture picture(format, side, side);
  for (std::size_t plane = 0; plane < 3; ++plane)
    picture.planes[plane].assign(picture.planes[plane].size(), codes[plane]);
  return picture;
}

Picture dithered(const Picture& picture, const ColorInfo& from, const ColorInfo& to, PixelFormat out, DitherMode mode) {
  ImageRequest request = request_for(picture, from, to, out);
  request.dither = mode;
  return convert(request, picture);
}

double mean_of(const std::vector<std::uint16_t>& samples) {
  double sum = 0;
  for (const auto x : samples) sum += x;
  return sum / static_cast<double>(samples.size());
}

class EveryDither : public testing::TestWithParam<DitherMode> {};

TEST_P(EveryDither, BlackWhiteAndNeutralStayExact) {
  for (const auto& [from, to] : {std::pair{kPq2020, kSdr709}, {kHlg2020, kSdr709}, {kSdr709, kHlg2020}}) {
    for (const int luma : {64, 940}) {
      const Picture picture = flat(k10, {static_cast<std::uint16_t>(luma), 512, 512});
      for (const PixelFormat out : {k8, k10}) {
        const Picture plain = dithered(picture, from, to, out, DitherMode::kNone);
        // White of PQ is clipped to that of SDR; SDR's lies between two codes of HLG and is dithered.
        const Picture noisy = dithered(picture, from, to, out, GetParam());
        if (!is_hdr(to.transfer) || luma == 64) {
          EXPECT_EQ(noisy.planes[0], plain.planes[0]);
        }
        EXPECT_EQ(noisy.planes[1], plain.planes[1]);
        EXPECT_EQ(noisy.planes[2], plain.planes[2]);
      }
    }
  }
}

TEST_P(EveryDither, WholeCodesStay) {
  // 8 bits as 16: every sample is a whole code of 8 bits.
  const Picture eight = random_picture(k8, 130, 67, 5);
  const Picture deep = dithered(eight, kSdr709, {}, k16, DitherMode::kNone);
  EXPECT_TRUE(dithered(deep, kSdr709, {}, k8, GetParam()) == eight);
  EXPECT_TRUE(dithered(eight, kSdr709, {}, k16, GetParam()) == deep);
}

TEST_P(EveryDither, KeepsTheMeanOfWhatLiesBetweenCodes) {
  for (const int code16 : {0x2040, 0x7F55, 0xC0E0}) {
    const auto code = static_cast<std::uint16_t>(code16);
    const Picture noisy = dithered(flat(k16, {code, code, 0x8000}), kSdr709, {}, k8, GetParam());
    const double tolerance = GetParam() == DitherMode::kTpdf ? 0.03 : 0.005;
    EXPECT_NEAR(mean_of(noisy.planes[0]), code / 256.0, tolerance);
    EXPECT_NEAR(mean_of(noisy.planes[1]), code / 256.0, tolerance);
    EXPECT_NE(noisy.planes[0], noisy.planes[1]) << "planes share their noise";
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryDither,
                         testing::Values(DitherMode::kOrdered, DitherMode::kBlueNoise, DitherMode::kTpdf));

TEST(Dither, AutoIsForEightBits) {
  const Picture picture = smooth_picture(k10, 96, 64, 9);
  const auto with = [&](const ColorInfo& from, const ColorInfo& to, PixelFormat out) {
    return dithered(picture, from, to, out, DitherMode::kAuto) == dithered(picture, from, to, out, DitherMode::kNone);
  };
  EXPECT_FALSE(with(kPq2020, kSdr709, k8));
  EXPECT_FALSE(with(kSdr709, kSdr709, k8));
  EXPECT_TRUE(with(kPq2020, kSdr709, k10));
  EXPECT_TRUE(with(kSdr709, kSdr709, k10));
}

}  // namespace
}  // namespace jinsha::test
