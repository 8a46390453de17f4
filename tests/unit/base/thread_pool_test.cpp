#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace jinsha {
namespace {

TEST(ThreadPool, RunsEveryIndexOnceWhateverTheNumberOfThreads) {
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (const int count : {0, 1, 3, 100}) {
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(count));
      pool.run(count, [&](int index, int) { ++runs[static_cast<std::size_t>(index)]; });
      for (const auto& run : runs) EXPECT_EQ(run, 1);
    }
  }
}

// Scratch memory is indexed by the thread number, so two tasks must never share one at a time.
TEST(ThreadPool, AThreadNumberNeverRunsTwoTasksAtOnce) {
  ThreadPool pool(4);
  std::vector<std::atomic<int>> inside(4);
  std::atomic<bool> overlapped{false};
  for (int round = 0; round < 200; ++round) {
    pool.run(16, [&](int, int thread) {
      if (++inside[static_cast<std::size_t>(thread)] != 1) overlapped = true;
      --inside[static_cast<std::size_t>(thread)];
    });
  }
  EXPECT_FALSE(overlapped);
}

}  // namespace
}  // namespace jinsha
