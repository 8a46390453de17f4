// AudioFrames: finds the frames of an audio elementary stream and checks their timestamps.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "verify/stream_log.h"

namespace jinsha::verify {

struct AudioFrame {
  std::size_t bytes = 0;
  int samples = 0;  // 0: not known
  int sample_rate = 0;
  int channels = 0;
  const char* codec = nullptr;  // where only the frame tells, as the layer of MPEG audio
  bool dependent = false;       // belongs to the frame before it (E-AC-3 dependent or further substream)
};
inline constexpr std::size_t kAudioHeaderBytes = 8;
// Whether a parser exists for `codec` (libavcodec's name).
bool knows_audio(const std::string& codec);
// The frame that starts at `header` (kAudioHeaderBytes of it); empty when none does.
std::optional<AudioFrame> parse_audio_frame(const std::string& codec, ByteView header);

class AudioFrames {
 public:
  // `log` outlives this; its codec is set. Times are ticks of log.time_base.
  explicit AudioFrames(AudioLog& log) : log_(log), known_(knows_audio(log.codec)) {}
  void open_unit(std::int64_t pts, std::int64_t byte);
  void data(ByteView bytes, std::int64_t byte);
  void finish();

 private:
  void frame(const AudioFrame& frame, std::int64_t byte);

  AudioLog& log_;
  bool known_;
  std::array<std::uint8_t, kAudioHeaderBytes> header_{};
  std::size_t header_size_ = 0;
  std::size_t skip_ = 0;  // bytes of the current frame still to come
  bool lost_ = false;     // searching for a frame
  std::int64_t pending_pts_ = kNoTime;
  std::int64_t base_pts_ = kNoTime;  // last explicit timestamp
  std::int64_t since_base_ = 0;      // samples from it
};

}  // namespace jinsha::verify
