// PNG (ISO/IEC 15948), 16 bits a channel, coded by libavcodec.
#pragma once

#include <memory>

#include "mux/muxer.h"

namespace jinsha {

Result<std::unique_ptr<FrameWriter>> open_png_writer(const FrameWriterConfig& config, ByteSink& sink);

}  // namespace jinsha
