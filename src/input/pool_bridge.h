// PoolBridge: lets a libavcodec decoder decode straight into blocks of a FramePool.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "libav/formats.h"
#include "media/frame.h"

struct AVCodecContext;
struct AVFrame;

namespace jinsha {

// Layout with the padding this decoder asks for around pictures of coded size `width` x `height`.
// layout.width and .height are those sizes.
FrameLayout decoder_layout(AVCodecContext* context, PixelFormat format, int width, int height);

// Outlives every buffer it gave out. Thread-safe: frame threads ask for buffers at the same time.
//
// The decoder never holds more than `most` blocks, so that a pool with room for `most` and for what
// lies downstream always moves on; beyond that, or where a block is too small or the format is not
// ours, it gets memory of libavcodec's own and the picture is copied when it is delivered.
class PoolBridge {
 public:
  PoolBridge(FramePool pool, std::stop_token stop, int most);
  PoolBridge(const PoolBridge&) = delete;
  PoolBridge& operator=(const PoolBridge&) = delete;

  // AVCodecContext::get_buffer2, AVCodecContext::opaque being the bridge.
  static int get_buffer(AVCodecContext* context, AVFrame* frame, int flags);

  // The block `picture` lies in, described by what the decoder says is visible; empty when it is not
  // in a block, or visible from the middle of an aligned row on.
  std::optional<Frame> frame_of(const AVFrame& picture) const;

 private:
  struct Slot {
    Frame frame;
    PoolBridge* owner = nullptr;
  };
  // How long a decoder waits for downstream. Back-pressure takes as long as coding some pictures does,
  // at 8K with a slow preset minutes; after this long the wait is taken for a stand-still and broken.
  static constexpr std::chrono::minutes kLongestWait{10};

  bool fill(AVCodecContext* context, AVFrame* frame, Slot* slot);
  Slot* take_slot();
  void return_slot(Slot* slot);
  static void release(void* opaque, std::uint8_t* data);

  FramePool pool_;
  std::stop_token stop_;
  std::vector<Slot> slots_;
  mutable std::mutex mutex_;  // guards the frames of the slots and:
  std::vector<Slot*> free_;
};

}  // namespace jinsha
