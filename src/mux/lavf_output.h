// LavfOutput: one open libavformat muxer writing into a ByteSink that cannot seek.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "libav/handles.h"
#include "media/packet.h"
#include "media/stream_info.h"
#include "mux/muxer.h"

struct AVFormatContext;

namespace jinsha {

// A packet's times in the clock libavformat chose for the stream.
struct MuxTimes {
  std::int64_t pts = 0;
  std::int64_t dts = 0;
  std::int64_t duration = 0;
};

class LavfOutput {
 public:
  // `format` is libavformat's name; `buffer_bytes` the size of the pieces the sink receives.
  static Result<std::unique_ptr<LavfOutput>> create(const char* format, std::size_t buffer_bytes, ByteSink& sink);
  ~LavfOutput();
  LavfOutput(const LavfOutput&) = delete;
  LavfOutput& operator=(const LavfOutput&) = delete;

  AVFormatContext* context() { return context_; }
  // Every name is checked: an option this libavformat does not know is an error.
  Status set_option(const char* name, const std::string& value);
  Status set_option(const char* name, std::int64_t value) { return set_option(name, std::to_string(value)); }
  // `id` is the container's own number of the stream (a PID), 0: its choice.
  Status add_stream(const StreamInfo& info, int id);

  Status write_header();
  // Seconds per tick of a stream's times; known after write_header().
  Rational time_base(int stream) const;
  Status write(int stream, std::span<const std::uint8_t> data, const MuxTimes& times, bool key);
  // Ends what the muxer holds back: a fragment of MP4.
  Status flush_muxer();
  Status finish();

 private:
  LavfOutput(AVFormatContext* context, ByteSink& sink) : context_(context), sink_(sink) {}
  static int take_bytes(LavfOutput* self, std::span<const std::uint8_t> bytes);
  Status check(int result, const char* what);

  AVFormatContext* context_;
  ByteSink& sink_;
  Status sink_status_;  // the first error of the sink; libavformat carries only a number
  libav::PacketPtr packet_;
  bool header_written_ = false;

  friend struct LavfCallbacks;
};

}  // namespace jinsha
