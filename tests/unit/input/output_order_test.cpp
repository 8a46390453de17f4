#include "input/output_order.h"

#include <gtest/gtest.h>

#include <vector>

namespace jinsha {
namespace {

struct Picture {
  std::int64_t order_count;
  bool sequence_start;
};

std::vector<std::int64_t> numbers(const std::vector<Picture>& pictures) {
  OutputOrder order;
  std::vector<std::int64_t> out;
  const auto take = [&] {
    while (const auto number = order.take()) out.push_back(*number);
  };
  for (const Picture& picture : pictures) {
    order.add(picture.order_count, picture.sequence_start);
    take();
  }
  order.end();
  take();
  return out;
}

TEST(OutputOrder, RanksPicturesWithinASequence) {
  // Counts may step by two, and begin below zero after an IDR picture.
  EXPECT_EQ(numbers({{0, true}, {8, false}, {4, false}, {2, false}, {6, false}}),
            (std::vector<std::int64_t>{0, 4, 2, 1, 3}));
  EXPECT_EQ(numbers({{0, true}, {-4, false}, {-2, false}, {2, false}}), (std::vector<std::int64_t>{2, 0, 1, 3}));
}

TEST(OutputOrder, ShowsOneSequenceBeforeTheNext) {
  EXPECT_EQ(numbers({{0, true}, {4, false}, {2, false}, {0, true}, {2, false}}),
            (std::vector<std::int64_t>{0, 2, 1, 3, 4}));
}

TEST(OutputOrder, KnowsNoNumberBeforeThePicturesThatMayComeFirst) {
  OutputOrder order;
  order.add(0, true);
  for (std::size_t i = 1; i < OutputOrder::kMostReordered; ++i) order.add(static_cast<std::int64_t>(2 * i), false);
  EXPECT_EQ(order.take(), std::nullopt);
  order.add(100, false);
  EXPECT_EQ(order.take(), 0);
}

TEST(OutputOrder, LongSequencesNeedNoEnd) {
  OutputOrder order;
  std::int64_t taken = 0;
  for (std::int64_t i = 0; i < 10'000; ++i) {
    order.add(i, i == 0);
    while (const auto number = order.take()) EXPECT_EQ(*number, taken++);
  }
  EXPECT_GE(taken, 10'000 - static_cast<std::int64_t>(OutputOrder::kMostReordered) - 1);
}

}  // namespace
}  // namespace jinsha
