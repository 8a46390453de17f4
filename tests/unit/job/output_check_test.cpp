#include "job/output_check.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace jinsha {
namespace {

TEST(OutputCheck, TheContainerComesFromTheNameOrTheFormat) {
  EXPECT_EQ(*output_kind("a.ts", ""), ContainerKind::kMpegTs);
  EXPECT_EQ(*output_kind("a.M2TS", ""), ContainerKind::kMpegTs);
  EXPECT_EQ(*output_kind("dir.x/a.mp4", ""), ContainerKind::kFragmentedMp4);
  EXPECT_EQ(*output_kind("null:", ""), ContainerKind::kNull);
  EXPECT_EQ(*output_kind("-", "mpegts"), ContainerKind::kMpegTs);
  EXPECT_EQ(*output_kind("a.bin", "mp4"), ContainerKind::kFragmentedMp4);
  EXPECT_EQ(output_kind("-", "").error().code, ErrorCode::kUsage);
  EXPECT_NE(output_kind("a.avi", "").error().message.find(".mp4"), std::string::npos);
  EXPECT_FALSE(output_kind("a.ts", "avi").ok());
}

TEST(OutputCheck, NamesBesideTheOutput) {
  EXPECT_EQ(temporary_name("a/b.ts"), "a/.b.ts.jinsha-tmp");
  EXPECT_EQ(partial_name("a/b.ts"), "a/b.partial.ts");
  EXPECT_EQ(rejected_name("b.c.mp4"), "b.c.rejected.mp4");
  EXPECT_EQ(partial_name("a.d/noextension"), "a.d/noextension.partial");
}

class OutputCheckFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "jinsha_output_check";
    mkdir(folder_.c_str(), 0755);
    file_ = folder_ + "/exists.ts";
    std::ofstream(file_) << "x";
  }
  void TearDown() override {
    unlink(file_.c_str());
    rmdir(folder_.c_str());
  }
  std::string folder_;
  std::string file_;
};

TEST_F(OutputCheckFiles, RefusesWhatWouldDestroyOrCannotWork) {
  EXPECT_TRUE(check_output(folder_ + "/new.ts", "in.ts", false, 0).ok());
  EXPECT_EQ(check_output(file_, "in.ts", false, 0).error().code, ErrorCode::kUsage);
  EXPECT_TRUE(check_output(file_, "in.ts", true, 0).ok());
  EXPECT_NE(check_output(file_, file_, true, 0).error().message.find("input itself"), std::string::npos);
  EXPECT_NE(
      check_output(folder_ + "/../jinsha_output_check/exists.ts", file_, true, 0).error().message.find("input itself"),
      std::string::npos);
  EXPECT_EQ(check_output(folder_, "in.ts", true, 0).error().code, ErrorCode::kUsage);
  EXPECT_EQ(check_output(folder_ + "/none/new.ts", "in.ts", false, 0).error().code, ErrorCode::kOutput);
  EXPECT_EQ(check_output(file_ + "/new.ts", "in.ts", false, 0).error().code, ErrorCode::kOutput);
  EXPECT_EQ(check_output(folder_ + "/new.ts", "in.ts", false, std::uint64_t{1} << 60).error().code,
            ErrorCode::kNotPossible);
}

}  // namespace
}  // namespace jinsha
