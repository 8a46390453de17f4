// AudioConverter: decoded frames to float samples of one layout and rate, through libswresample.
// Follows a source that changes its format on the way.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "audio/sample_queue.h"
#include "base/result.h"

struct AVFrame;
struct SwrContext;

namespace jinsha {

struct ConverterConfig {
  std::uint64_t positions = 0;  // speakers of the output
  int sample_rate = 0;
  // Of the source's channels only these, in order; 0: all of them.
  int first_channel = 0;
  int picked_channels = 0;
  // What the source's channels are where a frame does not say; 0: what is usual for their number.
  std::uint64_t source_positions = 0;
};

class AudioConverter {
 public:
  explicit AudioConverter(const ConverterConfig& config) : config_(config) {}

  // Whether `frame` has another format than the frames before: then drain() comes first.
  bool changes(const AVFrame& frame) const;
  // Appends what becomes of `frame`.
  Status convert(const AVFrame& frame, SampleQueue& to);
  // Appends what the resampler still holds and begins anew.
  Status drain(SampleQueue& to);
  // Output samples inside the resampler.
  std::int64_t delay() const;
  // Makes the next `distance` output samples from as many input samples less `delta`.
  Status stretch(int delta, int distance);
  // "5.1(side) at 44100 Hz" of the frames now converted; empty before the first.
  std::string format_text() const;

 private:
  struct Format {
    int sample_format = -1;
    int sample_rate = 0;
    int channels = 0;
    std::uint64_t positions = 0;
    friend bool operator==(const Format&, const Format&) = default;
  };
  struct Freer {
    void operator()(SwrContext* context) const;
  };

  static Format format_of(const AVFrame& frame);
  Status configure(const Format& format);
  std::uint64_t source_positions(const Format& format) const;
  Status pull(const AVFrame* frame, SampleQueue& to);

  ConverterConfig config_;
  Format format_;
  std::unique_ptr<SwrContext, Freer> context_;  // null: to be configured for the next frame
};

}  // namespace jinsha
