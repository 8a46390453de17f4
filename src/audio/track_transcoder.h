// AudioTranscoder: coded packets of one source track in, coded packets of one output track out.
//
// The output's clock counts samples from the first picture. What is encoded is one unbroken run of
// samples from 0 on: sound before that is cut off, silence stands where the source has nothing, and
// where its packets overlap the earlier one wins. So every coded frame has an exact time, the
// priming of the codec before the first sample included.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audio/converter.h"
#include "audio/decoder.h"
#include "audio/encoder.h"
#include "base/result.h"
#include "media/packet.h"
#include "media/stream_info.h"

namespace jinsha {

struct AudioTrackConfig {
  AudioStreamInfo source;  // no codec: silence, no packets come
  AudioStreamInfo output;  // as planned
  int first_channel = 0;   // of the source's, where not all are taken
  int picked_channels = 0;
};

// What was met on the way. Times in samples of the output.
struct AudioTrackCounters {
  std::int64_t packets_undecodable = 0;
  std::int64_t frames_concealed = 0;  // decoded although the decoder found errors in them
  std::int64_t gaps = 0;              // filled with silence, before the first sound and after the last included
  std::int64_t gap_samples = 0;
  std::int64_t overlaps = 0;  // cut off
  std::int64_t overlap_samples = 0;
  std::int64_t format_changes = 0;  // of the source's layout, rate or samples
  std::int64_t corrections = 0;     // stretched or shortened a little, for a clock that drifts
  std::int64_t misplaced = 0;       // frames left out whose time is too far off
  std::string first_damage;         // a sentence
};

class AudioTranscoder {
 public:
  // A gap longer than this is no gap but a damaged time.
  static constexpr std::int64_t kMaxGapS = 3600;
  // What a decoder, resampler and encoder allocate, at most: for the memory sum.
  static constexpr std::uint64_t kMemoryBytes = 6'000'000;

  static Result<std::unique_ptr<AudioTranscoder>> open(const AudioTrackConfig& config);

  // Takes coded packets; an error of it ends the call that is under way.
  using Emit = std::function<Status(Packet)>;

  // A packet of the source, times in its time base after the first picture; in order. Damage is
  // survived and counted.
  Status take(const Packet& packet, const Emit& emit);
  // Silence up to this sample where nothing has come until there.
  Status fill_to(std::int64_t sample, const Emit& emit);
  // The source has ended: everything held goes out, with silence up to `least_samples`.
  Status finish(std::int64_t least_samples, const Emit& emit);

  // Where the samples that came so far end.
  std::int64_t end() const { return end_ + converter_.delay(); }
  const AudioStreamInfo& output() const { return encoder_.info(); }
  const AudioTrackCounters& counters() const { return counters_; }

 private:
  AudioTranscoder(const AudioTrackConfig& config, std::optional<AudioDecoder> decoder, AudioEncoder encoder,
                  const ConverterConfig& conversion);

  Status take_frame(const AVFrame& frame, const Emit& emit);
  Status place(std::int64_t start, std::int64_t length, const Emit& emit);
  Status follow_drift(std::int64_t deviation, std::int64_t length);
  Status append(const AVFrame& frame, const Emit& emit);
  Status drain_converter(const Emit& emit);
  void count_new(std::size_t before);
  Status silence(std::int64_t samples, const Emit& emit);
  Status encode_whole(const Emit& emit);
  void note_damage(std::string what);

  AudioTrackConfig config_;
  std::optional<AudioDecoder> decoder_;
  AudioEncoder encoder_;
  AudioConverter converter_;
  SampleQueue queue_;
  std::int64_t end_ = 0;   // of the samples given to the queue, on the output's clock
  std::int64_t skip_ = 0;  // samples to come that are cut off
  bool started_ = false;   // a frame of the source has been placed
  bool filling_ = false;   // the last thing placed was silence
  struct Drift {
    std::int64_t samples = 0;  // looked at
    std::int64_t least = 0;
    std::int64_t most = 0;
  } drift_;
  bool losing_ = false;  // what skip_ cuts off is sound that is lost
  int level_ = 0;        // dialogue level set last
  AudioTrackCounters counters_;
};

}  // namespace jinsha
