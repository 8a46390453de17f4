// Fragmented MP4 (ISO/IEC 14496-12, 14496-15; AV1 in ISOBMFF) through libavformat.
#pragma once

#include <memory>

#include "mux/muxer.h"

namespace jinsha {

Status check_fmp4_config(const MuxConfig& config);

// hvc1, avc1 or av01 with colr, pasp, mdcv and clli; one moof and mdat a fragment, which begins with
// a key frame. Reordered video keeps composition offsets at or above zero and starts with an edit
// that skips them, as does audio that begins before the first picture.
Result<std::unique_ptr<Muxer>> open_fmp4_muxer(const MuxConfig& config, ByteSink& sink, const Log& log);

}  // namespace jinsha
