// Every tone curve between every pair of peaks, through the device: brighter greys never come out darker, neutral
// stays neutral, and every code is the reference's or, next to a half, one off.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "compute/reference_helper.h"

namespace jinsha::test {
namespace {

class ToneSweep : public testing::TestWithParam<std::tuple<ToneMap, ToneMapOn, int>> {
 protected:
  // All codes of luma once.
  static Picture greys(int depth) {
    Picture picture(format_of(Chroma::k444, depth), 1 << depth, 1);
    for (std::size_t i = 0; i < picture.planes[0].size(); ++i) {
      picture.planes[0][i] = static_cast<std::uint16_t>(i);
      picture.planes[1][i] = picture.planes[2][i] = static_cast<std::uint16_t>(1 << (depth - 1));
    }
    return picture;
  }

  void expect_rise(const ColorInfo& to, int depth) {
    const auto [curve, on, source_peak] = GetParam();
    const Picture picture = greys(depth);
    for (const int target_peak : {48, 100, 203, 400, 600, 1000}) {
      ImageRequest request = request_for(picture, kPq2020, to, picture.format);
      request.tone_map = curve;
      request.tone_map_on = on;
      request.source_peak_nits = source_peak;
      request.target_peak_nits = target_peak;
      const Picture result = convert(request, picture);
      if (to == kPq2020 && source_peak <= target_peak) {
        EXPECT_TRUE(result == picture) << "nothing to map, to " << target_peak << " cd/m2";
        continue;
      }
      const auto& luma = result.planes[0];
      for (std::size_t i = 1; i < luma.size(); ++i) {
        ASSERT_GE(luma[i], luma[i - 1]) << "code " << i << " of " << depth << " bits, to " << target_peak << " cd/m2";
      }
      EXPECT_GT(luma.back(), luma.front() + (1 << (depth - 2))) << "to " << target_peak << " cd/m2";
      const ReferenceLight light{curve, static_cast<double>(source_peak), static_cast<double>(target_peak),
                                 GamutMap::kClip, on};
      const Deviation d = deviation(result, reference(picture, kPq2020, to, picture.format, light));
      EXPECT_LE(d.worst, 1) << "to " << target_peak << " cd/m2";
      EXPECT_LE(d.mean, 0.01) << "to " << target_peak << " cd/m2";
      EXPECT_EQ(result.planes[1], picture.planes[1]) << "to " << target_peak << " cd/m2";
      EXPECT_EQ(result.planes[2], picture.planes[2]) << "to " << target_peak << " cd/m2";
    }
  }
};

TEST_P(ToneSweep, PqToSdrRises) {
  expect_rise(kSdr709, 10);
  expect_rise(kSdr709, 12);
}

TEST_P(ToneSweep, PqToPqRises) {
  expect_rise(kPq2020, 10);
  expect_rise(kPq2020, 12);
}

std::string sweep_name(const testing::TestParamInfo<ToneSweep::ParamType>& row) {
  const auto [curve, on, peak] = row.param;
  const char* const names[] = {"", "OnLuminance", "OnIctcp"};
  return std::string(name_of(curve)) + names[static_cast<std::size_t>(on)] + "From" + std::to_string(peak);
}
const auto kSourcePeaks = testing::Values(400, 1000, 2000, 4000, 10'000);
INSTANTIATE_TEST_SUITE_P(All, ToneSweep,
                         testing::Combine(testing::Values(ToneMap::kBt2390, ToneMap::kHable, ToneMap::kReinhard,
                                                          ToneMap::kMobius, ToneMap::kClip),
                                          testing::Values(ToneMapOn::kMaxRgb), kSourcePeaks),
                         sweep_name);
INSTANTIATE_TEST_SUITE_P(On, ToneSweep,
                         testing::Combine(testing::Values(ToneMap::kBt2390),
                                          testing::Values(ToneMapOn::kLuminance, ToneMapOn::kIctcp), kSourcePeaks),
                         sweep_name);

}  // namespace
}  // namespace jinsha::test
