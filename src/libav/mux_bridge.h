// StreamInfo to libavformat: what a muxer must know of a stream before its header is written.
#pragma once

#include "base/result.h"
#include "media/stream_info.h"

struct AVStream;

namespace jinsha::libav {

// Fills codec, size, colour, mastering display and content light, audio layout, headers, language,
// time base and frame rate of a stream that was just added to an output. The enumerators of
// libavutil's colour properties are the CICP numbers, like ours.
Status describe_stream(AVStream* stream, const StreamInfo& info);

}  // namespace jinsha::libav
