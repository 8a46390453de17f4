// Transcode: a planned job made of running parts: source, pools, device, encoder, muxer, threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "audio/track_transcoder.h"
#include "base/log.h"
#include "base/result.h"
#include "input/source.h"
#include "job/light_scan.h"
#include "job/planner.h"
#include "mux/muxer.h"
#include "pipeline/graph.h"
#include "pipeline/stages.h"

namespace jinsha {

// A look at a running job. Rates are over the whole run so far.
struct TranscodeProgress {
  int pass = 1;  // of so many
  int passes = 1;
  std::int64_t frames = 0;        // coded (or written)
  std::int64_t total_frames = 0;  // 0: unknown
  std::int64_t bytes = 0;         // written
  double elapsed_s = 0;
  double first_byte_s = 0;  // 0: none yet
  struct StageLoad {
    std::string name;
    double busy = 0;  // share of the elapsed time it was not waiting, 0..1
    std::int64_t frames = 0;
    int queued = 0;
    double busy_s = 0;
    double cpu_s = 0;  // of its own thread
  };
  std::vector<StageLoad> stages;
};

class Transcode {
 public:
  // Opens everything the plan names; `sink` receives the output and outlives this object. `stop`
  // cancels. The job's plan.video is replaced by what the opened encoder says it does. `tap` may be empty.
  static Result<std::unique_ptr<Transcode>> open(PlannedJob job, std::unique_ptr<Source> source, ByteSink& sink,
                                                 PacketTap tap, std::stop_source stop, const Log& log);
  // Opens a job that only looks (light_scan.h); `scan` gets its pictures and outlives this object.
  static Result<std::unique_ptr<Transcode>> open_look(PlannedJob job, std::unique_ptr<Source> source, LightScan& scan,
                                                      std::stop_source stop, const Log& log);
  ~Transcode();

  // Runs to the end. After an error or a stop the container is still finished where that is
  // possible, so that what was written can be played. Blocks; called once.
  Status run();

  // Any thread, also while run() runs.
  TranscodeProgress progress() const;

  const Plan& plan() const;
  const Source& source() const;
  // After run().
  const EncodeCounts& encode_counts() const;
  const MuxCounts& mux_counts() const;
  std::vector<AudioTrackCounters> audio_counters() const;
  std::string device_name() const;

 private:
  Transcode();
  static Result<std::unique_ptr<Transcode>> open(PlannedJob job, std::unique_ptr<Source> source, ByteSink& sink,
                                                 PacketTap tap, LightScan* scan, std::stop_source stop, const Log& log);
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace jinsha
