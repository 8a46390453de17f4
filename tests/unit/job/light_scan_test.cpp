// Scenes, peaks and content light from histograms whose answers are known.
#include "job/light_scan.h"

#include <gtest/gtest.h>

#include <cmath>

#include "image/transfer.h"

namespace jinsha {
namespace {

constexpr std::uint32_t kPixels = 100'000;

std::size_t level_of(double nits) {
  return static_cast<std::size_t>(std::lround(image::pq_inverse_eotf(nits) * (LightHistogram::kLevels - 1)));
}

// `dark` cd/m2 but for a share of the pixels, which have `bright`.
LightHistogram picture(double dark, double bright = 0, double share = 0) {
  LightHistogram histogram;
  const auto count = static_cast<std::uint32_t>(share * kPixels);
  histogram.pixels[level_of(dark)] += kPixels - count;
  histogram.pixels[level_of(bright)] += count;
  return histogram;
}

LightScan pq_scan() {
  ColorInfo color;
  color.transfer = Transfer::kPq;
  return LightScan(nits_of_signal(color));
}

TEST(LightScan, ThreeScenesAndTheirPeaks) {
  LightScan scan = pq_scan();
  for (const double peak : {100.0, 1000.0, 4000.0}) {
    for (int i = 0; i < 10; ++i) scan.add(picture(peak, 10, 0.3));
  }
  const auto scenes = scan.scenes();
  ASSERT_EQ(scenes.size(), 3U);
  EXPECT_EQ(scenes[1].first_frame, 10);
  EXPECT_EQ(scenes[2].first_frame, 20);
  EXPECT_NEAR(scenes[0].peak_nits, 100, 0.3);
  EXPECT_NEAR(scenes[1].peak_nits, 1000, 3);
  EXPECT_NEAR(scenes[2].peak_nits, 4000, 12);
  EXPECT_EQ(scan.frames(), 30);
}

TEST(LightScan, AFlashBeginsNoScene) {
  LightScan scan = pq_scan();
  for (int i = 0; i < 20; ++i) scan.add(i == 7 ? picture(2000) : picture(50));
  const auto scenes = scan.scenes();
  ASSERT_EQ(scenes.size(), 1U);
  EXPECT_NEAR(scenes[0].peak_nits, 2000, 6);
}

TEST(LightScan, ADissolveBeginsNone) {
  LightScan scan = pq_scan();
  for (int i = 0; i <= 20; ++i) scan.add(picture(50, 800, i / 20.0));
  EXPECT_EQ(scan.scenes().size(), 1U);
}

TEST(LightScan, SpecksAreNoPeakButContentLight) {
  LightScan scan = pq_scan();
  scan.add(picture(200, 5000, 0.0001));
  EXPECT_NEAR(scan.scenes().at(0).peak_nits, 200, 1);
  EXPECT_NEAR(scan.content_light().max_cll_nits, 5000, 15);
  EXPECT_NEAR(scan.content_light().max_fall_nits, 200 + 0.0001 * 4800, 1.01);
}

TEST(LightScan, ContentLightIsTheWorstPicturesEach) {
  LightScan scan = pq_scan();
  scan.add(picture(100, 3000, 0.01));
  scan.add(picture(150, 400, 0.5));
  const ContentLight light = scan.content_light();
  EXPECT_NEAR(light.max_cll_nits, 3000, 9);
  EXPECT_NEAR(light.max_fall_nits, 275, 1.5);
}

TEST(LightScan, BlackIsOneCandelaAtLeast) {
  LightScan scan = pq_scan();
  scan.add(picture(0));
  EXPECT_EQ(scan.scenes().at(0).peak_nits, 1);
  EXPECT_EQ(scan.content_light(), (ContentLight{1, 1}));
  EXPECT_TRUE(pq_scan().scenes().empty());
}

TEST(LightScan, CamerasHaveLightOfTheirOwnAndSdrHasNone) {
  ColorInfo color;
  color.transfer = Transfer::kSLog3;
  color.range = Range::kLimited;
  EXPECT_NEAR(nits_of_signal(color)((420.0 - 64) / 876), 0.18 * 203, 1e-6);
  color.transfer = Transfer::kHlg;
  EXPECT_FALSE(nits_of_signal(color));
  color.transfer = Transfer::kBt709;
  EXPECT_FALSE(nits_of_signal(color));
}

}  // namespace
}  // namespace jinsha
