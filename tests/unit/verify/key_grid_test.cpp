// Where key frames may be: lists of them, without the streams around.
#include <gtest/gtest.h>

#include "verify/checks.h"

namespace jinsha::verify_test {
namespace {

bool accepted(std::int64_t gop, bool fixed, std::vector<std::int64_t> forced, const std::vector<std::int64_t>& keys) {
  verify::StreamLog log;
  log.has_video = true;
  log.video.codec = Codec::kHevc;
  log.video.units.resize(50);
  for (const std::int64_t key : keys) log.video.units[static_cast<std::size_t>(key)].key = true;
  Plan plan;
  plan.video.gop_frames = static_cast<int>(gop);
  plan.video.fixed_gop = fixed;
  plan.video.keyframes = std::move(forced);
  verify::CheckContext context{log, &plan, nullptr, log.findings};
  verify::check_key_frames(context);
  return !log.findings.failed(verify::Property::kKeyFrameDistance);
}

TEST(KeyGrid, StaysOrStartsAnewAtForcedKeyFramesButNotBoth) {
  EXPECT_TRUE(accepted(10, true, {}, {0, 10, 20, 30, 40}));
  EXPECT_FALSE(accepted(10, true, {}, {0, 10, 20, 40}));
  EXPECT_FALSE(accepted(10, true, {}, {0, 10, 15, 20, 30, 40}));
  EXPECT_TRUE(accepted(10, true, {13}, {0, 10, 13, 20, 30, 40})) << "the grid stays";
  EXPECT_TRUE(accepted(10, true, {13}, {0, 10, 13, 23, 33, 43})) << "the grid starts anew";
  EXPECT_FALSE(accepted(10, true, {13}, {0, 10, 13, 23, 30, 40})) << "frame 20 is lost";
  EXPECT_FALSE(accepted(10, true, {13}, {0, 10, 20, 30, 40})) << "the forced one is missing";
  EXPECT_FALSE(accepted(10, true, {}, {0, 10, 20, 30})) << "the last one is missing";
}

TEST(KeyGrid, AnOpenGridHasALongestDistance) {
  EXPECT_TRUE(accepted(20, false, {}, {0, 7, 20, 35}));
  EXPECT_FALSE(accepted(20, false, {}, {0, 7, 28, 35}));
  EXPECT_FALSE(accepted(20, false, {25}, {0, 7, 20, 35}));
}

}  // namespace
}  // namespace jinsha::verify_test
