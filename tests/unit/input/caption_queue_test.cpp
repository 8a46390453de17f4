// What becomes of captions when pictures are doubled, left out and repeated.
#include "input/caption_queue.h"

#include <gtest/gtest.h>

#include <numeric>

namespace jinsha {
namespace {

// `count` constructs, numbered from `first`.
Bytes constructs(int first, int count) {
  std::vector<std::uint8_t> bytes;
  for (int i = first; i < first + count; ++i) bytes.insert(bytes.end(), {0xFC, 0, static_cast<std::uint8_t>(i)});
  return make_bytes(std::move(bytes));
}

// The numbers of the constructs.
std::vector<int> numbers(const Bytes& bytes) {
  std::vector<int> found;
  for (std::size_t i = 2; bytes && i < bytes->size(); i += 3) found.push_back((*bytes)[i]);
  return found;
}

std::vector<int> range(int first, int count) {
  std::vector<int> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), first);
  return all;
}

TEST(CaptionQueue, GivesEachPictureItsOwn) {
  CaptionQueue queue({30, 1}, false);
  queue.take(0, constructs(0, 20));
  queue.take(10, nullptr);
  queue.take(20, constructs(20, 25));
  EXPECT_EQ(numbers(queue.give(0)), range(0, 20));
  EXPECT_EQ(queue.give(10), nullptr);
  EXPECT_EQ(numbers(queue.give(20)), range(20, 25)) << "as it came, whatever the rate";
}

TEST(CaptionQueue, WaitsForTheTimeOfThePicture) {
  CaptionQueue queue({30, 1}, false);
  // A filter gives the picture of time 0 out when that of time 10 has gone in.
  queue.take(0, constructs(0, 20));
  queue.take(10, constructs(20, 20));
  EXPECT_EQ(numbers(queue.give(0)), range(0, 20));
  EXPECT_EQ(numbers(queue.give(10)), range(20, 20));
}

TEST(CaptionQueue, SpreadsThoseOfAFrameOverItsFields) {
  CaptionQueue queue({60'000, 1001}, true);
  for (int frame = 0; frame < 4; ++frame) {
    queue.take(20 * frame, constructs(20 * frame, 20));
    EXPECT_EQ(numbers(queue.give(20 * frame)), range(20 * frame, 10));
    EXPECT_EQ(numbers(queue.give(20 * frame + 10)), range(20 * frame + 10, 10));
  }
  EXPECT_EQ(queue.give(1000), nullptr);
}

TEST(CaptionQueue, APictureLeftOutHandsItsCaptionsOn) {
  CaptionQueue queue({30, 1}, false);
  queue.take(0, constructs(0, 20));
  queue.take(10, constructs(20, 20));
  EXPECT_EQ(numbers(queue.give(10)), range(0, 31)) << "more than a message can hold";
  EXPECT_EQ(numbers(queue.give(20)), range(31, 9));
}

TEST(CaptionQueue, WhatLiesBeforeTheRangeIsNotWanted) {
  CaptionQueue queue({30, 1}, false);
  queue.take(0, constructs(0, 20));
  queue.take(10, constructs(20, 20));
  queue.skip(0);
  EXPECT_EQ(numbers(queue.give(10)), range(20, 20));
}

TEST(CaptionQueue, StaysBounded) {
  CaptionQueue queue({60, 1}, true);
  for (int i = 0; i < 100'000; ++i) queue.take(i, constructs(0, 31));
  int pictures = 0;
  while (queue.give(100'000)) ++pictures;
  EXPECT_EQ(pictures, 300) << "five seconds";
}

}  // namespace
}  // namespace jinsha
