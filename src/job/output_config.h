// The output streams of a plan as the muxer wants them described.
#pragma once

#include "image/image_plan.h"
#include "input/source.h"
#include "job/plan.h"
#include "media/stream_info.h"
#include "mux/muxer.h"

namespace jinsha {

// The metadata that an encoder is asked to write: a content light level of 0 and 0 says "unknown"
// twice (H.265 D.3.35), which is what its absence says.
HdrMetadata coded_hdr(HdrMetadata hdr);

// The video stream of the output; its headers come from the encoder once that is open.
VideoStreamInfo output_video(const Plan& plan, const ImagePlan& image, const SourceVideo& source);

MuxConfig mux_config(const Plan& plan, VideoStreamInfo video);

}  // namespace jinsha
