// AudioDecoder: coded packets of one track to decoded samples, through libavcodec.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "libav/handles.h"
#include "media/packet.h"
#include "media/stream_info.h"

struct AVFrame;

namespace jinsha {

class AudioDecoder {
 public:
  // kNotPossible where this libavcodec has no decoder for it.
  static Status available(const AudioStreamInfo& source);
  static Result<AudioDecoder> open(const AudioStreamInfo& source);

  // Every frame that this packet completes (null: that is still held) goes to `take`, its pts in
  // the source's time base or AV_NOPTS_VALUE. False when the decoder refused the packet: damage,
  // after which it goes on. An Error comes from `take` only.
  using Take = std::function<Status(const AVFrame&)>;
  Result<bool> decode(const Packet* packet, const Take& take);
  // The last refusal in libavutil's words.
  const std::string& refusal() const { return refusal_; }

 private:
  AudioDecoder() = default;

  libav::CodecPtr context_;
  libav::FramePtr frame_;
  libav::PacketPtr packet_;
  std::string refusal_;
};

}  // namespace jinsha
