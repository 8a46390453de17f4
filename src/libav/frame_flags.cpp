#include "libav/frame_flags.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
}

#include <cstddef>

namespace jinsha::libav {
namespace {

// Added to the level of every message: beyond AV_LOG_TRACE (56) whatever the program's level is. The
// sum stays below 256, for the default callback looks at the low byte only.
constexpr int kSilence = 100;

// AVFormatContext has no log_level_offset of its own, so its class is replaced by a copy that finds
// the offset in audio_preload, which only muxers read.
const AVClass* quiet_format_class() {
  static const AVClass copy = [] {
    AVClass made = *avformat_get_class();
    made.log_level_offset_offset = static_cast<int>(offsetof(AVFormatContext, audio_preload));
    return made;
  }();
  return &copy;
}

}  // namespace

bool is_interlaced(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
  return (frame.flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
  return frame.interlaced_frame != 0;
#endif
}

bool is_top_field_first(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
  return (frame.flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
#else
  return frame.top_field_first != 0;
#endif
}

bool is_damaged(const AVFrame& frame) {
  return frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0;
}

std::int64_t duration_of(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  return frame.duration;
#else
  return frame.pkt_duration;
#endif
}

void quiet(AVCodecContext* context) { context->log_level_offset = kSilence; }

void quiet(AVFormatContext* context) {
  context->av_class = quiet_format_class();
  context->audio_preload = kSilence;
}

void allow_parallel_callbacks([[maybe_unused]] AVCodecContext* context) {
#if LIBAVCODEC_VERSION_MAJOR < 60
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  context->thread_safe_callbacks = 1;
#pragma GCC diagnostic pop
#endif
}

}  // namespace jinsha::libav
