// What a decoded picture says of itself, read from where each FFmpeg generation keeps it.
#pragma once

struct AVCodecContext;
struct AVFrame;
struct AVFormatContext;

namespace jinsha::libav {

bool is_interlaced(const AVFrame& frame);
// The decoder met errors in this picture or in what it refers to.
bool is_damaged(const AVFrame& frame);

// Keeps a context's messages out of libavutil's global log, which writes to stderr: the level
// and callback of that log belong to the program, not to this library. Errors reach the user as
// return codes, flags and counters.
void quiet(AVCodecContext* context);
void quiet(AVFormatContext* context);

// libavcodec may call get_buffer2 from several threads at once (always so since FFmpeg 6).
void allow_parallel_callbacks(AVCodecContext* context);

}  // namespace jinsha::libav
