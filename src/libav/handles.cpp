#include "libav/handles.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>
#include <libavutil/mem.h>
}

namespace jinsha::libav {

void InputCloser::operator()(AVFormatContext* context) const { avformat_close_input(&context); }
void CodecFreer::operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
void FilterGraphFreer::operator()(AVFilterGraph* graph) const { avfilter_graph_free(&graph); }
void FrameFreer::operator()(AVFrame* frame) const { av_frame_free(&frame); }
void PacketFreer::operator()(AVPacket* packet) const { av_packet_free(&packet); }

void IoFreer::operator()(AVIOContext* context) const {
  if (context == nullptr) return;
  av_freep(&context->buffer);  // may have been replaced since it was given
  avio_context_free(&context);
}

Dictionary::~Dictionary() { av_dict_free(&dictionary_); }
void Dictionary::set(const char* key, const char* value) { av_dict_set(&dictionary_, key, value, 0); }

FramePtr make_frame() { return FramePtr(av_frame_alloc()); }
PacketPtr make_packet() { return PacketPtr(av_packet_alloc()); }
PacketPtr clone(const AVPacket& packet) { return PacketPtr(av_packet_clone(&packet)); }

}  // namespace jinsha::libav
