// The output streams of a plan as the muxer wants them described.
#pragma once

#include "image/image_plan.h"
#include "input/source.h"
#include "job/plan.h"
#include "media/stream_info.h"
#include "mux/muxer.h"

namespace jinsha {

// The video stream of the output; its headers come from the encoder once that is open.
VideoStreamInfo output_video(const Plan& plan, const ImagePlan& image, const SourceVideo& source);

MuxConfig mux_config(const Plan& plan, VideoStreamInfo video);

}  // namespace jinsha
