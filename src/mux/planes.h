// The samples of a picture as bytes without padding.
#pragma once

#include "base/result.h"
#include "media/frame.h"
#include "media/stream_info.h"
#include "mux/muxer.h"

namespace jinsha {

// kInternal unless the picture has the format and size of the stream.
Status check_frame(const Frame& frame, const VideoStreamInfo& video);

// Every plane in order, rows without padding, 16-bit samples little-endian.
Status write_planes(const Frame& frame, ByteSink& sink);

}  // namespace jinsha
