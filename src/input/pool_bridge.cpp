#include "input/pool_bridge.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/buffer.h>
#include <libavutil/frame.h>
}

#include <algorithm>
#include <functional>
#include <utility>

namespace jinsha {
namespace {

constexpr std::size_t kRowAlign = 64;  // of FrameLayout, and enough for AVX-512
// Decoders may read this far past a plane (libavcodec's own buffers have 16 + 64 - 1).
constexpr std::size_t kPlanePadding = 128;

std::size_t aligned(std::size_t value, std::size_t to) { return (value + to - 1) / to * to; }

}  // namespace

FrameLayout decoder_layout(AVCodecContext* context, PixelFormat format, int width, int height) {
  int coded_width = width, coded_height = height;
  int line_align[AV_NUM_DATA_POINTERS] = {};
  avcodec_align_dimensions2(context, &coded_width, &coded_height, line_align);
  std::size_t align = kRowAlign;
  for (int plane = 0; plane < 3; ++plane) align = std::max(align, static_cast<std::size_t>(line_align[plane]));
  FrameLayout layout;
  layout.format = format;
  layout.width = width;
  layout.height = height;
  std::size_t at = 0;
  for (int plane = 0; plane < format.planes(); ++plane) {
    layout.offset[plane] = at;
    layout.stride[plane] =
        aligned(static_cast<std::size_t>(format.plane_width(plane, coded_width) * format.bytes_per_sample()), align);
    at += layout.stride[plane] * static_cast<std::size_t>(format.plane_height(plane, coded_height));
    at = aligned(at + kPlanePadding, align);
  }
  layout.bytes = at;
  return layout;
}

PoolBridge::PoolBridge(FramePool pool, std::stop_token stop, int most)
    : pool_(std::move(pool)), stop_(std::move(stop)), slots_(static_cast<std::size_t>(std::max(0, most))) {
  for (Slot& slot : slots_) {
    slot.owner = this;
    free_.push_back(&slot);
  }
}

PoolBridge::Slot* PoolBridge::take_slot() {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) return nullptr;
  Slot* slot = free_.back();
  free_.pop_back();
  return slot;
}

void PoolBridge::return_slot(Slot* slot) {
  Frame frame;  // the block goes back after the lock is released
  const std::lock_guard lock(mutex_);
  frame = std::exchange(slot->frame, Frame());
  free_.push_back(slot);
}

void PoolBridge::release(void* opaque, std::uint8_t*) {
  auto* slot = static_cast<Slot*>(opaque);
  slot->owner->return_slot(slot);
}

int PoolBridge::get_buffer(AVCodecContext* context, AVFrame* frame, int flags) {
  auto* bridge = static_cast<PoolBridge*>(context->opaque);
  if (Slot* slot = bridge->take_slot()) {
    if (bridge->fill(context, frame, slot)) return 0;
    bridge->return_slot(slot);
    if (bridge->stop_.stop_requested()) return AVERROR_EXIT;
  }
  return avcodec_default_get_buffer2(context, frame, flags);
}

bool PoolBridge::fill(AVCodecContext* context, AVFrame* frame, Slot* slot) {
  const Result<libav::FormatUse> use = libav::use_of(static_cast<AVPixelFormat>(frame->format));
  if (!use || !use->direct || (context->codec->capabilities & AV_CODEC_CAP_DR1) == 0) return false;
  const FrameLayout layout = decoder_layout(context, use->format, frame->width, frame->height);
  if (layout.bytes > pool_.layout().bytes) return false;
  std::optional<FrameMut> block = pool_.acquire(stop_, kLongestWait);
  if (!block) return false;
  block->set_layout(layout);
  std::uint8_t* base = reinterpret_cast<std::uint8_t*>(block->plane(0));
  // Read-only for libavcodec: it may write into a picture while it decodes it, and must not take it up
  // again later, when only readers downstream hold it.
  frame->buf[0] = av_buffer_create(base, layout.bytes, &release, slot, AV_BUFFER_FLAG_READONLY);
  if (frame->buf[0] == nullptr) return false;
  for (int plane = 0; plane < layout.format.planes(); ++plane) {
    frame->data[plane] = base + layout.offset[plane];
    frame->linesize[plane] = static_cast<int>(layout.stride[plane]);
  }
  frame->extended_data = frame->data;
  Frame frame_in_block = std::move(*block).publish();
  const std::lock_guard lock(mutex_);
  slot->frame = std::move(frame_in_block);
  return true;
}

std::optional<Frame> PoolBridge::frame_of(const AVFrame& picture) const {
  if (picture.buf[0] == nullptr || picture.buf[1] != nullptr || slots_.empty()) return std::nullopt;
  const void* opaque = av_buffer_get_opaque(picture.buf[0]);
  const std::less<const void*> before;
  if (before(opaque, slots_.data()) || !before(opaque, slots_.data() + slots_.size())) return std::nullopt;
  const Frame frame = [&] {
    const std::lock_guard lock(mutex_);
    return static_cast<const Slot*>(opaque)->frame;
  }();
  FrameLayout layout = frame.layout();
  const auto* base = reinterpret_cast<const std::uint8_t*>(frame.plane(0)) - layout.offset[0];
  for (int plane = 0; plane < layout.format.planes(); ++plane) {
    const std::ptrdiff_t offset = picture.data[plane] - base;
    if (offset < 0 || static_cast<std::size_t>(offset) >= layout.bytes || offset % kRowAlign != 0) return std::nullopt;
    if (picture.linesize[plane] != static_cast<int>(layout.stride[plane])) return std::nullopt;
    layout.offset[plane] = static_cast<std::size_t>(offset);
  }
  layout.width = picture.width;
  layout.height = picture.height;
  return frame.with_layout(layout);
}

}  // namespace jinsha
