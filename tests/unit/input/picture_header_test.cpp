#include "input/picture_header.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "input/sequence_helper.h"

namespace jinsha {
namespace {

using test::flat_dpx;
using test::put32;

TEST(DpxHeader, SaysNothingWhereFieldsAreUndefined) {
  const PictureHeader header = read_dpx_header(flat_dpx(4, 4, 0));
  EXPECT_EQ(header.color, ColorInfo{});
  EXPECT_FALSE(header.frame_rate.valid());
  EXPECT_EQ(header.timecode, "");
  EXPECT_TRUE(header.warnings.empty());
  EXPECT_TRUE(header.losses.empty());
}

TEST(DpxHeader, ColourRateAndTimecodeInBothByteOrders) {
  auto bytes = flat_dpx(4, 4, 0);
  bytes[801] = 6;
  bytes[802] = 6;
  bytes[803] = 10;
  put32(bytes, 784, 64);
  put32(bytes, 792, 940);
  put32(bytes, 1724, 0x41C00000);  // 24.0
  put32(bytes, 1920, 0x01020304);
  const auto check = [](const PictureHeader& header) {
    EXPECT_EQ(header.color.transfer, Transfer::kBt709);
    EXPECT_EQ(header.color.primaries, Primaries::kBt709);
    EXPECT_EQ(header.color.range, Range::kLimited);
    EXPECT_EQ(header.frame_rate, (Rational{24, 1}));
    EXPECT_EQ(header.timecode, "01:02:03:04");
  };
  check(read_dpx_header(bytes));
  auto little = bytes;
  std::swap(little[768], little[769]);
  for (const std::size_t at :
       {std::size_t{0}, std::size_t{784}, std::size_t{792}, std::size_t{1724}, std::size_t{1920}})
    std::reverse(little.begin() + static_cast<std::ptrdiff_t>(at),
                 little.begin() + static_cast<std::ptrdiff_t>(at + 4));
  check(read_dpx_header(little));
  bytes[801] = 1;
  EXPECT_EQ(read_dpx_header(bytes).color.transfer, Transfer::kUnspecified);
  EXPECT_FALSE(read_dpx_header(bytes).warnings.empty()) << "printing densities are not silently video";
  bytes[801] = 2;
  EXPECT_EQ(read_dpx_header(bytes).color.transfer, Transfer::kUnspecified) << "FFmpeg says linear of any DPX";
  EXPECT_FALSE(read_dpx_header(bytes).warnings.empty());
  bytes[769] = 2;
  EXPECT_FALSE(read_dpx_header(bytes).losses.empty());
}

TEST(DpxHeader, EveryLengthIsRead) {
  const auto bytes = flat_dpx(1, 1, 0);
  for (std::size_t size = 0; size < bytes.size(); ++size) (void)read_dpx_header({bytes.data(), size});
}

TEST(DpxHeader, TimecodeOfWrongDigitsIsNone) {
  EXPECT_EQ(timecode_text(0), "");
  EXPECT_EQ(timecode_text(0xFFFF'FFFF), "");
  EXPECT_EQ(timecode_text(0x2400'0000), "");
  EXPECT_EQ(timecode_text(0x0A00'0000), "");
  EXPECT_EQ(timecode_text(0x2359'5924), "23:59:59:24");
}

std::vector<std::uint8_t> words(const std::vector<std::uint32_t>& values) {
  std::vector<std::uint8_t> bytes(values.size() * 4);
  for (std::size_t i = 0; i < values.size(); ++i) put32(bytes, 4 * i, values[i]);
  return bytes;
}

class Png {
 public:
  Png& chunk(const char* name, const std::vector<std::uint8_t>& body) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + 12 + body.size());
    put32(bytes_, at, static_cast<std::uint32_t>(body.size()));
    for (std::size_t i = 0; i < 4; ++i) bytes_[at + 4 + i] = static_cast<std::uint8_t>(name[i]);
    std::copy(body.begin(), body.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at + 8));
    return *this;
  }
  PictureHeader read() const { return read_png_header(bytes_); }
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_ = words({0x89504E47, 0x0D0A1A0A});  // the signature
};

TEST(PngHeader, CicpComesFirst) {
  const PictureHeader header =
      Png().chunk("sRGB", {0}).chunk("cICP", {9, 16, 0, 1}).chunk("gAMA", words({45'455})).read();
  EXPECT_EQ(header.color.primaries, Primaries::kBt2020);
  EXPECT_EQ(header.color.transfer, Transfer::kPq);
  EXPECT_EQ(header.color.range, Range::kFull);
}

TEST(PngHeader, SrgbThenGammaAndChromaticities) {
  PictureHeader header = Png().chunk("sRGB", {0}).chunk("gAMA", words({100'000})).read();
  EXPECT_EQ(header.color.transfer, Transfer::kSrgb);
  EXPECT_EQ(header.color.primaries, Primaries::kBt709);
  header = Png()
               .chunk("gAMA", words({45'455}))
               .chunk("cHRM", words({31'270, 32'900, 70'800, 29'200, 17'000, 79'700, 13'100, 4'600}))
               .read();
  EXPECT_EQ(header.color.transfer, Transfer::kGamma22);
  EXPECT_EQ(header.color.primaries, Primaries::kBt2020);
  header = Png().chunk("gAMA", words({50'000})).chunk("iCCP", {1}).read();
  EXPECT_EQ(header.color.transfer, Transfer::kUnspecified);
  EXPECT_EQ(header.warnings.size(), 2U) << "a gamma and a profile that are not applied";
}

TEST(PngHeader, StopsAtThePictureAndAtTheEnd) {
  EXPECT_EQ(Png().chunk("IDAT", {1, 2, 3}).chunk("sRGB", {0}).read().color, ColorInfo{});
  const auto bytes = Png().chunk("cHRM", words({1, 2, 3, 4, 5, 6, 7, 8})).chunk("cICP", {9, 16, 0, 1}).bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) (void)read_png_header({bytes.data(), size});
  auto long_one = bytes;
  put32(long_one, 8, 0xFFFF'FFF0);
  EXPECT_EQ(read_png_header(long_one).color, ColorInfo{});
}

}  // namespace
}  // namespace jinsha
