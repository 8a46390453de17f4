// Filters are checked by what they do to straight lines: a value that grows evenly along the picture
// must come out at the position the sitings say, whatever the taps are.
#include "image/chroma_filter.h"

#include <gtest/gtest.h>

namespace jinsha::image {
namespace {

using Kind = kernels::ChromaAxis::Kind;

// Filter applied at input index 0 of the line f(i) = i.
double centre(const kernels::Fir& fir) {
  double sum = 0;
  for (int k = 0; k < fir.count; ++k)
    sum += static_cast<double>(fir.taps[static_cast<std::size_t>(k)]) * (fir.first + k);
  return sum;
}
double gain(const kernels::Fir& fir) {
  double sum = 0;
  for (const float tap : fir.taps) sum += static_cast<double>(tap);
  return sum;
}

TEST(ChromaFilter, UpsamplingLandsOnLumaPositions) {
  for (const double siting : {0.0, 0.5, 1.0}) {
    const kernels::ChromaAxis axis = chroma_axis(1, siting, 0, 0);
    ASSERT_EQ(axis.kind, Kind::kUp2);
    EXPECT_NEAR(centre(axis.phase[0]), -siting / 2, 1e-6) << siting;
    EXPECT_NEAR(centre(axis.phase[1]), (1 - siting) / 2, 1e-6) << siting;
    EXPECT_NEAR(gain(axis.phase[0]), 1, 1e-6);
    EXPECT_NEAR(gain(axis.phase[1]), 1, 1e-6);
  }
}

TEST(ChromaFilter, CoSitedSamplesPassUntouched) {
  EXPECT_EQ(chroma_axis(1, 0, 0, 0).phase[0], kernels::Fir{});
  EXPECT_EQ(chroma_axis(1, 1, 0, 0).phase[1], kernels::Fir{});
}

TEST(ChromaFilter, DownsamplingIsCentredOnTheChromaSample) {
  for (const double siting : {0.0, 0.5, 1.0}) {
    const kernels::ChromaAxis axis = chroma_axis(0, 0, 1, siting);
    ASSERT_EQ(axis.kind, Kind::kDown2);
    EXPECT_NEAR(centre(axis.phase[0]), siting, 1e-6) << siting;
    EXPECT_NEAR(gain(axis.phase[0]), 1, 1e-6);
    EXPECT_EQ(axis.phase[0].count, siting == 0.5 ? 8 : 7);
  }
}

TEST(ChromaFilter, DownsamplingRemovesWhatWouldAlias) {
  // Every other sample: the highest frequency of the wider grid.
  for (const double siting : {0.0, 0.5}) {
    const kernels::Fir fir = chroma_axis(0, 0, 1, siting).phase[0];
    double sum = 0;
    for (int k = 0; k < fir.count; ++k) {
      sum += static_cast<double>(fir.taps[static_cast<std::size_t>(k)]) * ((fir.first + k) % 2 == 0 ? 1 : -1);
    }
    EXPECT_LT(std::abs(sum), 0.01) << siting;
  }
}

TEST(ChromaFilter, SameGridIsLeftAloneAndAnotherSitingIsShifted) {
  EXPECT_EQ(chroma_axis(1, 0.5, 1, 0.5).phase[0], kernels::Fir{});
  EXPECT_EQ(chroma_axis(0, 0.5, 0, 0).phase[0], kernels::Fir{});
  // H.265 chroma_sample_loc_type 0 to 2: row j at luma 2j + 0.5 moves to 2j, a quarter sample up.
  EXPECT_NEAR(centre(chroma_axis(1, 0.5, 1, 0).phase[0]), -0.25, 1e-6);
  EXPECT_NEAR(centre(chroma_axis(1, 0, 1, 0.5).phase[0]), 0.25, 1e-6);
}

TEST(ChromaFilter, SitingsOfH265) {
  EXPECT_EQ(siting_of(ChromaLocation::kLeft), (kernels::Siting{0, 0.5F}));
  EXPECT_EQ(siting_of(ChromaLocation::kCenter), (kernels::Siting{0.5F, 0.5F}));
  EXPECT_EQ(siting_of(ChromaLocation::kTopLeft), (kernels::Siting{0, 0}));
  EXPECT_EQ(siting_of(ChromaLocation::kTop), (kernels::Siting{0.5F, 0}));
  EXPECT_EQ(siting_of(ChromaLocation::kBottomLeft), (kernels::Siting{0, 1}));
  EXPECT_EQ(siting_of(ChromaLocation::kBottom), (kernels::Siting{0.5F, 1}));
}

}  // namespace
}  // namespace jinsha::image
