// Subtitles in a transport stream, held against what a job says it wrote. The clip is a real one: no writer of ours.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "verify/fixtures_helper.h"

namespace jinsha::verify_test {
namespace {

using verify::Property;

// As ffprobe counts them; the first packet's own time is 0.998 s behind that of the first picture.
constexpr std::int64_t kPackets = 6;

Data clip() {
  const char* media = std::getenv("JINSHA_MEDIA");
  if (media == nullptr) return {};
  std::ifstream file(std::filesystem::path(media) / "ts/teletext_720p25.ts", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool streams_fail(const Data& bytes, std::int64_t packets, double start_s) {
  verify::RunFacts run;
  run.data_packets = {packets};
  run.data_start_s = {start_s};
  return failed(judge(bytes, std::nullopt, nullptr, &run), Property::kStreams);
}

TEST(Data, PacketsAndTheirTimesAreThoseOfTheRun) {
  const Data bytes = clip();
  if (bytes.empty()) GTEST_SKIP() << "JINSHA_MEDIA does not hold ts/teletext_720p25.ts";
  const auto verdict = judge(bytes, std::nullopt, nullptr, nullptr);
  EXPECT_NE(find_check(verdict, Property::kStreams)->found.find("dvb_teletext"), std::string::npos);
  const double start_s = 0.998;
  EXPECT_FALSE(streams_fail(bytes, kPackets, start_s));
  EXPECT_TRUE(streams_fail(bytes, kPackets - 1, start_s));
  EXPECT_TRUE(streams_fail(bytes, kPackets + 1, start_s));
  EXPECT_TRUE(streams_fail(bytes, kPackets, start_s + 0.04));
}

}  // namespace
}  // namespace jinsha::verify_test
