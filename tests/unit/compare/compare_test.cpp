// Whole comparisons of generated pictures.
#include "compare/compare.h"

#include <gtest/gtest.h>

#include <cmath>

#include "compare/heat_map.h"

namespace jinsha::compare {
namespace {

const std::string kScene = "generate:160x96@50,frames=6,color=pq,seed=1";

Result<Report> compare_paths(const std::string& a, const std::string& b, const CompareSpec& base = {}) {
  CompareSpec spec = base;
  spec.reference = a;
  spec.other = b;
  return compare_files(spec, Log());
}

TEST(Compare, EqualFilesScoreTheBestThereIs) {
  const auto report = compare_paths(kScene, kScene);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->frames.size(), 6U);
  EXPECT_EQ(report->frames_identical, 6);
  EXPECT_TRUE(report->same_length());
  for (const MetricRow& row : kMetrics) {
    const double best = !row.higher_is_better ? 0 : row.metric == Metric::kSsim ? 1 : kMaxDb;
    EXPECT_EQ(report->overall[row.metric], best) << name_of(row, report->sides);
    EXPECT_EQ(worst_frame(*report, row), 0U);
  }
}

TEST(Compare, NamesFollowThePlanes) {
  Sides sides;
  sides.reference.format = {Chroma::k444, 8};
  sides.reference.color.matrix = Matrix::kBt709;
  EXPECT_EQ(name_of(kMetrics[1], sides), "psnr_cb");
  EXPECT_EQ(label_of(kMetrics[1], sides), "PSNR Cb");
  EXPECT_EQ(label_of(kMetrics[3], sides), "PSNR 6:1:1");
  sides.reference.color.matrix = Matrix::kIdentity;
  EXPECT_EQ(name_of(kMetrics[1], sides), "psnr_b");
}

// Overall PSNR is that of the mean of the squared errors; the worst frame is found.
TEST(Compare, PoolsFrames) {
  const auto report = compare_paths(kScene, "generate:160x96@50,frames=6,color=pq,seed=2");
  ASSERT_TRUE(report.ok()) << report.error().message;
  double square = 0, root = 0, similarity = 0, lowest = 1000;
  std::size_t lowest_at = 0;
  for (std::size_t i = 0; i < report->frames.size(); ++i) {
    const Scores& scores = report->frames[i].scores;
    square += std::pow(10, -scores[Metric::kPsnr0] / 10) / 6;
    root += std::sqrt(std::pow(10, -scores[Metric::kXpsnr0] / 10)) / 6;
    similarity += scores[Metric::kSsim] / 6;
    if (scores[Metric::kPsnr0] < lowest) lowest_at = i;
    lowest = std::min(lowest, scores[Metric::kPsnr0]);
  }
  EXPECT_EQ(report->frames_identical, 0);
  EXPECT_NEAR(report->overall[Metric::kPsnr0], -10 * std::log10(square), 1e-9);
  EXPECT_NEAR(report->overall[Metric::kXpsnr0], -20 * std::log10(root), 1e-9);
  EXPECT_NEAR(report->overall[Metric::kSsim], similarity, 1e-12);
  EXPECT_EQ(worst_frame(*report, kMetrics[0]), lowest_at);
}

TEST(Compare, DoesNotDependOnThreads) {
  CompareSpec one, three;
  one.threads = 1;
  three.threads = 3;
  const std::string other = "generate:160x96@50,frames=6,color=pq,seed=2";
  const auto a = compare_paths(kScene, other, one), b = compare_paths(kScene, other, three);
  ASSERT_TRUE(a.ok() && b.ok());
  for (const MetricRow& row : kMetrics) EXPECT_EQ(a->overall[row.metric], b->overall[row.metric]);
}

// The same scene as HLG: its code values mean something else, its light is nearly the same.
TEST(Compare, OtherTransferLeavesLightOnly) {
  const auto report = compare_paths(kScene, "generate:160x96@50,frames=6,color=hlg,seed=1");
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_NE(report->sides.no_code_values.find("transfer characteristics (A smpte2084, B arib-std-b67)"),
            std::string::npos);
  EXPECT_FALSE(worst_frame(*report, kMetrics[0]));
  EXPECT_TRUE(std::isnan(report->overall[Metric::kPsnr0]));
  EXPECT_GT(report->overall[Metric::kDeltaEMean], 0);
}

TEST(Compare, OtherDepthIsNamed) {
  const auto report = compare_paths(kScene, "generate:160x96@50,frames=6,color=pq,seed=1,depth=12");
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_NE(report->sides.no_code_values.find("sample format (A 4:2:0 10-bit, B 4:2:0 12-bit)"), std::string::npos);
  EXPECT_NE(report->sides.no_code_values.find("jinsha transcode"), std::string::npos);
  EXPECT_LT(report->overall[Metric::kDeltaEMean], 1);
}

TEST(Compare, TheShorterFileEndsIt) {
  const std::string shorter = "generate:160x96@50,frames=4,color=pq,seed=1";
  for (const bool reference_is_shorter : {true, false}) {
    const auto report = reference_is_shorter ? compare_paths(shorter, kScene) : compare_paths(kScene, shorter);
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_EQ(report->frames.size(), 4U);
    EXPECT_EQ(report->reference_frames, reference_is_shorter ? 4 : 6);
    EXPECT_EQ(report->other_frames, reference_is_shorter ? 6 : 4);
    EXPECT_FALSE(report->same_length());
  }
  CompareSpec spec;
  spec.frames = 3;
  const auto limited = compare_paths(kScene, shorter, spec);
  ASSERT_TRUE(limited.ok());
  EXPECT_EQ(limited->frames.size(), 3U);
  EXPECT_TRUE(limited->same_length());
}

TEST(Compare, TinyPictures) {
  // 64x32 is the least the generator makes; 1x1 is in the end-to-end test.
  const auto report = compare_paths("generate:64x32@25,frames=2,color=sdr", "generate:64x32@25,frames=2,color=sdr");
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->frames_identical, 2);
}

