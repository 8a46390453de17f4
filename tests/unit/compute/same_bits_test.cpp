// The same pixels whatever SIMD width, thread count, band cut and memory alignment.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string_view>
#include <vector>

#include "compute/picture_helper.h"

namespace jinsha::test {
namespace {

struct Case {
  const char* name;
  Chroma in_chroma, out_chroma;
  int in_depth, out_depth;
  ColorInfo from, to;
  int out_width = 0, out_height = 0;  // 0: as the source
  ToneMap tone_map = ToneMap::kAuto;
  DitherMode dither = DitherMode::kNone;
  GamutMap gamut = GamutMap::kClip;
};

ColorInfo with(ColorInfo color, Range range, ChromaLocation location) {
  color.range = range;
  color.chroma_location = location;
  return color;
}

const ColorInfo kRgb709{Primaries::kBt709, Transfer::kSrgb, Matrix::kIdentity, Range::kFull,
                        ChromaLocation::kUnspecified};

const std::vector<Case>& cases() {
  using enum Chroma;
  static const std::vector<Case> rows{
      {"PqToSdr", k420, k420, 10, 8, kPq2020, kSdr709},
      {"PqToSdrTopLeft", k420, k420, 10, 10, kPq2020, with(kSdr709, Range::kLimited, ChromaLocation::kTopLeft)},
      {"PqToHlg", k420, k420, 10, 10, kPq2020, kHlg2020},
      {"HlgToPq12", k422, k422, 12, 12, kHlg2020, kPq2020},
      {"HlgToSdrHable", k444, k420, 12, 8, kHlg2020, kSdr709, 0, 0, ToneMap::kHable},
      {"PqToSdrBt2446A", k420, k420, 10, 10, kPq2020, kSdr709, 0, 0, ToneMap::kBt2446A},
      {"HlgToSdrBt2446C", k420, k420, 10, 8, kHlg2020, kSdr709, 0, 0, ToneMap::kBt2446C},
      {"SdrToPqBt2446A", k420, k420, 8, 10, kSdr709, kPq2020, 0, 0, ToneMap::kBt2446A},
      {"SdrToHlg", k420, k422, 8, 10, kSdr709, kHlg2020},
      {"SdrToPq16", k422, k444, 8, 16, kSdr709, kPq2020},
      {"Sdr709To2020", k420, k420, 8, 10, kSdr709, kSdr2020},
      {"RgbToSdr", k444, k420, 8, 10, kRgb709, kSdr709},
      {"SdrToRgb", k420, k444, 10, 16, kSdr709, kRgb709},
      {"Depth", k420, k420, 10, 8, kPq2020, kPq2020},
      {"FullToLimited", k420, k420, 8, 10, with(kSdr709, Range::kFull, ChromaLocation::kCenter), kSdr709},
      {"Bottom", k420, k422, 10, 10, with(kSdr709, Range::kLimited, ChromaLocation::kBottom), kSdr709},
      {"Resite", k420, k420, 10, 10, kSdr709, with(kSdr709, Range::kLimited, ChromaLocation::kTopLeft)},
      {"444To420", k444, k420, 10, 10, kSdr709, kSdr709},
      {"GreyToSdr", k400, k420, 8, 10, with(kSdr709, Range::kFull, ChromaLocation::kUnspecified), kSdr709},
      {"PqToGrey", k420, k400, 10, 8, kPq2020, kSdr709},
      {"PqToSdrBlueNoise", k420, k420, 10, 8, kPq2020, kSdr709, 0, 0, ToneMap::kAuto, DitherMode::kBlueNoise},
      {"DepthTpdf", k420, k420, 16, 10, kPq2020, kPq2020, 0, 0, ToneMap::kAuto, DitherMode::kTpdf},
      {"HlgToSdrCompressed", k420, k420, 10, 10, kHlg2020, kSdr709, 0, 0, ToneMap::kAuto, DitherMode::kNone,
       GamutMap::kCompress},
      {"HlgToSdrInIctcp", k420, k420, 10, 10, kHlg2020, kSdr709, 0, 0, ToneMap::kAuto, DitherMode::kNone,
       GamutMap::kIctcp},
      {"ScaleDownPqToSdr", k420, k420, 10, 10, kPq2020, kSdr709, 78, 40},
      {"ScaleUpPqToSdr", k420, k420, 10, 8, kPq2020, kSdr709, 640, 480},
      {"Scale8Bit", k420, k420, 8, 8, kSdr709, kSdr709, 100, 62},
  };
  return rows;
}

ImageRequest request_of(const Case& c, const Picture& picture) {
  ImageRequest request = request_for(picture, c.from, c.to, format_of(c.out_chroma, c.out_depth));
  request.tone_map = c.tone_map;
  request.dither = c.dither;
  request.gamut = c.gamut;
  if (c.out_width > 0) {
    request.width = c.out_width;
    request.height = c.out_height;
  }
  return request;
}

class SameBits : public testing::TestWithParam<Case> {};

TEST_P(SameBits, EveryTargetThreadCountAndAlignment) {
  const Case& c = GetParam();
  // Odd sizes, a width that is no multiple of any vector, more rows than one band has.
  const std::pair<int, int> sizes[] = {{189, 301}, {33, 65}, {2, 2}, {1, 1}, {1027, 6}};
  for (const auto& [width, height] : sizes) {
    if (c.out_width > 0 && width < 64) continue;
    const Picture picture = random_picture(format_of(c.in_chroma, c.in_depth), width, height, 7);
    const ImageRequest request = request_of(c, picture);
    const Picture reference = convert(request, picture, SimdTarget::kScalar);
    ASSERT_EQ(reference.width, request.width);
    for (const SimdTarget target : {SimdTarget::kAvx2, SimdTarget::kAvx512}) {
      if (!open_cpu_device(1, target, Log()).ok()) continue;
      EXPECT_TRUE(convert(request, picture, target) == reference)
          << "target " << static_cast<int>(target) << " at " << width << "x" << height;
    }
    for (const int threads : {2, 3, 7}) {
      EXPECT_TRUE(convert(request, picture, SimdTarget::kAuto, threads) == reference)
          << threads << " threads at " << width << "x" << height;
    }
    EXPECT_TRUE(convert(request, picture, SimdTarget::kAuto, 2, 2) == reference) << "unaligned planes";
  }
}

// FNV-1a of all codes.
std::uint64_t hash_of(const Picture& picture) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const auto& plane : picture.planes) {
    for (const std::uint16_t code : plane) hash = (hash ^ code) * 0x100000001B3;
  }
  return hash;
}

