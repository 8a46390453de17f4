// The same pixels whatever SIMD width, thread count, band cut and memory alignment.
#include <gtest/gtest.h>

#include <array>
#include <random>
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
      {"ScaleDownPqToSdr", k420, k420, 10, 10, kPq2020, kSdr709, 78, 40},
      {"ScaleUpPqToSdr", k420, k420, 10, 8, kPq2020, kSdr709, 640, 480},
      {"Scale8Bit", k420, k420, 8, 8, kSdr709, kSdr709, 100, 62},
  };
  return rows;
}

class SameBits : public testing::TestWithParam<Case> {};

TEST_P(SameBits, EveryTargetThreadCountAndAlignment) {
  const Case& c = GetParam();
  // Odd sizes, a width that is no multiple of any vector, more rows than one band has.
  const std::pair<int, int> sizes[] = {{189, 301}, {33, 65}, {2, 2}, {1, 1}, {1027, 6}};
  for (const auto& [width, height] : sizes) {
    if (c.out_width > 0 && width < 64) continue;
    const Picture picture = random_picture(format_of(c.in_chroma, c.in_depth), width, height, 7);
    ImageRequest request = request_for(picture, c.from, c.to, format_of(c.out_chroma, c.out_depth));
    request.tone_map = c.tone_map;
    request.dither = c.dither;
    request.gamut = c.gamut;
    if (c.out_width > 0) {
      request.width = c.out_width;
      request.height = c.out_height;
    }
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
