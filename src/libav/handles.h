// Owners of the libav* objects: each frees its object with the call the library prescribes.
#pragma once

#include <memory>

struct AVBufferRef;
struct AVCodecContext;
struct AVDictionary;
struct AVFilterGraph;
struct AVFormatContext;
struct AVFrame;
struct AVIOContext;
struct AVPacket;

namespace jinsha::libav {

// An input opened with avformat_open_input, or one that was only allocated.
struct InputCloser {
  void operator()(AVFormatContext* context) const;
};
struct CodecFreer {
  void operator()(AVCodecContext* context) const;
};
struct FilterGraphFreer {
  void operator()(AVFilterGraph* graph) const;
};
struct FrameFreer {
  void operator()(AVFrame* frame) const;
};
struct PacketFreer {
  void operator()(AVPacket* packet) const;
};
// A context made with avio_alloc_context over a buffer of av_malloc.
struct IoFreer {
  void operator()(AVIOContext* context) const;
};

using InputPtr = std::unique_ptr<AVFormatContext, InputCloser>;
using CodecPtr = std::unique_ptr<AVCodecContext, CodecFreer>;
using FilterGraphPtr = std::unique_ptr<AVFilterGraph, FilterGraphFreer>;
using FramePtr = std::unique_ptr<AVFrame, FrameFreer>;
using PacketPtr = std::unique_ptr<AVPacket, PacketFreer>;
using IoPtr = std::unique_ptr<AVIOContext, IoFreer>;

// Options for a call that takes an AVDictionary**; what the call leaves in it is freed.
class Dictionary {
 public:
  Dictionary() = default;
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;
  ~Dictionary();

  void set(const char* key, const char* value);
  AVDictionary** address() { return &dictionary_; }

 private:
  AVDictionary* dictionary_ = nullptr;
};

// Null when there is no memory.
FramePtr make_frame();
PacketPtr make_packet();
// A new reference to what `packet` holds; null when there is no memory.
PacketPtr clone(const AVPacket& packet);

}  // namespace jinsha::libav
