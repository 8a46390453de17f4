// The quality of picture B against reference A, by the metrics of metrics.h (docs/compare.md).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "compare/metrics.h"
#include "compare/sides.h"

namespace jinsha::compare {

struct CompareSpec {
  std::string reference;                       // A; paths as open_source() takes them
  std::string other;                           // B
  std::int64_t frames = 0;                     // at most so many from the beginning; 0: all
  std::string heat_map;                        // PNG file; empty: none
  std::optional<std::int64_t> heat_map_frame;  // from 0; empty: the one with the highest mean Delta E ITP
  int threads = 0;                             // 0: as many as there are processors
  // After each pair of pictures: how many are done, of how many (0: unknown). False stops. May be empty.
  std::function<bool(std::int64_t done, std::int64_t total)> progress;
};

struct FrameScores {
  Scores scores;
  bool identical = false;  // sample for sample; only known where code values are compared
};

struct Report {
  Sides sides;
  std::int64_t reference_frames = 0, other_frames = 0;  // of each file, within CompareSpec::frames
  std::int64_t frames_identical = 0;
  std::vector<FrameScores> frames;
  Scores overall;                              // pooled as docs/compare.md says
  std::optional<std::int64_t> heat_map_frame;  // of the map that was written
  SourceCounters reference_counters, other_counters;

  bool same_length() const { return reference_frames == other_frames; }
};

// The frame of `report` with the worst score, the first of equals; empty where the metric was not measured.
std::optional<std::size_t> worst_frame(const Report& report, const MetricRow& row);

// "psnr_y", "PSNR Y": a metric's names with its plane's, which depend on whether planes are Y, Cb, Cr or G, B, R.
std::string name_of(const MetricRow& row, const Sides& sides);
std::string label_of(const MetricRow& row, const Sides& sides);

// Runs in the calling thread and threads of its own, which have ended when it returns. kInput where a file cannot be
// used or they cannot be compared, kNotPossible for memory, kUsage for a frame that is not there, kOutput where
// the heat map cannot be written, kInterrupted where progress() said so.
Result<Report> compare_files(const CompareSpec& spec, const Log& log);

}  // namespace jinsha::compare
