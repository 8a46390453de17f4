// YUV4MPEG2 files.
#pragma once

#include <memory>
#include <string>

#include "mux/muxer.h"

namespace jinsha {

// The stream header line with its newline; kNotPossible for a format y4m has no name for. Colour
// other than range and 8-bit siting has no place in it.
Result<std::string> y4m_header(const VideoStreamInfo& video);

Result<std::unique_ptr<FrameWriter>> open_y4m_writer(const VideoStreamInfo& video, ByteSink& sink);

}  // namespace jinsha
