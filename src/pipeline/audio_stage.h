// The audio stage: source tracks to output tracks, copied or encoded.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "audio/track_transcoder.h"
#include "input/source.h"
#include "job/plan.h"
#include "pipeline/stage.h"

namespace jinsha {

// Packets of the source's tracks (stream = 1 + its index) become packets of the output's streams
// (stream = 1 + index into plan.audio, then plan.data); those nobody wants are let go. Everything else passes.
class AudioStage final : public Stage {
 public:
  // Sound before the first picture that decoders need to begin cleanly: two frames of HE-AAC, the
  // 80 ms of Opus (RFC 7845 4.6), the bit reservoir of MP3.
  static constexpr double kLeadS = 0.25;

  // `video_base`: seconds per tick of the coded video.
  static Result<std::unique_ptr<AudioStage>> open(const Plan& plan, const SourceInfo& source, Rational video_base);

  const char* name() const override { return "audio"; }
  Status process(Item item, const Emit& emit) override;
  Status flush(const Emit& emit) override;

  // Of each stream of plan.audio; all zero for copied ones. After the run.
  std::vector<AudioTrackCounters> counters() const;

 private:
  struct Output {
    int source_track = 0;
    std::unique_ptr<AudioTranscoder> transcoder;  // null: copied
    std::int64_t patience_ticks = 0;              // of the video: how long it waits for sound
  };
  AudioStage(Rational video_base, std::vector<Output> outputs, std::vector<int> data)
      : video_base_(video_base), outputs_(std::move(outputs)), data_(std::move(data)) {}

  Status keep_up(const Packet& video, const Emit& emit);
  Status take(Packet packet, const Emit& emit);
  std::int64_t samples_at(std::int64_t video_ticks, const Output& output) const;

  Rational video_base_;
  std::vector<Output> outputs_;
  std::vector<int> data_;       // the source's track of each stream of data, counted behind those of sound
  std::int64_t video_end_ = 0;  // ticks
};

}  // namespace jinsha
