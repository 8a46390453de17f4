#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace jinsha {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return make_error(ErrorCode::kUsage, "{} is odd", value);
  return value / 2;
}

Result<int> quarter(int value) {
  JINSHA_ASSIGN(const int once, half(value));
  JINSHA_ASSIGN(const int twice, half(once));
  return twice;
}

Status only_even(int value) {
  JINSHA_TRY(half(value));
  return {};
}

TEST(Result, CarriesTheValueOrTheErrorThroughTheMacros) {
  ASSERT_TRUE(quarter(8).ok());
  EXPECT_EQ(*quarter(8), 2);
  const Result<int> failed = quarter(6);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kUsage);
  EXPECT_EQ(failed.error().message, "3 is odd");
  EXPECT_TRUE(only_even(2).ok());
  EXPECT_EQ(only_even(5).error().message, "5 is odd");
}

TEST(Result, HoldsMoveOnlyValues) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

// The exit statuses are promised to scripts.
TEST(Result, ExitStatusesAreTheDocumentedOnes) {
  EXPECT_EQ(exit_status(ErrorCode::kUsage), 2);
  EXPECT_EQ(exit_status(ErrorCode::kInput), 3);
  EXPECT_EQ(exit_status(ErrorCode::kNotPossible), 4);
  EXPECT_EQ(exit_status(ErrorCode::kOutput), 5);
  EXPECT_EQ(exit_status(ErrorCode::kRejected), 6);
  EXPECT_EQ(exit_status(ErrorCode::kLosses), 7);
  EXPECT_EQ(exit_status(ErrorCode::kInterrupted), 130);
  EXPECT_STREQ(error_code_name(ErrorCode::kNotPossible), "not-possible");
}

}  // namespace
}  // namespace jinsha
