// MPEG-2 transport streams (ISO/IEC 13818-1, EN 300 468) through libavformat.
#pragma once

#include <memory>

#include "mux/muxer.h"

namespace jinsha {

// Whether PIDs, names and rates of `config` make a transport stream.
Status check_ts_config(const MuxConfig& config);

Result<std::unique_ptr<Muxer>> open_ts_muxer(const MuxConfig& config, ByteSink& sink, const Log& log);

}  // namespace jinsha
