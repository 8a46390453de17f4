// What a decoded picture says of itself, read from where each FFmpeg generation keeps it.
#pragma once

#include <cstdint>

struct AVCodecContext;
struct AVFrame;
struct AVFormatContext;

namespace jinsha::libav {

bool is_interlaced(const AVFrame& frame);
bool is_top_field_first(const AVFrame& frame);
// The decoder met errors in this picture or in what it refers to.
bool is_damaged(const AVFrame& frame);

// Ticks it is to be shown, 0 when unknown.
std::int64_t duration_of(const AVFrame& frame);

// Keeps a context's messages out of libavutil's global log, which writes to stderr: the level
// and callback of that log belong to the program, not to this library. Errors reach the user as
// return codes, flags and counters.
void quiet(AVCodecContext* context);
void quiet(AVFormatContext* context);
// The same for the decoders avformat_find_stream_info opens, as an option given to each.
inline constexpr const char* kQuietOption = "log_level_offset";
inline constexpr const char* kQuietValue = "100";

// libavcodec may call get_buffer2 from several threads at once (always so since FFmpeg 6).
void allow_parallel_callbacks(AVCodecContext* context);

}  // namespace jinsha::libav
