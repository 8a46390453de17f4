// Known pictures in, known codes out: the answers come from the standards' tables.
#include <gtest/gtest.h>

#include <cmath>

#include "compute/picture_helper.h"

namespace jinsha::test {
namespace {

Picture flat(PixelFormat format, std::array<int, 3> codes, int width = 38, int height = 22) {
  Picture picture(format, width, height);
  for (int plane = 0; plane < format.planes(); ++plane) {
    std::fill(picture.planes[plane].begin(), picture.planes[plane].end(),
              static_cast<std::uint16_t>(codes[static_cast<std::size_t>(plane)]));
  }
  return picture;
}

// Codes of a flat picture after conversion; every sample must agree.
std::array<int, 3> converted(std::array<int, 3> codes, PixelFormat in, const ColorInfo& from, PixelFormat out,
                             const ColorInfo& to) {
  const Picture picture = flat(in, codes);
  const Picture result = convert(request_for(picture, from, to, out), picture);
  std::array<int, 3> answer{};
  for (int plane = 0; plane < out.planes(); ++plane) {
    answer[static_cast<std::size_t>(plane)] = result.at(plane, 0, 0);
    for (const std::uint16_t code : result.planes[plane]) EXPECT_EQ(code, result.at(plane, 0, 0)) << "plane " << plane;
  }
  return answer;
}

const PixelFormat k420p8 = format_of(Chroma::k420, 8), k420p10 = format_of(Chroma::k420, 10),
                  k420p12 = format_of(Chroma::k420, 12), k444p10 = format_of(Chroma::k444, 10);
using Codes = std::array<int, 3>;

TEST(Conversion, GreysOfBt2408BetweenPqAndHlg) {
  // Table 1 of BT.2408-7: 18 % card, 83 % chart, reference white, HLG peak.
  const int rows[][2] = {{64, 64}, {397, 396}, {552, 688}, {573, 721}, {723, 940}};
  for (const auto& [pq, hlg] : rows) {
    EXPECT_NEAR(converted({pq, 512, 512}, k420p10, kPq2020, k420p10, kHlg2020)[0], hlg, 1) << pq;
    EXPECT_NEAR(converted({hlg, 512, 512}, k420p10, kHlg2020, k420p10, kPq2020)[0], pq, 1) << hlg;
  }
}

TEST(Conversion, BlackStaysBlackAndNeutral) {
  for (const ColorInfo& from : {kPq2020, kHlg2020, kSdr709}) {
    for (const ColorInfo& to : {kPq2020, kHlg2020, kSdr709, kSdr2020}) {
      EXPECT_EQ(converted({64, 512, 512}, k420p10, from, k420p10, to), (Codes{64, 512, 512}));
      EXPECT_EQ(converted({64, 512, 512}, k420p10, from, k420p8, to), (Codes{16, 128, 128}));
    }
  }
}

TEST(Conversion, PeakOfTheSourceBecomesSdrWhite) {
  EXPECT_EQ(converted({723, 512, 512}, k420p10, kPq2020, k420p8, kSdr709), (Codes{235, 128, 128}));
  EXPECT_EQ(converted({940, 512, 512}, k420p10, kPq2020, k420p8, kSdr709), (Codes{235, 128, 128}));
  EXPECT_EQ(converted({940, 512, 512}, k420p10, kHlg2020, k420p10, kSdr709), (Codes{940, 512, 512}));
}

TEST(Conversion, SdrWhiteBecomesReferenceWhite) {
  EXPECT_EQ(converted({235, 128, 128}, k420p8, kSdr709, k420p10, kPq2020), (Codes{573, 512, 512}));
  EXPECT_EQ(converted({235, 128, 128}, k420p8, kSdr709, k420p10, kHlg2020), (Codes{721, 512, 512}));
}

TEST(Conversion, Bt709RedInBt2020) {
  // 100 % red of BT.709 has linear BT.2020 components 0.6274 0.0691 0.0164 (BT.2087 equation 2), so
  // signals 0.8235 0.3284 0.1803 of gamma 2.4.
  const Codes answer = converted({250, 409, 960}, k444p10, kSdr709, k444p10, kSdr2020);
  const double r = std::pow(0.627403895935, 1 / 2.4), g = std::pow(0.069097289358, 1 / 2.4),
               b = std::pow(0.016391438875, 1 / 2.4);
  const double y = 0.2627 * r + 0.6780 * g + 0.0593 * b;
  EXPECT_NEAR(answer[0], 876 * y + 64, 1);
  EXPECT_NEAR(answer[1], 896 * (b - y) / 1.8814 + 512, 1);
  EXPECT_NEAR(answer[2], 896 * (r - y) / 1.4746 + 512, 1);
}

TEST(Conversion, HueIsKeptByTheToneCurve) {
  // Linear light of the tone-mapped colour is a multiple of the source's: hold ratios in BT.2020.
  const Picture picture = flat(k444p10, {520, 440, 640});
  ImageRequest request = request_for(picture, kPq2020, kSdr2020, format_of(Chroma::k444, 16));
  const Picture mapped = convert(request, picture);
  request.tone_map = ToneMap::kHable;
  const Picture other = convert(request, picture);
  const auto light = [](const Picture& p) {
    const double y = (p.at(0, 0, 0) / 256.0 - 16) / 219, cb = (p.at(1, 0, 0) / 256.0 - 128) / 224,
                 cr = (p.at(2, 0, 0) / 256.0 - 128) / 224;
    const double r = y + 1.4746 * cr, b = y + 1.8814 * cb;
    const double g = (y - 0.2627 * r - 0.0593 * b) / 0.6780;
    return std::array{std::pow(r, 2.4), std::pow(g, 2.4), std::pow(b, 2.4)};
  };
  const auto one = light(mapped), two = light(other);
  EXPECT_GT(std::abs(one[0] / two[0] - 1), 0.03);
  EXPECT_NEAR(one[1] / one[0], two[1] / two[0], 1e-4);
  EXPECT_NEAR(one[2] / one[0], two[2] / two[0], 1e-4);
}

TEST(Conversion, PqToHlgAndBackReturnsWhatHlgHolds) {
  // 4:4:4, so that only quantising comes between; light to 1000 cd/m2.
  Picture picture = random_picture(format_of(Chroma::k444, 12), 64, 64, 3);
  for (auto& code : picture.planes[0]) code = static_cast<std::uint16_t>(900 + code % 1700);
  for (int plane = 1; plane < 3; ++plane) {
    for (auto& code : picture.planes[plane]) code = static_cast<std::uint16_t>(2048 - 100 + code % 200);
  }
  const PixelFormat deep = format_of(Chroma::k444, 16);
  const Picture hlg = convert(request_for(picture, kPq2020, kHlg2020, deep), picture);
  const Picture back = convert(request_for(hlg, kHlg2020, kPq2020, picture.format), hlg);
  int worst = 0;
  for (std::size_t i = 0; i < picture.planes[0].size(); ++i) {
    worst = std::max(worst, std::abs(picture.planes[0][i] - back.planes[0][i]));
  }
  EXPECT_LE(worst, 1);
}

TEST(Conversion, LimitedDepthChangesAreShifts) {
  Picture picture(format_of(Chroma::k444, 8), 256, 1);
  for (auto& plane : picture.planes) {
    for (std::size_t i = 0; i < 256; ++i) plane[i] = static_cast<std::uint16_t>(i);
  }
  const Picture ten = convert(request_for(picture, kSdr709, {}, format_of(Chroma::k444, 10)), picture);
  for (std::size_t i = 0; i < 256; ++i) EXPECT_EQ(ten.planes[1][i], i * 4);
  EXPECT_TRUE(convert(request_for(ten, kSdr709, {}, picture.format), ten) == picture);
  const Picture sixteen = convert(request_for(ten, kSdr709, {}, format_of(Chroma::k444, 16)), ten);
  for (std::size_t i = 0; i < 256; ++i) EXPECT_EQ(sixteen.planes[2][i], i * 256);
}

TEST(Conversion, TenToEightBitRoundsToNearest) {
  Picture picture(format_of(Chroma::k400, 10), 1024, 1);
  for (std::size_t i = 0; i < 1024; ++i) picture.planes[0][i] = static_cast<std::uint16_t>(i);
  const Picture eight = convert(request_for(picture, kSdr709, {}, format_of(Chroma::k400, 8)), picture);
  for (std::size_t i = 0; i < 1024; ++i) EXPECT_EQ(eight.planes[0][i], std::min<std::size_t>((i + 2) / 4, 255)) << i;
}

TEST(Conversion, FullRangeDepthIsARatio) {
  ColorInfo full = kSdr709;
  full.range = Range::kFull;
  EXPECT_EQ(converted({255, 128, 128}, k420p8, full, k420p10, {}), (Codes{1023, 512, 512}));
  EXPECT_EQ(converted({128, 128, 255}, k420p8, full, k420p10, {}), (Codes{514, 512, 1021}));
}

TEST(Conversion, FullToLimited) {
  ColorInfo full = kSdr709;
  full.range = Range::kFull;
  EXPECT_EQ(converted({255, 128, 128}, k420p8, full, k420p8, kSdr709), (Codes{235, 128, 128}));
  EXPECT_EQ(converted({0, 128, 128}, k420p8, full, k420p10, kSdr709), (Codes{64, 512, 512}));
  EXPECT_EQ(converted({940, 512, 512}, k420p10, kSdr709, k420p8, full), (Codes{255, 128, 128}));
  // Below black and above white do not exist in full range.
  EXPECT_EQ(converted({4, 512, 512}, k420p10, kSdr709, k420p8, full), (Codes{0, 128, 128}));
  EXPECT_EQ(converted({1019, 512, 512}, k420p10, kSdr709, k420p8, full), (Codes{255, 128, 128}));
}

TEST(Conversion, SdiProtectedCodesAreNotWritten) {
  // Illegal colours that reach far outside.
  const Picture picture = random_picture(k444p10, 64, 64, 11);
  const Picture result = convert(request_for(picture, kSdr2020, kSdr709, k420p10), picture);
  for (const auto& plane : result.planes) {
    for (const std::uint16_t code : plane) {
      ASSERT_GE(code, 4);
      ASSERT_LE(code, 1019);
    }
  }
}

TEST(Conversion, SuperWhiteAndSubBlackOfSdrSurviveAMatrix) {
  ColorInfo wanted = kSdr709;
  wanted.matrix = Matrix::kSmpte170M;
  EXPECT_EQ(converted({1000, 512, 512}, k420p10, kSdr709, k420p10, wanted), (Codes{1000, 512, 512}));
  EXPECT_EQ(converted({20, 512, 512}, k420p10, kSdr709, k420p10, wanted), (Codes{20, 512, 512}));
  EXPECT_EQ(converted({1000, 512, 512}, k420p10, kSdr709, k420p10, kSdr2020), (Codes{1000, 512, 512}));
  EXPECT_EQ(converted({20, 512, 512}, k420p10, kSdr709, k420p10, kSdr2020), (Codes{20, 512, 512}));
}

TEST(Conversion, GreyIsLumaWithNeutralChroma) {
  EXPECT_EQ(converted({700, 0, 0}, format_of(Chroma::k400, 10), kSdr709, k420p8, {}), (Codes{175, 128, 128}));
  EXPECT_EQ(converted({723, 0, 0}, format_of(Chroma::k400, 10), kPq2020, k420p10, kSdr709), (Codes{940, 512, 512}));
  EXPECT_EQ(converted({723, 512, 512}, k420p10, kPq2020, format_of(Chroma::k400, 10), kSdr709)[0], 940);
}

TEST(Conversion, ChromaOf420SurvivesTheWayTo444AndBack) {
  const Picture picture = smooth_picture(k420p12, 190, 110, 5);
  for (const ChromaLocation location : {ChromaLocation::kLeft, ChromaLocation::kTopLeft, ChromaLocation::kCenter}) {
    ColorInfo color = kSdr709;
    color.chroma_location = location;
    const Picture wide = convert(request_for(picture, color, {}, format_of(Chroma::k444, 12)), picture);
    ColorInfo back = kSdr709;
    back.chroma_location = location;
    const Picture narrow = convert(request_for(wide, kSdr709, back, k420p12), wide);
    EXPECT_EQ(narrow.planes[0], picture.planes[0]);
    int worst = 0;
    for (int y = 4; y < picture.plane_height(1) - 4; ++y) {
      for (int x = 4; x < picture.plane_width(1) - 4; ++x) {
        worst = std::max(worst, std::abs(narrow.at(1, x, y) - picture.at(1, x, y)));
      }
    }
    EXPECT_LE(worst, 4) << name_of(location);  // 1/1000 of the range: the picture is smooth
  }
}

}  // namespace
}  // namespace jinsha::test
