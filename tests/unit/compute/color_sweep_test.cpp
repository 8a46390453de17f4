// Whole ranges of codes through the device: the cube of R'G'B', random Y'CbCr of every code, all greys, and what is no
// code or no number at all. A code may be one off the reference's where that lies next to a half; nothing is excepted.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "compute/reference_helper.h"

namespace jinsha::test {
namespace {

constexpr double kWorst = 1, kMean = 0.004;

struct Conversion {
  const char* name;
  ColorInfo from, to;
  ReferenceLight light = {};
};

constexpr ColorInfo with(ColorInfo color, Primaries primaries, Matrix matrix) {
  color.primaries = primaries;
  color.matrix = matrix;
  return color;
}
const std::vector<Conversion>& conversions() {
  constexpr ReferenceLight kHdr{ToneMap::kBt2390, 1000, 1000}, kSdr{ToneMap::kBt2390, 100, 100};
  constexpr ColorInfo kPqP3 = with(kPq2020, Primaries::kP3D65, Matrix::kBt2020Ncl),
                      kHlgP3 = with(kHlg2020, Primaries::kP3D65, Matrix::kBt2020Ncl),
                      kSdrP3 = with(kSdr709, Primaries::kP3D65, Matrix::kBt709),
                      kSdrP3Dci = with(kSdr709, Primaries::kP3Dci, Matrix::kBt709),
                      kSdr625 = with(kSdr709, Primaries::kBt470Bg, Matrix::kBt470Bg),
                      kSdr525 = with(kSdr709, Primaries::kSmpte170M, Matrix::kSmpte170M),
                      kSdr240M = with(kSdr709, Primaries::kSmpte240M, Matrix::kSmpte240M);
  static const std::vector<Conversion> rows{
      {"PqToSdr709", kPq2020, kSdr709},
      {"PqToSdr709From4000", kPq2020, kSdr709, {ToneMap::kBt2390, 4000, 100}},
      {"PqToSdr2020", kPq2020, kSdr2020},
      {"PqToPq600", kPq2020, kPq2020, {ToneMap::kBt2390, 1000, 600}},
      {"PqToHlg", kPq2020, kHlg2020, kHdr},
      {"PqToHlgFrom4000", kPq2020, kHlg2020, {ToneMap::kBt2390, 4000, 1000}},
      {"HlgToPq", kHlg2020, kPq2020, kHdr},
      {"HlgToSdr709", kHlg2020, kSdr709},
      {"HlgToSdr2020", kHlg2020, kSdr2020},
      {"SdrToPq", kSdr709, kPq2020, kHdr},
      {"SdrToHlg", kSdr709, kHlg2020, kHdr},
      {"Sdr709To2020", kSdr709, kSdr2020, kSdr},
      {"Sdr2020To709", kSdr2020, kSdr709, kSdr},
      {"PqP3To2020", kPqP3, kPq2020, kHdr},
      {"PqP3ToSdr709", kPqP3, kSdr709},
      {"HlgP3To2020", kHlgP3, kHlg2020, kHdr},
      {"SdrP3To709", kSdrP3, kSdr709, kSdr},
      {"SdrP3DciTo2020", kSdrP3Dci, kSdr2020, kSdr},
      {"Sdr625To709", kSdr625, kSdr709, kSdr},
      {"Sdr525To709", kSdr525, kSdr709, kSdr},
      {"Sdr240MTo2020", kSdr240M, kSdr2020, kSdr},
      {"PqToSdr709OnLuminance", kPq2020, kSdr709, tone_mapped_on(ToneMapOn::kLuminance, 1000, 100)},
      {"PqToPq600OnLuminance", kPq2020, kPq2020, tone_mapped_on(ToneMapOn::kLuminance, 1000, 600)},
      {"PqP3ToHlgFrom4000OnLuminance", kPqP3, kHlg2020, tone_mapped_on(ToneMapOn::kLuminance, 4000, 1000)},
  };
  return rows;
}

ImageRequest request_of(const Conversion& c, const Picture& picture) {
  ImageRequest request = request_for(picture, c.from, c.to, picture.format);
  request.tone_map = c.light.tone_map;
  request.tone_map_on = c.light.tone_map_on;
  if (is_hdr(c.from.transfer) || is_camera_log(c.from.transfer)) {
    request.source_peak_nits = c.light.source_peak_nits;
    request.target_peak_nits = c.light.target_peak_nits;
  }
  return request;
}

// X'Y'Z' has its own neutral.
const std::vector<Conversion>& dcdm_conversions() {
  constexpr ColorInfo kDcdm{Primaries::kXyz, Transfer::kDcdm, Matrix::kIdentity, Range::kFull,
                            ChromaLocation::kUnspecified};
  static const std::vector<Conversion> rows{
      {"SdrToDcdm", kSdr709, kDcdm, {ToneMap::kBt2390, 100, 100}},
      {"P3DciToDcdm", with(kSdr709, Primaries::kP3Dci, Matrix::kBt709), kDcdm, {ToneMap::kBt2390, 100, 100}},
      {"PqToDcdm", kPq2020, kDcdm, {ToneMap::kBt2390, 1000, 48}},
      {"HlgToDcdm", kHlg2020, kDcdm, {ToneMap::kBt2390, 1000, 48}},
      {"DcdmToSdr", kDcdm, kSdr709, {ToneMap::kBt2390, 100, 100}},
      {"DcdmToPq", kDcdm, kPq2020, {ToneMap::kBt2390, 100, 1000}},
  };
  return rows;
}

class ColorSweep : public testing::TestWithParam<Conversion> {
 protected:
  void expect_bounded(const Conversion& c, const Picture& picture) {
    const Deviation d =
        deviation(convert(request_of(c, picture), picture), reference(picture, c.from, c.to, picture.format, c.light));
    EXPECT_LE(d.worst, kWorst) << picture.format.depth << " bits";
    EXPECT_LE(d.mean, kMean) << picture.format.depth << " bits";
    RecordProperty("mean" + std::to_string(picture.format.depth), std::to_string(d.mean));
  }
};

ColorInfo as_rgb(ColorInfo color) {
  color.matrix = Matrix::kIdentity;
  color.range = Range::kFull;
  return color;
}

Picture rgb_cube(int depth, int steps) {
  Picture picture(format_of(Chroma::k444, depth), steps * steps, steps);
  const auto code = [&](int step) { return static_cast<std::uint16_t>(step * ((1 << depth) - 1) / (steps - 1)); };
  for (int i = 0; i < steps * steps * steps; ++i) {
    const auto at = static_cast<std::size_t>(i);
    picture.planes[0][at] = code(i % steps);
    picture.planes[1][at] = code(i / steps % steps);
    picture.planes[2][at] = code(i / steps / steps);
  }
  return picture;
}

TEST_P(ColorSweep, RgbCube) {
  Conversion c = GetParam();
  c.from = as_rgb(c.from);
  c.to = as_rgb(c.to);
  expect_bounded(c, rgb_cube(10, 33));
  expect_bounded(c, rgb_cube(12, 65));
}

// Most are no colours: components far below 0 and above 1, codes that SDI keeps for itself.
TEST_P(ColorSweep, RandomCodes) {
  for (const int depth : {10, 12}) {
    expect_bounded(GetParam(), random_picture(format_of(Chroma::k444, depth), 256, 128, 7));
  }
}

class GreySweep : public testing::TestWithParam<Conversion> {};

TEST_P(GreySweep, GreyStaysGreyAndRises) {
  for (const int depth : {10, 12}) {
    Picture greys(format_of(Chroma::k444, depth), 1 << depth, 1);
    const auto neutral = static_cast<std::uint16_t>(1 << (depth - 1));
    for (std::size_t i = 0; i < greys.planes[0].size(); ++i) {
      greys.planes[0][i] = static_cast<std::uint16_t>(i);
      greys.planes[1][i] = greys.planes[2][i] = neutral;
    }
    const Picture result = convert(request_of(GetParam(), greys), greys);
    for (std::size_t i = 0; i < greys.planes[0].size(); ++i) {
      ASSERT_EQ(result.planes[1][i], neutral) << "Cb of luma " << i << ", " << depth << " bits";
      ASSERT_EQ(result.planes[2][i], neutral) << "Cr of luma " << i << ", " << depth << " bits";
      ASSERT_GE(result.planes[0][i], result.planes[0][i - (i > 0)]) << "luma " << i << ", " << depth << " bits";
    }
  }
}

const auto kName = [](const auto& row) { return std::string(row.param.name); };
INSTANTIATE_TEST_SUITE_P(All, ColorSweep, testing::ValuesIn(conversions()), kName);
INSTANTIATE_TEST_SUITE_P(Dcdm, ColorSweep, testing::ValuesIn(dcdm_conversions()), kName);
INSTANTIATE_TEST_SUITE_P(All, GreySweep, testing::ValuesIn(conversions()), kName);

void expect_legal(const Picture& picture) {
  const int low = 1 << (picture.format.depth - 8), high = (255 << (picture.format.depth - 8)) - 1;
  for (const auto& plane : picture.planes) {
    for (const std::uint16_t code : plane) {
      ASSERT_GE(code, low);
      ASSERT_LE(code, high);
    }
  }
}

TEST(ColorInput, WordsWiderThanTheDepthAreClipped) {
  Picture picture = random_picture(format_of(Chroma::k444, 16), 64, 64, 5);
  picture.format.depth = 10;
  for (const Conversion& c : conversions()) {
    const Picture result = convert(request_of(c, picture), picture);
    expect_legal(result);
    EXPECT_TRUE(result == convert(request_of(c, picture), picture, SimdTarget::kScalar)) << c.name;
  }
}

TEST(ColorInput, WhatIsNoNumberBecomesALegalCode) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN(), kInf = std::numeric_limits<float>::infinity();
  const Picture picture = random_picture(format_of(Chroma::k444, 10), 64, 8, 6);
  for (const Conversion& c : conversions()) {
    auto plan = plan_image(request_of(c, picture));
    ASSERT_TRUE(plan.ok());
    auto& ops = std::get<kernels::ColorProgram>(plan->program.steps.at(0)).ops;
    ops.insert(ops.begin() + 1, kernels::OpMatrix{{1, 0, 0, 0, 1, 0, 0, 0, 1}, {}});
    for (const float broken : {kNan, kInf, -kInf}) {
      // In one component, and from there in what is made of all three.
      std::get<kernels::OpMatrix>(ops[1]).offset = {0, broken, 0};
      std::vector<Picture> results;
      for (const SimdTarget target : {SimdTarget::kAuto, SimdTarget::kScalar}) {
        results.push_back(run(plan->program, plan->output, picture, target));
        expect_legal(results.back());
      }
      EXPECT_TRUE(results[0] == results[1]) << c.name << " " << broken;
    }
  }
}

}  // namespace
}  // namespace jinsha::test
