// A demuxed audio stream as AudioStreamInfo.
#pragma once

#include "media/stream_info.h"

struct AVStream;

namespace jinsha::libav {

AudioStreamInfo audio_info_of(const AVStream& stream);

}  // namespace jinsha::libav