TEST(Compare, Refusals) {
  const auto sizes = compare_paths(kScene, "generate:192x96@50,frames=6,color=pq");
  ASSERT_FALSE(sizes.ok());
  EXPECT_EQ(sizes.error().code, ErrorCode::kInput);
  EXPECT_NE(sizes.error().message.find("160x96"), std::string::npos);
  EXPECT_NE(sizes.error().message.find("192x96"), std::string::npos);
  EXPECT_EQ(compare_paths(kScene, "/no/such/file").error().code, ErrorCode::kInput);
  EXPECT_EQ(compare_paths("-", "-").error().code, ErrorCode::kUsage);
  CompareSpec spec;
  spec.heat_map = ::testing::TempDir() + "jinsha_no_frame.png";
  spec.heat_map_frame = 6;
  const auto frame = compare_paths(kScene, kScene, spec);
  ASSERT_FALSE(frame.ok());
  EXPECT_EQ(frame.error().code, ErrorCode::kUsage);
  EXPECT_NE(frame.error().message.find("0 to 5"), std::string::npos);
}

TEST(Compare, StopsWhenAsked) {
  CompareSpec spec;
  std::int64_t seen = 0;
  spec.progress = [&](std::int64_t done, std::int64_t total) {
    EXPECT_EQ(total, 6);
    seen = done;
    return done < 2;
  };
  const auto report = compare_paths(kScene, kScene, spec);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::kInterrupted);
  EXPECT_EQ(seen, 2);
}

TEST(HeatMap, ColoursOfItsScale) {
  const auto is = [](double delta_e, double r, double g, double b) {
    const HeatColor color = heat_color(delta_e);
    EXPECT_NEAR(color.r, r, 1e-12) << delta_e;
    EXPECT_NEAR(color.g, g, 1e-12) << delta_e;
    EXPECT_NEAR(color.b, b, 1e-12) << delta_e;
  };
  is(0, 0, 0, 0);
  is(std::nan(""), 0, 0, 0);
  is(0.25, 0, 0, 0.3);
  is(1, 0.7, 0, 0.7);
  is(std::sqrt(8.0), 0.95, 0.25, 0);
  is(16, 1, 1, 1);
  is(500, 1, 1, 1);
}

}  // namespace
}  // namespace jinsha::compare
