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

TEST(Mutators, ThereIsOneForEveryProperty) {
  std::set<Property> covered;
  for (const Mutator& mutator : mutators()) covered.insert(mutator.property);
  for (int i = 0; i <= static_cast<int>(Property::kBitrate); ++i) {
    EXPECT_EQ(covered.count(static_cast<Property>(i)), 1U) << verify::name_of(static_cast<Property>(i));
  }
}

}  // namespace
}  // namespace jinsha::verify_test
