// Boxes of ISO/IEC 14496-12 and what the judge makes of them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verify/stream_log.h"

namespace jinsha::verify::mp4 {

struct Box {
  std::string_view type;
  ByteView body;
  std::size_t offset = 0;  // of the body in what was searched
};

// Calls `use(box)` for each box in `data`; false when one does not fit into it.
template <typename Use>
bool for_boxes(ByteView data, Use use) {
  std::size_t at = 0;
  while (data.size() - at >= 8) {
    std::uint64_t size = be32(data.subspan(at));
    std::size_t header = 8;
    if (size == 1 && data.size() - at >= 16) {
      size = be64(data.subspan(at + 8));
      header = 16;
    } else if (size == 0) {
      size = data.size() - at;
    }
    if (size < header || size > data.size() - at) return false;
    const std::string_view type(reinterpret_cast<const char*>(data.data()) + at + 4, 4);
    use(Box{type, data.subspan(at + header, static_cast<std::size_t>(size) - header), at + header});
    at += static_cast<std::size_t>(size);
  }
  return at == data.size() || data.size() - at == 4;  // QuickTime ends some lists with four zero bytes
}

// Reads big-endian integers in turn; past the end it turns false and yields zero.
class FieldReader {
 public:
  explicit FieldReader(ByteView data) : data_(data) {}
  std::uint64_t read(std::size_t bytes) {
    if (!ok_ || bytes > data_.size() - at_) {
      ok_ = false;
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = (value << 8) | data_[at_++];
    return value;
  }
  std::uint32_t u32() { return static_cast<std::uint32_t>(read(4)); }
  std::uint32_t u16() { return static_cast<std::uint32_t>(read(2)); }
  std::uint32_t u8() { return static_cast<std::uint32_t>(read(1)); }
  void skip(std::size_t bytes) {
    if (bytes > data_.size() - at_) {
      ok_ = false;
    } else {
      at_ += bytes;
    }
  }
  ByteView rest() const { return data_.subspan(at_); }
  bool ok() const { return ok_; }

 private:
  ByteView data_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

// More of them are damage, and nobody looks at the rest: boxes cost a file 8 bytes each, units 2.
inline constexpr std::size_t kMaxTracks = 64;
inline constexpr std::size_t kMaxConfigurationUnits = 256;  // of a track

// A NAL unit or OBUs of a decoder configuration, and where they lie in the moov box.
struct ConfigurationUnit {
  ByteView bytes;
  std::size_t offset = 0;
};

struct Movie {
  struct Track {
    Mp4Track log;
    AudioLog audio;                                // of a sound track
    std::string codec;                             // libavcodec's name, "unknown"
    unsigned length_bytes = 4;                     // of NAL units
    std::vector<ConfigurationUnit> configuration;  // views into the moov box
    ByteView sample_table;                         // stbl
  };
  std::uint32_t timescale = 0;
  std::uint64_t duration = 0;
  std::uint64_t fragment_duration = 0;
  bool fragmented = false;
  std::vector<Track> tracks;
};
// `damage(words)` is called for each thing that is wrong. Views point into `moov`.
using Damage = std::function<void(const std::string&)>;
Movie parse_movie(ByteView moov, const Damage& damage);
// One entry of a sample description (mp4_sample_entry.cpp). `offset` is that of `entry` in the moov.
void parse_sample_entry(const Box& entry, std::size_t offset, Movie::Track& track, const Damage& damage);

struct Sample {
  std::int64_t offset = 0;  // in the file
  std::uint32_t size = 0;
  std::uint32_t duration = 0;
  std::int64_t dts = 0;   // media timescale
  std::int64_t pts = 0;   // without the edit list
  std::size_t track = 0;  // index into Movie::tracks
  bool sync = true;
};
// More samples than this in one fragment, or in all sample tables, are damage.
inline constexpr std::size_t kMaxFragmentSamples = std::size_t{1} << 18;
inline constexpr std::size_t kMaxTableSamples = std::size_t{1} << 20;
inline constexpr std::uint32_t kMaxSampleBytes = std::uint32_t{512} << 20;

// State of a track across fragments.
struct TrackClock {
  std::int64_t next_dts = kNoTime;
};
struct Fragment {
  std::uint32_t sequence_number = 0;
  std::vector<Sample> samples;
  struct Jump {
    std::size_t track;
    std::int64_t expected, found;  // tfdt
  };
  std::vector<Jump> jumps;
};
Fragment parse_fragment(ByteView moof, std::int64_t moof_byte, const std::vector<Mp4Track>& tracks,
                        std::vector<TrackClock>& clocks, const Damage& damage);
// The samples of an unfragmented track, appended to `samples`.
void parse_sample_table(ByteView stbl, std::size_t track, Mp4Track& log, std::vector<Sample>& samples,
                        const Damage& damage);

}  // namespace jinsha::verify::mp4
