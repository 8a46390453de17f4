#include "base/queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

namespace jinsha {
namespace {

using namespace std::chrono_literals;

TEST(BoundedQueue, KeepsOrderAndNeverHoldsMoreThanItsCapacity) {
  BoundedQueue<int> queue(3);
  const std::stop_source stop;
  std::vector<int> received;
  std::size_t most = 0;
  std::jthread consumer([&] {
    while (auto item = queue.pop(stop.get_token())) {
      most = std::max(most, queue.size());
      received.push_back(*item);
    }
  });
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(queue.push(i, stop.get_token()));
  queue.close();
  consumer.join();
  ASSERT_EQ(received.size(), 10'000U);
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(received[static_cast<std::size_t>(i)], i);
  EXPECT_LE(most, 3U);
}

TEST(BoundedQueue, AStopWakesAWaitingProducerAndAWaitingConsumer) {
  BoundedQueue<int> full(1);
  BoundedQueue<int> empty(1);
  std::stop_source stop;
  ASSERT_TRUE(full.push(1, stop.get_token()));
  bool pushed = true;
  bool popped = true;
  std::jthread producer([&] { pushed = full.push(2, stop.get_token()); });
  std::jthread consumer([&] { popped = empty.pop(stop.get_token()).has_value(); });
  std::this_thread::sleep_for(20ms);
  stop.request_stop();
  producer.join();
  consumer.join();
  EXPECT_FALSE(pushed);
  EXPECT_FALSE(popped);
}

TEST(BoundedQueue, WhatIsQueuedCanBePoppedAfterClose) {
  BoundedQueue<int> queue(2);
  const std::stop_source stop;
  ASSERT_TRUE(queue.push(5, stop.get_token()));
  queue.close();
  EXPECT_FALSE(queue.push(6, stop.get_token()));
  EXPECT_EQ(queue.pop(stop.get_token()), 5);
  EXPECT_EQ(queue.pop(stop.get_token()), std::nullopt);
}

}  // namespace
}  // namespace jinsha
