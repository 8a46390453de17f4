// VideoDecoder: a decoder of libavcodec, packets in, pictures in host memory out.
#pragma once

#include <memory>

#include "base/result.h"
#include "input/nvdec.h"
#include "input/pool_bridge.h"
#include "input/source.h"
#include "libav/formats.h"
#include "libav/handles.h"

struct AVCodecParameters;

namespace jinsha {

class VideoDecoder {
 public:
  // kDeliver: the pictures are wanted, several may be under way. kLook: a picture comes out as soon as it is complete.
  // kGlance: so too, but where a picture without its samples comes for less, that is what comes: a small one of JPEG
  // 2000, which fails where the stream has too few resolutions, and of large HEVC one whose slices are cut short.
  enum class Purpose { kDeliver, kLook, kGlance };
  static constexpr int kLargePixels = 2560 * 1440;  // of a picture that is slow to decode

  // `bridge` null, as it must be for NVDEC: libavcodec's own buffers. Colour properties of `parameters` are not
  // passed on, so that the decoder reports the bitstream's alone. kInput where libavcodec has no decoder,
  // kNotPossible where NVDEC is asked for and is not here or does not know the codec.
  static Result<VideoDecoder> open(const AVCodecParameters& parameters, AVRational time_base, DecoderChoice choice,
                                   int threads, Purpose purpose, PoolBridge* bridge);

  // AVERROR codes, 0 for done. A null packet begins the flush.
  int send(const AVPacket* packet);
  int receive(AVFrame* frame);

  AVCodecContext* context() const { return context_.get(); }
  // Pictures come out without their samples.
  bool glances() const { return small_ || cut_short_; }
  // They also come smaller than they are coded.
  bool small() const { return small_; }
  // NVDEC was asked for and does not decode pictures of this kind: profile, size, sampling.
  bool refused_by_device() const { return nvdec_ && nvdec_->refused(); }

  // Pictures a decoder of this stream with `threads` threads may hold, the one it hands out included. Known
  // once a picture was decoded.
  int held_frames(int threads) const;
  // It decodes into buffers we give it, and what it puts there is within the range of the format. Codecs that are
  // only lossless (raw, FFV1, ...) hand on whatever words they were given.
  bool takes_buffers() const;
  // What it allocates besides pictures, roughly.
  static std::uint64_t memory_bytes(AVCodecID codec, int width, int height, int held, int threads);

 private:
  std::unique_ptr<Nvdec> nvdec_;  // outlives the context, which calls it
  libav::CodecPtr context_;
  bool small_ = false;
  bool cut_short_ = false;
};

inline constexpr int kMaxDecodeThreads = 16;

}  // namespace jinsha
