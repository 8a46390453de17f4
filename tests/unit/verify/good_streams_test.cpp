// Streams that are what their plan says pass every check, however they are fed.
#include <gtest/gtest.h>

#include <set>

#include "verify/fixtures_helper.h"

namespace jinsha::verify_test {
namespace {

using verify::Property;

TEST(GoodStreams, PassAgainstTheirPlan) {
  for (const Fixture& one : fixtures()) {
    const auto verdict = judge(one.bytes, one.kind.container, &one.plan, &one.run);
    EXPECT_TRUE(verdict.passed()) << one.name << "\n" << failures_text(verdict);
    EXPECT_GE(verdict.checks.size(), 11U) << one.name;
  }
}

TEST(GoodStreams, PassWithoutPlanOrKind) {
  for (const Fixture& one : fixtures()) {
    const auto verdict = judge(one.bytes, std::nullopt, nullptr, nullptr);
    EXPECT_TRUE(verdict.passed()) << one.name << "\n" << failures_text(verdict);
    EXPECT_EQ(verdict.facts.frames, one.run.frames) << one.name;
    EXPECT_EQ(verdict.facts.video_codec, one.kind.codec) << one.name;
  }
}

TEST(GoodStreams, EveryPropertyIsLookedAt) {
  for (int i = 0; i <= static_cast<int>(Property::kBitrate); ++i) {
    const auto property = static_cast<Property>(i);
    bool looked_at = false;
    for (const Fixture& one : fixtures()) {
      looked_at =
          looked_at || find_check(judge(one.bytes, one.kind.container, &one.plan, &one.run), property) != nullptr;
    }
    EXPECT_TRUE(looked_at) << verify::name_of(property);
  }
}

TEST(GoodStreams, TheSizeOfPiecesDoesNotMatter) {
  for (const Fixture& one : fixtures()) {
    const auto whole = judge(one.bytes, one.kind.container, &one.plan, &one.run, one.bytes.size());
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{188}, std::size_t{1000}}) {
      const auto pieces = judge(one.bytes, one.kind.container, &one.plan, &one.run, piece);
      EXPECT_EQ(failures_text(pieces), failures_text(whole)) << one.name << " in pieces of " << piece;
      EXPECT_EQ(pieces.facts.details, whole.facts.details) << one.name << " in pieces of " << piece;
      EXPECT_EQ(pieces.facts.frames, whole.facts.frames);
    }
  }
}

// The last picture of a stream of variable rate may take many packets, and tables lie among them.
TEST(GoodStreams, NoTimeIsReadBehindTheLastPcr) {
  for (const Fixture& one : fixtures()) {
    if (one.kind.container != ContainerKind::kMpegTs) continue;
    auto packets = split_packets(one.bytes);
    auto pat = packets.front();
    for (const TsPacket& packet : packets) {
      if (packet.pid() == 0) pat = packet;
    }
    const std::size_t before = packets.size();
    auto null = pat;
    null.make_null();
    packets.insert(packets.end(), 20 * before, null);
    packets.push_back(pat);
    renumber(packets, 0);
    const auto verdict = judge(join_packets(packets), one.kind.container, nullptr, nullptr);
    EXPECT_TRUE(verdict.passed()) << one.name << "\n" << failures_text(verdict);
  }
}

TEST(GoodStreams, NamesAndExplanationsDiffer) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(Property::kBitrate); ++i) {
    const auto property = static_cast<Property>(i);
    EXPECT_TRUE(names.insert(verify::name_of(property)).second);
    EXPECT_GT(std::string(verify::explanation_of(property)).size(), 20U);
    EXPECT_FALSE(std::string(verify::clause_of(property)).empty());
  }
}

}  // namespace
}  // namespace jinsha::verify_test
