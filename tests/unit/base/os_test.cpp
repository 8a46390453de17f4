#include "base/os.h"

#include <gtest/gtest.h>

#include <cstring>

namespace jinsha {
namespace {

TEST(Os, ReportsThisProcess) {
  EXPECT_GT(resident_bytes(), 1'000'000U);
  EXPECT_GE(peak_resident_bytes(), resident_bytes() / 2);
  EXPECT_GE(memory_limit_bytes(), peak_resident_bytes());
  EXPECT_GE(cpu_count(), 1);
  const std::int64_t before = thread_cpu_ns();
  volatile double sum = 0;
  for (int i = 0; i < 2'000'000; ++i) sum = sum + i;
  EXPECT_GT(thread_cpu_ns(), before);
}

TEST(Os, ABlockIsAlignedZeroedAndCountsOnlyWhenTouched) {
  constexpr std::size_t kBytes = 100'000'000;
  const std::uint64_t before = resident_bytes();
  auto block = HugeBlock::allocate(kBytes);
  ASSERT_TRUE(block.ok());
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block->data()) % (std::size_t{2} << 20), 0U);
  EXPECT_GE(block->size(), kBytes);
  EXPECT_LT(resident_bytes(), before + kBytes / 2);
  EXPECT_EQ(block->data()[kBytes - 1], std::byte{0});
  std::memset(block->data(), 1, kBytes);
  EXPECT_GE(resident_bytes(), before + kBytes / 2);
}

TEST(Os, AnImpossibleBlockIsAnErrorWithTheSize) {
  const auto block = HugeBlock::allocate(std::size_t{1} << 60);
  ASSERT_FALSE(block.ok());
  EXPECT_EQ(block.error().code, ErrorCode::kNotPossible);
}

TEST(Os, FoldersOfPaths) {
  EXPECT_EQ(folder_of("a/b.ts"), "a");
  EXPECT_EQ(folder_of("b.ts"), ".");
  EXPECT_EQ(folder_of("/b.ts"), "/");
  EXPECT_TRUE(free_disk_bytes(".").ok());
  EXPECT_FALSE(free_disk_bytes("./no such folder").ok());
}

}  // namespace
}  // namespace jinsha
