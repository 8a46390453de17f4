// Frame, FrameMut, FramePool: uncompressed pictures and the fixed memory they live in.
//
// A FrameMut has one owner, who may write. publish() turns it into a Frame: shared, const, counted.
// When the last handle of a picture goes, its block returns to the pool it came from.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include "base/result.h"
#include "media/color.h"
#include "media/hdr_metadata.h"
#include "media/packet.h"
#include "media/pixel_format.h"

namespace jinsha {

namespace detail {
struct FrameBlock;
struct PoolState;
}  // namespace detail

// What people call FrameInfo::captions; their name in SourceVideo::dynamic_metadata.
inline constexpr const char* kCaptions = "CEA-608/708 captions";

// What belongs to one picture besides its samples.
struct FrameInfo {
  std::int64_t pts = 0;       // ticks of the stream's time base
  std::int64_t duration = 0;  // ticks, 0 when unknown
  ColorInfo color;
  HdrMetadata hdr;
  bool damaged = false;  // the decoder concealed errors in it
  Bytes captions = {};   // cc_data of ATSC A/53 part 4 6.2.3.1: constructs of 3 bytes; null: none
};

class Frame {
 public:
  Frame() = default;  // no picture
  Frame(const Frame& other);
  Frame(Frame&& other) noexcept;
  Frame& operator=(Frame other) noexcept;
  ~Frame();

  explicit operator bool() const { return block_ != nullptr; }
  const FrameLayout& layout() const;
  const FrameInfo& info() const;
  // First sample of a plane. Valid as long as a handle of this picture exists.
  const std::byte* plane(int index) const;

  // The same picture at another time: shares the samples, has its own info.
  Frame with_info(FrameInfo info) const;
  // The same samples described by other planes in the block, e.g. what a decoder cropped.
  // layout.bytes must not exceed that of layout().
  Frame with_layout(const FrameLayout& layout) const;

 private:
  friend class FrameMut;
  detail::FrameBlock* block_ = nullptr;
  FrameInfo info_;
  FrameLayout layout_;
};

class FrameMut {
 public:
  FrameMut() = default;  // no picture
  FrameMut(FrameMut&& other) noexcept;
  FrameMut& operator=(FrameMut&& other) noexcept;
  FrameMut(const FrameMut&) = delete;
  FrameMut& operator=(const FrameMut&) = delete;
  ~FrameMut();

  explicit operator bool() const { return block_ != nullptr; }
  const FrameLayout& layout() const { return layout_; }
  // Places the planes elsewhere in the block (a decoder's padded rows). layout.bytes must not
  // exceed capacity().
  void set_layout(const FrameLayout& layout);
  std::size_t capacity() const;
  std::byte* plane(int index);
  FrameInfo& info() { return info_; }

  Frame publish() &&;

 private:
  friend class FramePool;
  detail::FrameBlock* block_ = nullptr;
  FrameInfo info_;
  FrameLayout layout_;
};

// A fixed number of equal blocks of huge-page memory. Blocks are touched when first used and the
// one returned last is handed out first, so resident memory follows real use and never exceeds
// bytes(). Thread-safe. Frames may outlive the pool object.
class FramePool {
 public:
  // Reserves `count` blocks that can each hold `layout`. kNotPossible when memory is refused.
  static Result<FramePool> create(const FrameLayout& layout, int count);

  // Waits until a block is free; empty when stopped. The frame has the pool's layout and fresh info.
  std::optional<FrameMut> acquire(const std::stop_token& stop) const;
  // Empty too when none became free for `limit`.
  std::optional<FrameMut> acquire(const std::stop_token& stop, std::chrono::milliseconds limit) const;
  // Empty when none is free now.
  std::optional<FrameMut> try_acquire() const;

  // Wall time the calling thread has spent waiting in acquire() of any pool, nanoseconds: a stage
  // that waits for a frame is not busy.
  static std::int64_t waited_ns();

  const FrameLayout& layout() const;
  int capacity() const;
  int free_blocks() const;
  std::size_t bytes() const;  // of all blocks

 private:
  std::optional<FrameMut> take(std::unique_lock<std::mutex> lock) const;

  std::shared_ptr<detail::PoolState> state_;
};

}  // namespace jinsha
