// Muxers of one video stream without a libav writer: elementary files and IVF.
#pragma once

#include <memory>

#include "mux/muxer.h"

namespace jinsha {

// .hevc, .h264: Annex B as it comes; .obu: AV1 low-overhead format, a temporal delimiter before
// every temporal unit (AV1 specification 7.5).
Result<std::unique_ptr<Muxer>> open_elementary_muxer(const MuxConfig& config, ByteSink& sink);

// IVF: a 32-byte header, then each temporal unit with its size and pts, as libaom writes it.
Result<std::unique_ptr<Muxer>> open_ivf_muxer(const MuxConfig& config, ByteSink& sink);

}  // namespace jinsha
