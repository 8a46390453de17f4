// The generator's sound: a 1 kHz tone with a beep at each full second, coded as AAC-LC.
#pragma once

#include <memory>
#include <optional>

#include "base/result.h"
#include "media/packet.h"
#include "media/stream_info.h"

namespace jinsha {

class GeneratorAudio {
 public:
  static Result<std::unique_ptr<GeneratorAudio>> open();
  ~GeneratorAudio();

  const AudioStreamInfo& info() const { return info_; }
  // Samples [first, first + count), counted from the first picture.
  void set_span(std::int64_t first, std::int64_t count);
  // The next packet, stream 1; empty at the end.
  Result<std::optional<Packet>> next();

 private:
  struct Coder;
  GeneratorAudio();
  Status feed();

  std::unique_ptr<Coder> coder_;
  AudioStreamInfo info_;
  std::int64_t first_ = 0;
  std::int64_t count_ = 0;
  std::int64_t done_ = 0;
  bool flushed_ = false;
};

}  // namespace jinsha
