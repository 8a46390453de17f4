// Every damage is found, and called by its name.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "verify/fixtures_helper.h"
#include "verify/mutators_helper.h"

namespace jinsha::verify_test {
namespace {

using verify::Property;

TEST(Mutators, TakingApartAndPuttingTogetherChangesNothing) {
  for (const Fixture& one : fixtures()) {
    const auto same = edit_video(one.bytes, one.kind, [](std::vector<Unit>&) { return true; });
    ASSERT_TRUE(same) << one.name;
    const auto verdict = judge(*same, one.kind.container, &one.plan, &one.run);
    EXPECT_TRUE(verdict.passed()) << one.name << "\n" << failures_text(verdict);
  }
}

TEST(Mutators, TheJudgeNamesWhatIsDamaged) {
  for (const Mutator& mutator : mutators()) {
    bool applied = false;
    for (const Fixture& one : fixtures()) {
      const auto damaged = mutator.apply(one.bytes, one.kind);
      if (!damaged) continue;
      applied = true;
      const std::string what = one.name + ": " + mutator.name;
      ASSERT_NE(*damaged, one.bytes) << what;
      const auto verdict = judge(*damaged, one.kind.container, &one.plan, &one.run);
      EXPECT_TRUE(failed(verdict, mutator.property))
          << what << " must fail " << verify::name_of(mutator.property) << "\n"
          << failures_text(verdict);
      for (const verify::Check& check : verdict.checks) {
        if (check.passed || check.property == mutator.property) continue;
        EXPECT_NE(std::find(mutator.also.begin(), mutator.also.end(), check.property), mutator.also.end())
            << what << " must not fail " << verify::name_of(check.property) << "\n"
            << failures_text(verdict);
      }
    }
    EXPECT_TRUE(applied) << mutator.name << " of " << verify::name_of(mutator.property) << " applies to no stream";
  }
}

// With no plan to differ from: only the table of levels can tell.
TEST(Mutators, APictureLargerThanItsLevelIsNamed) {
  const Fixture& good = fixture("hevc_sdr_vbv.hevc");
  const auto damaged = edit_video(good.bytes, good.kind, [](std::vector<Unit>& units) {
    for (Unit& unit : units) {
      for (Part& part : unit.parts) {
        if (part.nal_type() != 32 && part.nal_type() != 33) continue;
        // general_level_idc behind the header, 4 bytes of a VPS or 1 of an SPS, and 11 of the profile.
        Data rbsp = unescape(part.bytes);
        rbsp.at(part.nal_type() == 32 ? 2 + 4 + 11 : 2 + 1 + 11) = 30;  // level 1: at most 36 864 luma samples
        part.bytes = escape(rbsp);
      }
    }
    return true;
  });
  ASSERT_TRUE(damaged);
  const auto verdict = judge(*damaged, good.kind.container, nullptr, nullptr);
  EXPECT_TRUE(failed(verdict, Property::kLevelTier));
  EXPECT_NE(failures_text(verdict).find("luma samples in a picture of at most 36864"), std::string::npos)
      << failures_text(verdict);
}

TEST(Mutators, ThereIsOneForEveryProperty) {
  std::set<Property> covered;
  for (const Mutator& mutator : mutators()) covered.insert(mutator.property);
  for (int i = 0; i <= static_cast<int>(Property::kBitrate); ++i) {
    EXPECT_EQ(covered.count(static_cast<Property>(i)), 1U) << verify::name_of(static_cast<Property>(i));
  }
}

}  // namespace
}  // namespace jinsha::verify_test
