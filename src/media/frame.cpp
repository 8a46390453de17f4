#include "media/frame.h"

#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "base/os.h"

namespace jinsha {
namespace {
thread_local std::int64_t pool_wait_ns = 0;
}

namespace detail {

struct FrameBlock {
  HugeBlock memory;
  std::atomic<int> references{0};
  // Set while the block is out: keeps the pool's memory alive until the last frame is gone.
  std::shared_ptr<PoolState> owner;
};

struct PoolState {
  FrameLayout layout;
  std::mutex mutex;
  std::condition_variable_any freed;
  std::vector<FrameBlock> blocks;
  std::vector<FrameBlock*> free;  // a stack: the warmest block is on top
};

namespace {

void add_reference(FrameBlock* block) { block->references.fetch_add(1, std::memory_order_relaxed); }

void drop_reference(FrameBlock* block) {
  if (block->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  const std::shared_ptr<PoolState> pool = std::move(block->owner);
  {
    const std::lock_guard lock(pool->mutex);
    pool->free.push_back(block);
  }
  pool->freed.notify_one();
}

}  // namespace
}  // namespace detail

Frame::Frame(const Frame& other) : block_(other.block_), info_(other.info_), layout_(other.layout_) {
  if (block_) detail::add_reference(block_);
}

Frame::Frame(Frame&& other) noexcept
    : block_(std::exchange(other.block_, nullptr)), info_(std::move(other.info_)), layout_(other.layout_) {}

Frame& Frame::operator=(Frame other) noexcept {
  std::swap(block_, other.block_);
  std::swap(info_, other.info_);
  std::swap(layout_, other.layout_);
  return *this;
}

Frame::~Frame() {
  if (block_) detail::drop_reference(block_);
}

const FrameLayout& Frame::layout() const { return layout_; }
const FrameInfo& Frame::info() const { return info_; }

const std::byte* Frame::plane(int index) const {
  assert(block_);
  return block_->memory.data() + layout_.offset[index];
}

Frame Frame::with_info(FrameInfo info) const {
  Frame copy(*this);
  copy.info_ = std::move(info);
  return copy;
}

Frame Frame::with_layout(const FrameLayout& layout) const {
  assert(layout.bytes <= layout_.bytes);
  Frame copy(*this);
  copy.layout_ = layout;
  return copy;
}

FrameMut::FrameMut(FrameMut&& other) noexcept
    : block_(std::exchange(other.block_, nullptr)), info_(std::move(other.info_)), layout_(other.layout_) {}

FrameMut& FrameMut::operator=(FrameMut&& other) noexcept {
  std::swap(block_, other.block_);
  std::swap(info_, other.info_);
  std::swap(layout_, other.layout_);
  return *this;
}

FrameMut::~FrameMut() {
  if (block_) detail::drop_reference(block_);
}

void FrameMut::set_layout(const FrameLayout& layout) {
  assert(layout.bytes <= capacity());
  layout_ = layout;
}

std::size_t FrameMut::capacity() const { return block_->memory.size(); }

std::byte* FrameMut::plane(int index) {
  assert(block_);
  return block_->memory.data() + layout_.offset[index];
}

Frame FrameMut::publish() && {
  Frame frame;
  frame.block_ = std::exchange(block_, nullptr);
  frame.info_ = info_;
  frame.layout_ = layout_;
  return frame;
}

Result<FramePool> FramePool::create(const FrameLayout& layout, int count) {
  FramePool pool;
  pool.state_ = std::make_shared<detail::PoolState>();
  pool.state_->layout = layout;
  pool.state_->blocks = std::vector<detail::FrameBlock>(static_cast<std::size_t>(count));
  for (detail::FrameBlock& block : pool.state_->blocks) {
    JINSHA_ASSIGN(block.memory, HugeBlock::allocate(layout.bytes));
    pool.state_->free.push_back(&block);
  }
  return pool;
}

std::optional<FrameMut> FramePool::take(std::unique_lock<std::mutex> lock) const {
  FrameMut frame;
  frame.block_ = state_->free.back();
  state_->free.pop_back();
  lock.unlock();
  frame.block_->references.store(1, std::memory_order_relaxed);
  frame.block_->owner = state_;
  frame.layout_ = state_->layout;
  return frame;
}

std::int64_t FramePool::waited_ns() { return pool_wait_ns; }

std::optional<FrameMut> FramePool::acquire(const std::stop_token& stop) const {
  std::unique_lock lock(state_->mutex);
  state_->freed.wait(lock, stop, [&] { return !state_->free.empty(); });
  if (stop.stop_requested() || state_->free.empty()) return std::nullopt;
  return take(std::move(lock));
}

std::optional<FrameMut> FramePool::acquire(const std::stop_token& stop, std::chrono::milliseconds limit) const {
  std::unique_lock lock(state_->mutex);
  state_->freed.wait_for(lock, stop, limit, [&] { return !state_->free.empty(); });
  if (stop.stop_requested() || state_->free.empty()) return std::nullopt;
  return take(std::move(lock));
}

std::optional<FrameMut> FramePool::try_acquire() const {
  std::unique_lock lock(state_->mutex);
  if (state_->free.empty()) return std::nullopt;
  return take(std::move(lock));
}

const FrameLayout& FramePool::layout() const { return state_->layout; }
int FramePool::capacity() const { return static_cast<int>(state_->blocks.size()); }

int FramePool::free_blocks() const {
  const std::lock_guard lock(state_->mutex);
  return static_cast<int>(state_->free.size());
}

std::size_t FramePool::bytes() const {
  std::size_t total = 0;
  for (const detail::FrameBlock& block : state_->blocks) total += block.memory.size();
  return total;
}

}  // namespace jinsha
