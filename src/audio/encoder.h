// AudioEncoder: float samples to coded frames, through libavcodec.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "audio/sample_queue.h"
#include "base/result.h"
#include "libav/handles.h"
#include "media/packet.h"
#include "media/stream_info.h"

namespace jinsha {

class AudioEncoder {
 public:
  // `wanted`: codec, sample_rate, layout and bitrate. kNotPossible where this libavcodec lacks the
  // encoder, kUsage where it refuses the settings.
  static Result<AudioEncoder> open(const AudioStreamInfo& wanted);

  // `wanted` with what the encoder says of itself: frame size, headers.
  const AudioStreamInfo& info() const { return info_; }
  // Samples that a decoder gives before the first one encoded.
  int priming_samples() const { return priming_; }
  // Whether the encoder gives the rest of what it holds by itself at the end.
  bool has_delay() const { return has_delay_; }
  // dB below full scale as 1 to 31, from the next frame on; for codecs that carry it.
  void set_dialogue_level(int level);

  // The first info().frame_size samples of `samples`, which are consumed. A coded frame goes to
  // `take` with its place on the samples' clock: the first one encoded is sample 0.
  using Take = std::function<Status(Packet)>;
  Status encode(SampleQueue& samples, const Take& take);
  Status finish(const Take& take);

 private:
  AudioEncoder() = default;
  Status receive(const Take& take);

  libav::CodecPtr context_;
  libav::FramePtr frame_;
  libav::PacketPtr packet_;
  AudioStreamInfo info_;
  int priming_ = 0;
  bool has_delay_ = false;
  std::int64_t frames_in_ = 0;
  std::int64_t frames_out_ = 0;
};

}  // namespace jinsha
