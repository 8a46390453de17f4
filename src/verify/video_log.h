// VideoLog: what was seen of the video elementary stream, whatever its codec and container. Filled
// while bytes arrive, judged against the plan at the end (check_*.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "media/coding.h"
#include "verify/findings.h"

namespace jinsha::verify {

inline constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();
// Larger timestamps are damage; differences of smaller ones cannot overflow.
inline constexpr std::uint64_t kMaxTime = std::uint64_t{1} << 60;

// Access units are remembered up to this many (19 hours at 60 frames/s, 170 MB); later ones are
// counted and the report says that they were not looked at one by one.
inline constexpr std::size_t kMaxUnits = std::size_t{1} << 22;
// Different sequence headers remembered of one stream.
inline constexpr std::size_t kMaxSequences = 16;

// HRD parameters of the highest sub-layer, last schedule (ITU-T H.265 E.2.2, E.2.3).
struct HrdInfo {
  bool nal = false;  // NAL HRD; else only a VCL one
  std::int64_t bit_rate = 0;
  std::int64_t cpb_size = 0;
  std::int64_t bit_rate_unit = 1;  // resolution of the two
  std::int64_t cpb_size_unit = 1;
  bool cbr = false;
  unsigned schedules = 1;
  bool sub_pic_params = false;
  unsigned initial_delay_bits = 24;
  unsigned removal_delay_bits = 24;
  unsigned output_delay_bits = 24;

  friend bool operator==(const HrdInfo&, const HrdInfo&) = default;
};

// What an SPS or a sequence header says.
struct SequenceInfo {
  int width = 0;  // after cropping
  int height = 0;
  std::int64_t coded_width = 0;
  std::int64_t coded_height = 0;
  PixelFormat format;
  int profile_idc = 0;
  std::string profile;  // "main10"
  int level_idc = 0;    // as in EncoderSettings
  Tier tier = Tier::kMain;
  ColorInfo color;               // kUnspecified where not signalled
  Rational sample_aspect{0, 1};  // {0, 1}: not signalled
  Rational frame_rate{0, 1};     // {0, 1}: not signalled
  std::int64_t units_in_tick = 0;
  std::int64_t time_scale = 0;
  bool fields = false;         // access units are fields
  bool reduced_still = false;  // AV1 reduced_still_picture_header
  std::optional<HrdInfo> hrd;
  unsigned max_sub_layers = 1;

  friend bool operator==(const SequenceInfo&, const SequenceInfo&) = default;
};

struct SequenceEntry {
  SequenceInfo info;
  Place place;
  std::vector<std::uint8_t> bytes;
};

// One coded picture with everything that precedes it.
struct AccessUnit {
  std::int64_t byte = 0;  // in the file
  std::int64_t pts = kNoTime;
  std::int64_t dts = kNoTime;
  std::int64_t bytes = 0;      // of its NAL units (without start codes) or OBUs
  std::int32_t order = 0;      // output order within the coded video sequence
  std::uint32_t epoch = 0;     // coded video sequence
  bool key = false;            // IDR or shown key frame
  std::uint64_t captions = 0;  // FNV-1a of the cc_data constructs; 0: none
  bool open_key = false;       // CRA or BLA: a random access point that is not closed
};

// Static HDR metadata as the bitstream carries it. `missing` counts key frames without it once any
// key frame or none has it: see check_hdr.cpp.
template <typename T>
struct MetadataLog {
  std::optional<T> value;  // the first
  Place first;
  Tally changed;            // other values than the first
  Tally missing_at_key;     // key frames without
  std::int64_t at_key = 0;  // key frames with
};

// In the units of AV1 (6.7.4): primaries 0.16 in the order R, G, B; luminance 24.8 and 18.14.
struct Av1MasteringDisplay {
  std::array<std::array<std::uint16_t, 2>, 3> primaries_rgb{};
  std::array<std::uint16_t, 2> white_point{};
  std::uint32_t max_luminance = 0;
  std::uint32_t min_luminance = 0;

  friend bool operator==(const Av1MasteringDisplay&, const Av1MasteringDisplay&) = default;
};

// One run of the coded picture buffer model, cpb_replay.h.
struct CpbResult {
  bool run = false;
  Tally underflows;
  std::string first_underflow;
  Tally overflows;
  std::string first_overflow;
};

struct VideoLog {
  Codec codec = Codec::kUnknown;
  Rational time_base{1, 90'000};  // of pts and dts
  bool timed = true;              // the container carries timestamps

  std::vector<AccessUnit> units;  // the first kMaxUnits
  std::int64_t unit_count = 0;
  std::int64_t key_count = 0;
  std::int64_t bytes = 0;

  std::vector<SequenceEntry> sequences;  // different ones, in order
  Tally sequences_dropped;               // beyond kMaxSequences

  Tally damaged;  // units that do not parse
  std::string first_damage;
  Tally parameter_sets_missing_at_key;
  std::string first_missing;  // which
  bool has_vps = false, has_sps = false, has_pps = false;
  Tally vps_differs;  // VPS profile, tier or level other than the SPS's
  std::string first_vps_difference;
  Tally open_pictures;  // CRA, BLA, RASL; hidden key frames
  std::string first_open;
  Tally delimiter_missing;   // access units that do not start with one
  Tally empty_units;         // container units without a picture
  Tally double_units;        // container units with more than one
  Tally marks_without_unit;  // PES packets in which no access unit starts
  Tally key_mark_wrong;      // the container's random access mark contradicts the picture
  std::string first_wrong_mark;
  std::int64_t filler_bytes = 0;
  std::int64_t filler_units = 0;
  Tally buffering_period_missing;  // at random access points, with an HRD
  Tally picture_timing_missing;    // of access units, with an HRD
  CpbResult cpb;
  std::optional<int> alternative_transfer;  // SEI 147

  MetadataLog<MasteringDisplay> mastering_display;         // HEVC
  MetadataLog<Av1MasteringDisplay> av1_mastering_display;  // AV1
  MetadataLog<ContentLight> content_light;

  // Remembers a sequence header, `coded` being its bytes, unless the same came before.
  void add_sequence(const SequenceInfo& info, std::vector<std::uint8_t> coded, const Place& place);
  void add_damage(std::string what, const Place& place);
  // `marked` is the container's random access mark, where it has one.
  void add_unit(const AccessUnit& unit, std::optional<bool> marked = std::nullopt);
};

}  // namespace jinsha::verify
