#include "media/frame.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <thread>

namespace jinsha {
namespace {

using namespace std::chrono_literals;

FrameLayout small_layout() { return FrameLayout::packed({Chroma::k420, 10}, 130, 66); }

TEST(FramePool, AFrameReturnsWhenItsLastHandleGoes) {
  auto pool = FramePool::create(small_layout(), 2);
  ASSERT_TRUE(pool.ok());
  auto first = pool->try_acquire();
  ASSERT_TRUE(first);
  first->info().pts = 42;
  Frame frame = std::move(*first).publish();
  Frame copy = frame;
  EXPECT_EQ(pool->free_blocks(), 1);
  frame = Frame();
  EXPECT_EQ(pool->free_blocks(), 1);
  EXPECT_EQ(copy.info().pts, 42);
  copy = Frame();
  EXPECT_EQ(pool->free_blocks(), 2);
  // Never published: returns as well.
  { const auto unused = pool->try_acquire(); }
  EXPECT_EQ(pool->free_blocks(), 2);
}

TEST(FramePool, WaitsForAFreeBlockAndWakesOnStop) {
  auto pool = FramePool::create(small_layout(), 1);
  ASSERT_TRUE(pool.ok());
  std::stop_source stop;
  auto held = pool->acquire(stop.get_token());
  ASSERT_TRUE(held);
  EXPECT_FALSE(pool->try_acquire());
  bool got = false;
  std::jthread waiter([&] { got = pool->acquire(stop.get_token()).has_value(); });
  std::this_thread::sleep_for(10ms);
  held = FrameMut();
  waiter.join();
  EXPECT_TRUE(got);

  auto again = pool->try_acquire();
  ASSERT_TRUE(again);
  bool stopped_empty = false;
  std::jthread second([&] { stopped_empty = !pool->acquire(stop.get_token()).has_value(); });
  std::this_thread::sleep_for(10ms);
  stop.request_stop();
  second.join();
  EXPECT_TRUE(stopped_empty);
}

TEST(FramePool, FramesMayOutliveThePool) {
  Frame survivor;
  {
    auto pool = FramePool::create(small_layout(), 1);
    ASSERT_TRUE(pool.ok());
    auto frame = pool->try_acquire();
    std::memset(frame->plane(0), 7, 16);
    survivor = std::move(*frame).publish();
  }
  EXPECT_EQ(survivor.plane(0)[3], std::byte{7});
}

TEST(FramePool, TheBlockReturnedLastIsHandedOutFirst) {
  auto pool = FramePool::create(small_layout(), 3);
  ASSERT_TRUE(pool.ok());
  auto a = pool->try_acquire();
  auto b = pool->try_acquire();
  const std::byte* warm = b->plane(0);
  a = FrameMut();
  b = FrameMut();
  EXPECT_EQ(pool->try_acquire()->plane(0), warm);
}

TEST(Frame, WithInfoSharesTheSamples) {
  auto pool = FramePool::create(small_layout(), 1);
  ASSERT_TRUE(pool.ok());
  const Frame frame = std::move(*pool->try_acquire()).publish();
  FrameInfo later;
  later.pts = 9;
  const Frame repeated = frame.with_info(later);
  EXPECT_EQ(repeated.plane(0), frame.plane(0));
  EXPECT_EQ(repeated.info().pts, 9);
  EXPECT_EQ(frame.info().pts, 0);
}

TEST(FrameLayout, RowsAreAlignedAndChromaIsRoundedUp) {
  const FrameLayout layout = FrameLayout::packed({Chroma::k420, 8}, 131, 67);
  EXPECT_EQ(layout.format.plane_width(1, 131), 66);
  EXPECT_EQ(layout.format.plane_height(2, 67), 34);
  for (int plane = 0; plane < 3; ++plane) {
    EXPECT_EQ(layout.stride[plane] % 64, 0U);
    EXPECT_EQ(layout.offset[plane] % 64, 0U);
  }
  EXPECT_GE(layout.bytes, layout.offset[2] + layout.stride[2] * 34 + 64);
  // An 8K 10-bit 4:2:0 picture is 99.5 MB.
  EXPECT_NEAR(static_cast<double>(FrameLayout::packed({Chroma::k420, 10}, 7680, 4320).bytes), 99.5e6, 0.1e6);
}

}  // namespace
}  // namespace jinsha
