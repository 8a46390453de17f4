// Shared by the tests of the sources: running one to its end, reference decoding, temporary files, clips made on
// the fly.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "input/source.h"

namespace jinsha::test {

// A file of the clip collection; empty when JINSHA_MEDIA is unset or the file is missing.
std::string media(const std::string& name);
#define JINSHA_NEED_MEDIA(variable, name)                 \
  const std::string variable = jinsha::test::media(name); \
  if (variable.empty()) GTEST_SKIP() << "JINSHA_MEDIA does not hold " << name

std::vector<std::uint8_t> read_file(const std::string& path);
// A file in the test's temporary folder.
std::string temporary(const std::string& name);
void write_file(const std::string& path, const std::vector<std::uint8_t>& bytes);

// FNV-1a over the visible samples.
std::uint64_t hash_of(const Frame& frame);
// Mean of the luma samples.
double mean_luma(const Frame& frame);

struct Outcome {
  std::string error;  // of open, start or next; empty when the end was reached
  ErrorCode code = ErrorCode::kInternal;
  SourceInfo info;
  SourceCounters counters;
  std::vector<std::uint64_t> hashes;
  std::vector<double> lumas;  // mean, of pictures up to 64 wide
  std::vector<bool> damaged;
  std::vector<Packet> packets;
  bool pts_without_gaps = true;
  FrameInfo first;
};
struct RunOptions {
  std::int64_t first = 0;
  std::int64_t count = 0;
  int spare_frames = 2;  // blocks in the pool beyond max_held_frames()
  bool keep_hashes = true;
};
Outcome run(const SourceSpec& spec, const RunOptions& options = {});
Outcome run(const std::string& path, int threads = 2, const RunOptions& options = {});

// Hashes of every picture of the best video stream, decoded by one thread into libavcodec's own buffers.
std::vector<std::uint64_t> reference_hashes(const std::string& path);

// A lossless clip of flat pictures: picture i has luma luma_of(i) and the time pts[i], in milliseconds.
struct MadeClip {
  std::vector<std::int64_t> pts_ms = {};
  int width = 64;
  int height = 48;
  std::string codec = "ffv1";
  std::string pixel_format = "yuv420p";
  // Silent PCM in packets of 20 ms at these times, ms; empty: no sound.
  std::vector<std::int64_t> audio_ms = {};
};
int luma_of(std::size_t index);
// Written as the name's extension says; empty when this libavcodec has no such encoder.
std::string make_clip(const std::string& name, const MadeClip& clip);

}  // namespace jinsha::test
