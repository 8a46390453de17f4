#include "base/log.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace jinsha {
namespace {

TEST(Log, SendsEnoughAndNoMoreToTheSink) {
  std::vector<std::string> lines;
  const Log log = Log::create(LogLevel::kInfo, [&](LogLevel level, std::string_view message) {
    lines.push_back(std::string(log_level_name(level)) + " " + std::string(message));
  });
  log.debug("not {}", 1);
  log.info("one {}", 2);
  log.warning("two {}", "%s {}");
  EXPECT_EQ(lines, (std::vector<std::string>{"info one 2", "warning two %s {}"}));
  Log().error("goes nowhere");
}

TEST(Log, WritesAFileAndSaysSoWhenItCannot) {
  const std::string name = ::testing::TempDir() + "jinsha_log_test.log";
  std::remove(name.c_str());
  Log::create(LogLevel::kInfo, nullptr, name).warning("to the file");
  std::ifstream file(name);
  std::string line;
  std::getline(file, line);
  EXPECT_NE(line.find("to the file"), std::string::npos);

  std::string heard;
  Log::create(
      LogLevel::kInfo, [&](LogLevel, std::string_view message) { heard = message; }, name + "/below-a-file.log");
  EXPECT_NE(heard.find("below-a-file.log"), std::string::npos);
}

}  // namespace
}  // namespace jinsha
