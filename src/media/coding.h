// The vocabulary of coding: codecs, rate control, levels, what an encoder was asked for and what it
// really does. Plain data, shared by the back ends, the plan and the judge.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "media/color.h"
#include "media/hdr_metadata.h"
#include "media/pixel_format.h"

namespace jinsha {

enum class Codec { kUnknown, kHevc, kAv1, kAvc, kVp9, kMpeg2, kProRes, kRaw, kOther };
// "hevc", "av1", "h264", ...
const char* name_of(Codec codec);

struct RateControl {
  // kCrf with maxrate is capped CRF; kVbr with maxrate/bufsize is VBV-constrained; kCbr is strict
  // constant bit rate (HRD cbr_flag 1, fillers).
  enum class Mode { kCrf, kQp, kVbr, kCbr };
  Mode mode = Mode::kCrf;
  double crf = 0;                       // kCrf, in the encoder's own scale
  int qp = 0;                           // kQp
  std::int64_t bitrate_bits_per_s = 0;  // kVbr, kCbr
  std::int64_t maxrate_bits_per_s = 0;  // 0: no cap
  std::int64_t bufsize_bits = 0;        // VBV/CPB size; 0: no VBV

  friend bool operator==(const RateControl&, const RateControl&) = default;
};
const char* name_of(RateControl::Mode mode);

enum class Tier { kMain, kHigh };

// What an encoder is asked to do: every value resolved, none "default".
struct EncoderConfig {
  std::string encoder;  // name of the back end: "x265", "svt-av1", "nvenc"
  Codec codec = Codec::kHevc;
  PixelFormat format;
  int width = 0;
  int height = 0;
  Rational frame_rate;  // constant
  Rational sample_aspect{1, 1};
  ColorInfo color;  // written into VUI / sequence header
  HdrMetadata hdr;  // written as SEI / metadata OBU; empty members are not written
  RateControl rate;
  std::string speed;                    // the back end's own preset name
  std::string tune;                     // the back end's own tune name, may be empty
  std::string profile;                  // "main10", "main", "main422-10" ...; empty: from the format
  int level_idc = 0;                    // HEVC: 30 x level; AV1: seq_level_idx; 0: choose
  std::optional<Tier> tier;             // empty: choose
  int gop_frames = 0;                   // fixed IDR / key frame distance
  std::vector<std::int64_t> keyframes;  // extra forced IDR, frame indices, ascending
  bool access_unit_delimiters = false;  // HEVC AUD
  bool hrd = false;                     // HEVC NAL HRD parameters, buffering period, picture timing
  bool repeat_headers = true;           // parameter sets at every IDR
  int threads = 0;                      // worker threads, from the plan, at least 1
  std::int64_t total_frames = 0;        // 0: unknown
  int passes = 1;                       // more: the pictures are coded so many times, kVbr only
  // The pass an encoder is opened for; 0: the only one, or none yet. All but the last write `stats_file` (back ends
  // add others whose names begin so) and give no packets; all but the first read it. Not part of a plan.
  int pass = 0;
  std::string stats_file = {};
  bool looks_only() const { return pass > 0 && pass < passes; }
  // --encoder-param, in order, verbatim; wins over everything above.
  std::vector<std::pair<std::string, std::string>> params;
};

// What the back end really set, read back from it; the judge holds the bitstream against this.
struct EncoderSettings {
  std::string version;  // library and version, e.g. "x265 3.5+1-f0c1022b6"
  Codec codec = Codec::kHevc;
  std::string profile;  // "main10"
  int level_idc = 0;    // as in EncoderConfig
  Tier tier = Tier::kMain;
  RateControl rate;  // bit rates the back end really uses
  bool hrd = false;
  bool cbr_flag = false;  // the HRD signals constant bit rate
  bool fillers = false;   // the stream really is padded to constant bit rate
  bool access_unit_delimiters = false;
  bool closed_gop = true;
  int gop_frames = 0;                   // exact distance of key frames when fixed_gop; else the longest
  bool fixed_gop = true;                // no key frame between, except the forced ones
  int b_frames = 0;                     // longest run of them
  std::vector<std::int64_t> keyframes;  // forced ones, as in EncoderConfig
  ColorInfo color;
  HdrMetadata hdr;
  PixelFormat format;
  int width = 0;
  int height = 0;
  Rational frame_rate;
  Rational sample_aspect{1, 1};
  int max_held_frames = 0;                    // input frames the back end keeps a reference to after encode() returns
  std::uint64_t memory_bytes = 0;             // estimate of what the back end allocates at its peak
  std::map<std::string, std::string> native;  // the back end's own names and values, for the report
  std::vector<std::string> notes;             // what the settings leave to chance, in sentences, for the plan's notes
};

}  // namespace jinsha