// What every version, machine and Debian gives. A change that moves one of these moves pixels, and says in its message
// why.
std::uint64_t golden(std::string_view name) {
  static const std::map<std::string_view, std::uint64_t> hashes{
      {"PqToSdr", 0xD9C8AD57B2CF9E2},
      {"PqToSdrTopLeft", 0x2A74AFAD1141F4BA},
      {"PqToHlg", 0x7E26A4F3E589AE4A},
      {"HlgToPq12", 0x66CED47A9340D0A4},
      {"HlgToSdrHable", 0x53C419CA9E8AAD1E},
      {"PqToSdrBt2446A", 0x1FFFBF0BC65A8E10},
      {"HlgToSdrBt2446C", 0x91A2F94D8A259F7C},
      {"SdrToPqBt2446A", 0xCEEB7C701ADA3DD3},
      {"SdrToHlg", 0x77B30B34E3CD4A45},
      {"SdrToPq16", 0x8D6F6253FD19A663},
      {"Sdr709To2020", 0x12B45B2232ADA6D0},
      {"RgbToSdr", 0x94DD861486868792},
      {"SdrToRgb", 0x87F787741EDFE176},
      {"Depth", 0x3E9131F2BF1E055C},
      {"FullToLimited", 0xCCCC025EF78E42E9},
      {"Bottom", 0x7EADE54E01162C39},
      {"Resite", 0x7E426F4028A02F74},
      {"444To420", 0x4AA1D56549925D26},
      {"GreyToSdr", 0xD284451B24D38588},
      {"PqToGrey", 0x39F47C2202735B00},
      {"PqToSdrBlueNoise", 0x26CDD6EDF279E53F},
      {"DepthTpdf", 0x3F9DE47E4E0C2C0},
      {"HlgToSdrCompressed", 0x1BB66C12ECCA7079},
      {"HlgToSdrInIctcp", 0xAB1A1CFE446F02F3},
      {"ScaleDownPqToSdr", 0xEB5DAFDC5E59ACD6},
      {"ScaleUpPqToSdr", 0x792AA6D0EA1A8AF8},
      {"Scale8Bit", 0x3CF1E1DE0639C0EB},
  };
  const auto row = hashes.find(name);
  return row == hashes.end() ? 0 : row->second;
}

TEST_P(SameBits, AreThoseOfEveryVersion) {
  const Case& c = GetParam();
  const Picture picture = random_picture(format_of(c.in_chroma, c.in_depth), 189, 301, 7);
  const std::uint64_t hash = hash_of(convert(request_of(c, picture), picture));
  EXPECT_EQ(hash, golden(c.name)) << "now {\"" << c.name << "\", 0x" << std::hex << std::uppercase << hash << "},";
}

