#include "base/watched_thread.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <thread>

namespace jinsha {
namespace {

using std::chrono::seconds;

TEST(WatchedThread, RunsCallsInOrderOnOneThreadThatIsNotTheCallers) {
  WatchedThread watched;
  std::thread::id first, second;
  int order = 0, first_order = 0, second_order = 0;
  ASSERT_TRUE(watched.run([&] { first = std::this_thread::get_id(), first_order = ++order; }, seconds(60)));
  ASSERT_TRUE(watched.run([&] { second = std::this_thread::get_id(), second_order = ++order; }, seconds(60)));
  EXPECT_EQ(first, second);
  EXPECT_NE(first, std::this_thread::get_id());
  EXPECT_EQ(first_order, 1);
  EXPECT_EQ(second_order, 2);
  EXPECT_FALSE(watched.given_up());
}

TEST(WatchedThread, ReleasesWhatACallCapturedWhenItReturns) {
  WatchedThread watched;
  auto held = std::make_shared<int>(1);
  ASSERT_TRUE(watched.run([held] {}, seconds(60)));
  EXPECT_EQ(held.use_count(), 1);
}

TEST(WatchedThread, GivesUpACallThatDoesNotReturnAndKeepsWhatItUses) {
  auto release = std::make_shared<std::promise<void>>();
  auto ended = std::make_shared<std::promise<int>>();
  auto used = std::make_shared<int>(42);
  std::future<int> result = ended->get_future();
  {
    WatchedThread watched;
    EXPECT_FALSE(watched.run(
        [release, ended, used] {
          release->get_future().wait();
          ended->set_value(*used);
        },
        seconds(1)));
    EXPECT_TRUE(watched.given_up());
  }  // does not wait for it
  used.reset();
  EXPECT_EQ(result.wait_for(seconds(0)), std::future_status::timeout);
  release->set_value();
  ASSERT_EQ(result.wait_for(seconds(60)), std::future_status::ready);
  EXPECT_EQ(result.get(), 42);
}

}  // namespace
}  // namespace jinsha
