// Source: where pictures and coded audio come from. One row of kSources (source.cpp) a kind.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "input/input_reader.h"
#include "media/item.h"

namespace jinsha {

// Size, format and rate of input without a header: `--input-format PIXFMT:WxH@FPS`.
struct RawFormat {
  std::string pixel_format;  // FFmpeg's name, e.g. "yuv420p10le", "p010le"
  int width = 0;
  int height = 0;
  Rational frame_rate;
};

// What becomes of interlaced pictures. kAuto: a whole picture from each field (1080i25 gives 50 pictures a
// second) where the pictures are interlaced; kField, kFrame: the same, or one from each pair, whatever they
// say of themselves; kOff: passed on with both fields woven.
enum class Deinterlace { kAuto, kField, kFrame, kOff };

// What decodes the pictures. kAuto: libavcodec's software decoders. kCuda: NVDEC, the decoder engine of an NVIDIA
// device; refused where there is none, or where it does not decode this kind of picture.
enum class DecoderChoice { kAuto, kCuda };

struct SourceSpec {
  // A path, opened literally whatever characters it has; "-" is standard input.
  std::string path;
  std::shared_ptr<const InputReader> reader = {};  // set: the bytes come from here, `path` is only a name
  std::optional<RawFormat> raw = {};               // set: `path` holds bare frames of this format
  int threads = 1;                                 // for decoding
  bool use_audio = true;                           // false: audio streams are listed but not delivered
  // Valid: the constant rate to put frames on whose times vary or are not known; else it is chosen. Refused
  // where the source has another constant rate.
  Rational frame_rate = {};
  Deinterlace deinterlace = Deinterlace::kAuto;
  DecoderChoice decoder = DecoderChoice::kAuto;
  int video_track = 0;      // from 1 among the video tracks (of the program); 0: the container's choice
  int program = 0;          // program_number; 0: that of the video chosen
  bool copy_video = false;  // the coded pictures themselves are delivered, as Packets (copy_source.h)
};

// Where one colour property was read. When container and bitstream disagree the bitstream wins and
// SourceVideo::conflicts says so.
struct SourceVideo {
  Codec codec = Codec::kUnknown;
  std::string codec_name;  // libavcodec's
  std::string profile;     // for people
  int width = 0;
  int height = 0;
  PixelFormat format;          // of the frames delivered
  std::string coded_format;    // FFmpeg's name of the decoder's own format
  Rational frame_rate;         // constant rate the frames are put on
  bool variable_rate = false;  // the source's own timestamps are not on that grid
  Rational sample_aspect{1, 1};
  bool interlaced = false;         // as coded
  Rational packet_time_base = {};  // of coded pictures, where those are delivered
  // To be applied for display: clockwise by 0, 90, 180 or 270 degrees, then mirrored left to right.
  int rotation_degrees = 0;
  bool mirrored = false;
  ColorInfo color;  // as found, kUnspecified where nothing says
  HdrMetadata hdr;
  std::vector<std::string>
      dynamic_metadata;  // found in the first frames: "HDR10+", "Dolby Vision RPU", "HDR Vivid", "CEA-608/708 captions"
  std::vector<std::string> conflicts;  // sentences
  std::int64_t frame_count = 0;        // 0: unknown; exact when exact_frame_count, else an estimate
  bool exact_frame_count = false;
};

struct SourceAudio {
  AudioStreamInfo info;
  int source_index = 0;  // in the container
  bool default_track = false;
};

// Subtitles or data that are delivered as they are.
struct SourceData {
  DataStreamInfo info;
  int source_index = 0;  // in the container
};

// A stream that is not delivered: other subtitles and data, timecode, other video.
struct SourceOther {
  int source_index = 0;
  std::string kind;   // "subtitle", "data", "video", "attachment", "timecode" of pictures that are files
  std::string codec;  // of a timecode: the first picture's
};

struct SourceInfo {
  std::string path;
  std::string container;  // "mov,mp4,...", "mpegts", "y4m", "raw", "image sequence", "image", "generator"
  double duration_s = 0;  // 0: unknown
  SourceVideo video;
  std::vector<SourceAudio> audio;
  std::vector<SourceData> data;
  std::vector<SourceOther> other;
  std::vector<std::string> warnings;   // sentences about damage or oddities found while probing
  std::vector<std::string> losses;     // what of the pictures is not delivered: alpha, fields left woven
  std::vector<std::string> converted;  // what was made of them on the way: fields to pictures, sample layouts
};

// Damage and cadence met while reading; final after EndOfStream.
struct SourceCounters {
  std::int64_t frames_decoded = 0;
  std::int64_t frames_delivered = 0;     // after cadence: decoded - dropped + repeated
  std::int64_t frames_concealed = 0;     // delivered although the decoder reported errors in them
  std::int64_t frames_undecodable = 0;   // packets the decoder refused
  std::int64_t packets_corrupt = 0;      // flagged or refused by the demuxer
  std::int64_t frames_repeated = 0;      // put in to keep a constant rate
  std::int64_t frames_dropped = 0;       // left out to keep a constant rate
  std::int64_t timestamp_jumps = 0;      // closed up
  std::int64_t frames_captioned = 0;     // delivered with captions
  std::int64_t frames_before_key = 0;    // undecodable pictures before the first random access point
  std::string first_damage;              // a sentence: what and at which time
  std::vector<std::string> late_losses;  // sentences: what began after the pictures looked at for the plan
};

class Source {
 public:
  virtual ~Source() = default;

  virtual const SourceInfo& info() const = 0;

  // Layout of the frames delivered and how many of them the source itself may hold on to (reference
  // pictures, frame threads). Sizes the pool.
  virtual FrameLayout layout() const = 0;
  virtual int max_held_frames() const = 0;
  // What the source allocates besides the pool, bytes.
  virtual std::uint64_t memory_bytes() const = 0;

  // Sound that ends at most so many seconds before the first picture is delivered as well, with
  // negative times: for tracks that are decoded. Called before start(), if at all.
  virtual void keep_sound_before(double /*seconds*/) {}

  // For looking in: delivery will begin near this time, at a key frame, and pictures are counted from there. False
  // where the container cannot be searched: start() with the picture's number then. Called before start(), if at all.
  virtual bool seek_near(double /*seconds*/) { return false; }

  // Begins delivery into frames of `pool` (block size >= layout().bytes), which the source waits on.
  // Only frames in [first, first + count) are delivered, count 0: to the end; audio is cut to the
  // same span. Called once, before next().
  virtual Status start(FramePool pool, std::stop_token stop, std::int64_t first_frame, std::int64_t frame_count) = 0;

  // The next Frame (pts = index from 0 in 1/frame_rate ticks, no gaps), Packet (audio: stream = 1 +
  // its index in info().audio, time base of that stream, zero = time of the first frame; info().data
  // counts on from there) or EndOfStream. Damage is survived and counted; kInput when no picture could be decoded at
  // all or reading fails for good; kInterrupted when stopped. One thread.
  virtual Result<Item> next() = 0;

  virtual const SourceCounters& counters() const = 0;
};

// "FFmpeg 5.1.6 (libavcodec 59.37.100)": what demultiplexes and decodes here.
std::string decoder_version();

// Opens and probes. kInput with what, where and what to do when the input cannot be used.
// Numbered pictures: path "shot.%06d.dpx[@RATE]" where there is no file of exactly this name (sequence_name.h).
// Generated pictures: path "generate:SIZE[@FPS][,frames=N][,color=pq|hlg|sdr][,seed=N][,depth=10]".
Result<std::unique_ptr<Source>> open_source(const SourceSpec& spec, const Log& log);

}  // namespace jinsha