TEST(SameBits, TheLargestPictures) {
  // A small picture laid out as tiles: away from their edges, all tiles come out alike.
  constexpr int kTile = 64, kWidth = 16'384, kHeight = 8640;
  const Picture tile = random_picture(format_of(Chroma::k420, 10), kTile, kTile, 7);
  const auto tiled = [&](int width, int height) {
    Picture picture(tile.format, width, height);
    for (int plane = 0; plane < 3; ++plane) {
      const int w = picture.plane_width(plane), side = tile.plane_width(plane);
      for (int y = 0; y < picture.plane_height(plane); ++y) {
        const auto from = tile.planes[plane].begin() + y % side * side;
        for (int x = 0; x < w; x += side) std::copy_n(from, side, &picture.at(plane, x, y));
      }
    }
    return picture;
  };
  const Picture few = tiled(3 * kTile, 3 * kTile), many = tiled(kWidth, kHeight);
  const PixelFormat out = format_of(Chroma::k420, 8);
  const Picture expected = convert(request_for(few, kPq2020, kSdr709, out), few);
  const Picture result = convert(request_for(many, kPq2020, kSdr709, out), many, SimdTarget::kAuto, 2);
  for (int plane = 0; plane < 3; ++plane) {
    const int side = tile.plane_width(plane), width = result.plane_width(plane);
    for (int y = side; y < result.plane_height(plane) - side; ++y) {
      const auto middle = expected.planes[plane].begin() + (side + y % side) * 3 * side + side;
      const auto row = result.planes[plane].begin() + y * width;
      for (int x = side; x < width - side; x += side)
        ASSERT_TRUE(std::equal(middle, middle + side, row + x)) << "plane " << plane << " at " << x << "," << y;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, SameBits, testing::ValuesIn(cases()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(SameBits, RandomRequests) {
  // Whatever can be planned runs, and runs the same on one scalar thread and on the best target.
  std::mt19937 random(2100);
  const auto pick = [&](auto... values) {
    const std::array choices{values...};
    return choices[random() % choices.size()];
  };
  int run = 0;
  for (int i = 0; i < 250; ++i) {
    const auto side = [&] {
      return static_cast<int>(pick(1U, 2U, 3U, 17U, 64U, 1U + static_cast<unsigned>(random() % 300)));
    };
    const auto color = [&] {
      ColorInfo c = pick(kPq2020, kHlg2020, kSdr709, kSdr2020, kRgb709);
      c.range = pick(Range::kLimited, Range::kFull);
      c.chroma_location = static_cast<ChromaLocation>(random() % 6);
      return c;
    };
    const auto format = [&] {
      return format_of(pick(Chroma::k400, Chroma::k420, Chroma::k422, Chroma::k444), pick(8, 10, 12, 16));
    };
    const Picture picture = random_picture(format(), side(), side(), static_cast<std::uint32_t>(random()));
    ImageRequest request = request_for(picture, color(), color(), format());
    if (random() % 2) {
      request.width = side();
      request.height = side();
      request.fit = pick(Fit::kPad, Fit::kCrop, Fit::kStretch);
    }
    if (!plan_image(request).ok()) continue;  // R'G'B' that is not 4:4:4
    ++run;
    EXPECT_TRUE(convert(request, picture, SimdTarget::kScalar) == convert(request, picture, SimdTarget::kAuto, 3, 2))
        << "request " << i;
  }
  EXPECT_GT(run, 100);
}

TEST(CpuDevice, NamesTargetAndThreads) {
  const auto device = open_cpu_device(3, SimdTarget::kScalar, Log());
  ASSERT_TRUE(device.ok());
  EXPECT_EQ((*device)->name(), "cpu (scalar, 3 threads)");
}

TEST(CpuDevice, RefusesNoThreads) {
  const auto device = open_cpu_device(0, SimdTarget::kAuto, Log());
  ASSERT_FALSE(device.ok());
  EXPECT_EQ(device.error().code, ErrorCode::kUsage);
}

TEST(CpuDevice, RefusesStepsThatDoNotFitTogether) {
  kernels::PictureProgram program;
  kernels::PlaneProgram step;
  step.in = step.out = {.width = 16, .height = 16};
  program.steps.push_back(step);
  step.in.width = step.out.width = 18;
  program.steps.push_back(step);
  auto device = open_cpu_device(1, SimdTarget::kAuto, Log());
  ASSERT_TRUE(device.ok());
  EXPECT_EQ((*device)->load(program).error().code, ErrorCode::kInternal);
}

}  // namespace
}  // namespace jinsha::test
