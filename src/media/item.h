// Item: what flows in a queue between stages, in order and in band.
#pragma once

#include <cstdint>
#include <variant>

#include "media/frame.h"
#include "media/packet.h"
#include "media/stream_info.h"

namespace jinsha {

// The next frame begins a segment and must be coded as an IDR.
struct SegmentBoundary {
  std::int64_t frame_index = 0;
};
// Timestamps jump here; nothing before may be referred to after.
struct Discontinuity {};
struct EndOfStream {};

using Item = std::variant<StreamInfo, Frame, Packet, SegmentBoundary, Discontinuity, EndOfStream>;

}  // namespace jinsha
