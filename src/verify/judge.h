// Judge: reads the bytes of an output back with parsers of its own and holds them against the plan.
//
// Independence is the point: this folder shares no code with what wrote the stream. It includes
// only Result and log of base, the data types of media, and job's Plan.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "job/plan.h"

namespace jinsha::verify {

// Every property that is checked; one row each in kProperties (properties.cpp) with its name for
// reports, what it means and the clause it comes from. tests/unit/verify has a mutator for each.
enum class Property {
  kContainer,         // the container parses: sync, continuity, CRC, box structure
  kStreams,           // number and kind of streams, PIDs, service name, sample entry
  kFrameCount,        // access units of video
  kDuration,          // of every stream against the video
  kTimestamps,        // PTS/DTS: present, dts <= pts, DTS strictly increasing, PTS on the frame grid
  kAudio,             // audio packets present, timestamps increasing without gaps
  kKeyFrameDistance,  // IDR / key frames exactly where the plan puts them; closed GOP
  kParameterSets,     // VPS/SPS/PPS or sequence header present, parse, repeated at every key frame
  kPictureFormat,     // size, conformance window, chroma, depth, sample aspect, profile
  kFrameRate,         // timing info in VUI / sequence header / container
  kLevelTier,         // signalled level and tier, and the stream fits them
  kColor,             // VUI / color_config against the plan; container boxes agree
  kMasteringDisplay,  // SEI 137 / OBU / mdcv: present with these values, or absent
  kContentLight,      // SEI 144 / OBU / clli
  kHrd,               // HRD parameters, cbr_flag against fillers, buffering period and picture timing
  kAccessUnitDelimiter,
  kBitrate,  // no more than the cap over the CPB, muxrate where constant
};

struct Check {
  Property property;
  bool passed = true;
  std::string expected;  // from the plan
  std::string found;
  std::string where;  // "access unit 17, byte 0x1f40", may be empty
};

// What was seen, whether or not it was expected.
struct StreamFacts {
  std::string container;
  Codec video_codec = Codec::kUnknown;
  std::int64_t bytes = 0;
  std::int64_t frames = 0;
  std::int64_t key_frames = 0;
  double duration_s = 0;
  std::int64_t video_bits_per_s = 0;
  int audio_streams = 0;
  std::map<std::string, std::string> details;  // "level" -> "6.1 Main", "color" -> "bt2020/..."
};

struct Verdict {
  std::vector<Check> checks;  // one per property that applies; the first failure of each
  StreamFacts facts;
  bool passed() const {
    for (const Check& check : checks) {
      if (!check.passed) return false;
    }
    return true;
  }
  // Sentences, one a failed check: "key-frame-distance: expected ..., found ... at ...".
  std::vector<std::string> failures() const;
};

// What the run itself knows and the plan could not.
struct RunFacts {
  std::int64_t frames = 0;                  // frames that were given to the encoder
  std::vector<std::int64_t> audio_packets;  // per audio stream of the plan
  std::vector<std::int64_t> audio_gaps;     // in the packets as they came: a damaged source has some
  std::vector<std::int64_t> forced_keys;    // frame indices
  // Start of each audio stream behind the first frame, of a source whose streams do not start
  // together; empty: with it.
  std::vector<double> audio_start_s = {};
  // Frames with captions, and FNV-1a, from 0 on, of the number of each in output order and of the FNV-1a of its
  // cc_data constructs; empty: not known.
  std::optional<std::int64_t> captioned = std::nullopt;
  std::uint64_t captions_digest = 0;
  std::vector<std::int64_t> data_packets = {};  // per stream of subtitles or data of the plan
  std::vector<double> data_start_s = {};        // of its first packet, behind the first frame
};

const char* name_of(Property property);
const char* explanation_of(Property property);
const char* clause_of(Property property);

class Judge {
 public:
  virtual ~Judge() = default;
  // The bytes of the output in order, in pieces of any size. Never fails: what cannot be parsed is
  // a finding. Memory stays bounded whatever the input.
  virtual void feed(std::span<const std::uint8_t> bytes) = 0;
  // After the last byte. Without a plan only what a stream says of itself is checked.
  virtual Verdict finish(const Plan* plan, const RunFacts* run) = 0;
};

// Kind is taken from the first bytes when not given.
std::unique_ptr<Judge> open_judge(std::optional<ContainerKind> kind);

// Reads a whole file through a judge. kInput when it cannot be read.
Result<Verdict> judge_file(const std::string& path, std::optional<ContainerKind> kind, const Plan* plan,
                           const RunFacts* run);

}  // namespace jinsha::verify
