// Plan: what will be done. The spec with every default resolved, checked against the source and
// this machine. Immutable once made; plain data with a JSON round trip (plan_json.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "media/coding.h"
#include "media/container.h"
#include "media/stream_info.h"

namespace jinsha {

// One line of the memory sum.
struct MemoryItem {
  std::string what;  // "decoded frames: 9 x 99.5 MB"
  std::uint64_t bytes = 0;
};

// Something of the source that does not reach the output as it was.
struct PlanNote {
  enum class Kind { kKept, kConverted, kDropped, kAssumed };
  Kind kind = Kind::kKept;
  std::string what;
};

struct PlannedAudio {
  AudioStreamInfo info;
  int source_track = 0;     // index into the source's audio tracks; -1: none, silence
  bool encoded = false;     // else the source's packets as they are
  int first_channel = 0;    // encoded: of the source's channels, where not all are taken,
  int picked_channels = 0;  // so many from there; 0: all
  int priming_samples = 0;  // encoded: what decodes before the first sample at time 0
};

// Subtitles or data of the source that the output carries as they are.
struct PlannedData {
  DataStreamInfo info;
  int source_track = 0;  // index into the source's data
};

// Consecutive pictures under one tone curve.
struct SceneLight {
  std::int64_t first_frame = 0;  // counted from the job's first
  double peak_nits = 0;          // cd/m2
};

struct Plan {
  // Input
  std::string input;
  std::int64_t first_frame = 0;
  std::int64_t frame_limit = 0;    // stop after so many frames; 0: at the end of the source
  std::int64_t frame_count = 0;    // frames expected; 0: unknown
  bool exact_frame_count = false;  // frame_count is certain

  // Output
  std::string output;
  ContainerKind kind = ContainerKind::kMpegTs;
  bool coded = true;                // false: uncompressed frames or nothing
  bool copied = false;              // coded, but not by us: the source's own pictures, `video` describes them
  EncoderConfig encoder;            // what the back end is asked; meaningless when !coded
  EncoderSettings video;            // what it will really do: the judge's yardstick
  std::vector<PlannedAudio> audio;  // streams 1, 2, ... of the output
  std::vector<PlannedData> data;    // the streams after those
  bool captions = false;            // those of the pictures reach the output
  std::int64_t muxrate_bits_per_s = 0;
  std::string service_name;
  std::string service_provider;
  int service_id = 1;
  int pmt_pid = 0x1000;
  int first_es_pid = 0x100;
  double fragment_s = 2.0;

  // Running
  int threads = 1;
  int decode_threads = 1;
  std::vector<SceneLight> scenes;  // measured; empty: one curve for all
  int input_frames = 0;            // blocks of the pool before colour
  int output_frames = 0;           // blocks of the pool after colour; 0: same pool
  std::vector<MemoryItem> memory;
  std::uint64_t memory_bytes = 0;  // their sum

  std::vector<PlanNote> notes;
  std::vector<std::string> warnings;
};

}  // namespace jinsha
