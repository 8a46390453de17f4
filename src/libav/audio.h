// Demuxed streams of sound and of data as AudioStreamInfo and DataStreamInfo, and layouts in words.
#pragma once

#include <string>

#include "media/stream_info.h"

struct AVChannelLayout;
struct AVStream;

namespace jinsha::libav {

// "stereo", "5.1(side)"; libavutil's "4 channels (FL+FR+LFE+BC)" as "FL+FR+LFE+BC", which it also reads.
std::string layout_text(const AVChannelLayout& layout);

AudioStreamInfo audio_info_of(const AVStream& stream);
DataStreamInfo data_info_of(const AVStream& stream);

}  // namespace jinsha::libav
