// JobSpec: what the user asks for. Plain values with their defaults; filled option by option
// (options.h) and turned into a Plan (planner.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "image/image_plan.h"
#include "input/source.h"
#include "job/plan.h"
#include "media/coding.h"

namespace jinsha {

// A point of the source: a time or `#frame`.
struct SourcePoint {
  bool is_frame = false;
  std::int64_t frame = 0;
  double seconds = 0;
};

// A key frame distance: frames or seconds.
struct GopLength {
  std::int64_t frames = 0;
  double seconds = 0;  // used when frames is 0
};

struct ColorOverride {
  std::optional<Primaries> primaries;
  std::optional<Transfer> transfer;
  std::optional<Matrix> matrix;
  std::optional<Range> range;
  std::optional<ChromaLocation> chroma_location;
};

enum class ProgressStyle { kAuto, kTty, kJson, kNone };

// One --audio: what becomes of a source track, or of all of them.
struct AudioRequest {
  enum class Kind { kAuto, kCopy, kEncode, kNone, kSilence };
  Kind kind = Kind::kAuto;
  std::string codec;                    // kEncode
  std::int64_t bitrate_bits_per_s = 0;  // 0: the codec's default
  int track = 0;                        // 1-based; 0: all
};

struct JobSpec {
  std::string preset;  // its options are in here already (settings.h)

  // Files
  std::string input;
  std::string output;
  std::string format;
  bool overwrite = false;
  std::optional<RawFormat> input_format;

  // Encoder
  std::string encoder;
  std::optional<Codec> codec;
  std::string speed;
  std::string tune;
  std::string profile;
  std::vector<std::pair<std::string, std::string>> encoder_params;
  std::int64_t bitrate_bits_per_s = 0;
  std::int64_t maxrate_bits_per_s = 0;
  std::int64_t bufsize_bits = 0;
  std::optional<double> crf;
  std::optional<int> qp;
  bool cbr = false;
  int passes = 1;
  std::optional<GopLength> gop;
  std::string level;
  std::optional<Tier> tier;
  std::vector<SourcePoint> keyframes;

  // Picture
  int width = 0;
  int height = 0;
  Fit fit = Fit::kPad;
  ScaleFilter scale_filter = ScaleFilter::kLanczos;
  std::optional<Rectangle> crop;
  bool crop_auto = false;    // `crop` is to be found in the pictures (auto_crop.h)
  Rational frame_rate = {};  // valid: see SourceSpec
  Deinterlace deinterlace = Deinterlace::kAuto;
  DecoderChoice decoder = DecoderChoice::kAuto;
  int video_track = 0;  // from 1; 0: the container's choice
  int program = 0;      // service id; 0: the container's choice
  ColorOverride input_color;
  ColorOverride output_color;
  int depth = 0;
  std::optional<Chroma> chroma;
  ToneMap tone_map = ToneMap::kAuto;
  ToneMapOn tone_map_on = ToneMapOn::kMaxRgb;
  GamutMap gamut = GamutMap::kClip;
  std::string lut;  // a .cube file
  LutPlace lut_place = LutPlace::kConversion;
  DitherMode dither = DitherMode::kAuto;
  std::optional<double> source_peak_nits;
  bool source_peak_measured = false;          // `scenes` are to be found in the pictures (light_scan.h)
  std::vector<SceneLight> scenes;             // empty: not measured
  bool measure_first = false;                 // `content_light` is to be found in the pictures of the output
  std::optional<ContentLight> content_light;  // empty: not measured
  std::optional<double> target_peak_nits;
  bool keep_hdr_metadata = true;

  // Audio
  std::vector<AudioRequest> audio;           // empty: kAuto
  std::vector<std::string> audio_languages;  // empty: every track

  // Container
  std::int64_t muxrate_bits_per_s = 0;
  std::string service_name = "Jinsha";
  std::string service_provider = "Jinsha";
  int service_id = 1;
  int pmt_pid = 0x1000;
  int first_es_pid = 0x100;
  double fragment_s = 2.0;

  // What part
  std::optional<SourcePoint> range_start;
  std::optional<SourcePoint> range_end;
  std::int64_t frames = 0;

  // Running
  int threads = 0;
  std::string device = "auto";
  std::uint64_t max_memory_bytes = 0;
  bool strict = false;
  bool dry_run = false;
  std::string report;
  ProgressStyle progress = ProgressStyle::kAuto;
  int verbosity = 0;  // -1 quiet, 0 normal, 1 verbose
  std::string log_file;
};

}  // namespace jinsha
