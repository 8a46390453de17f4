// Comparing through the C interface: what comes back, what is refused, progress, sized structs.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "jinsha/jinsha.hpp"

namespace jinsha {
namespace {

const std::string kA = "generate:96x64@25,frames=4,color=pq,seed=1";
const std::string kB = "generate:96x64@25,frames=4,color=pq,seed=2";

std::string temporary(const char* name) {
  return ::testing::TempDir() + "jinsha_compare_" + std::to_string(getpid()) + "_" + name;
}

TEST(ApiCompare, ReportIsCompleteJson) {
  std::string text;
  const Outcome outcome = compare(kA, kB, {}, text);
  ASSERT_TRUE(outcome.ok()) << outcome.message;
  const nlohmann::json report = nlohmann::json::parse(text);
  EXPECT_EQ(report.at("frames"), 4);
  EXPECT_EQ(report.at("metrics").size(), 11U);
  EXPECT_EQ(report.at("frames_identical"), 0);
  EXPECT_TRUE(report.at("not_measured").empty());
  EXPECT_TRUE(report.at("heatmap").is_null());
  EXPECT_EQ(report.at("reference").at("color").at("transfer"), "smpte2084");
  for (const nlohmann::json& metric : report.at("metrics")) {
    const std::string name = metric.at("name");
    const std::size_t worst = metric.at("worst_frame");
    EXPECT_EQ(report.at("per_frame").at(worst).at(name), metric.at("worst")) << name;
    EXPECT_DOUBLE_EQ(report.at("per_frame").at(worst).at("time_s"), static_cast<double>(worst) / 25) << name;
  }
}

TEST(ApiCompare, ProgressIsToldAndStops) {
  CompareOptions options;
  std::int64_t frames = 0;
  options.progress = [&](const jinsha_progress& progress) {
    frames = progress.frames;
    EXPECT_EQ(progress.total_frames, 4);
    return progress.frames < 2;
  };
  std::string text;
  const Outcome outcome = compare(kA, kB, options, text);
  EXPECT_EQ(outcome.code, JINSHA_INTERRUPTED);
  EXPECT_EQ(frames, 2);
  EXPECT_TRUE(text.empty());
}

TEST(ApiCompare, FilesAreCheckedBeforeTheFirstFrame) {
  std::string text;
  CompareOptions options;
  bool started = false;
  options.progress = [&](const jinsha_progress&) { return started = true; };
  options.heatmap = "/no/such/folder/map.png";
  Outcome outcome = compare(kA, kB, options, text);
  EXPECT_EQ(outcome.code, JINSHA_OUTPUT);
  EXPECT_NE(outcome.message.find("--heatmap /no/such/folder/map.png"), std::string::npos) << outcome.message;
  options.heatmap.clear();
  options.html = ::testing::TempDir();
  outcome = compare(kA, kB, options, text);
  EXPECT_EQ(outcome.code, JINSHA_USAGE);
  options.html = options.heatmap = temporary("both");
  outcome = compare(kA, kB, options, text);
  EXPECT_EQ(outcome.code, JINSHA_USAGE);
  EXPECT_FALSE(started);
  EXPECT_NE(access(options.html.c_str(), F_OK), 0);
}

TEST(ApiCompare, FilesAreWritten) {
  CompareOptions options;
  options.html = temporary("page.html");
  options.heatmap = temporary("map.png");
  options.heatmap_frame = 3;
  std::string text;
  const Outcome outcome = compare(kA, kB, options, text);
  ASSERT_TRUE(outcome.ok()) << outcome.message;
  EXPECT_EQ(nlohmann::json::parse(text).at("heatmap").at("frame"), 3);
  std::ifstream png(options.heatmap, std::ios::binary);
  char signature[8] = {};
  png.read(signature, sizeof signature);
  EXPECT_EQ(std::memcmp(signature, "\x89PNG\r\n\x1a\n", 8), 0);
  struct stat page {};
  ASSERT_EQ(stat(options.html.c_str(), &page), 0);
  EXPECT_GT(page.st_size, 2000);
  unlink(options.html.c_str());
  unlink(options.heatmap.c_str());
}

// A client compiled against a shorter struct gives no more than it has.
TEST(ApiCompare, OptionsHaveASize) {
  jinsha_compare_options options{};
  options.size = offsetof(jinsha_compare_options, threads);
  options.frames = 2;
  options.threads = -7;
  options.html = "/no/such/folder/page.html";
  char* text = nullptr;
  ASSERT_EQ(jinsha_compare(kA.c_str(), kB.c_str(), &options, &text, nullptr), JINSHA_OK);
  EXPECT_EQ(nlohmann::json::parse(text).at("frames"), 2);
  jinsha_string_free(text);
  text = nullptr;
  EXPECT_EQ(jinsha_compare(kA.c_str(), nullptr, nullptr, &text, nullptr), JINSHA_USAGE);
  EXPECT_EQ(jinsha_compare(kA.c_str(), kA.c_str(), nullptr, &text, nullptr), JINSHA_OK);
  jinsha_string_free(text);
}

}  // namespace
}  // namespace jinsha
