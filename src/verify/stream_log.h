// StreamLog: everything that was seen of an output, filled by a ContainerReader and judged at the
// end by check_streams() and its kin.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "media/container.h"
#include "verify/bit_reader.h"
#include "verify/findings.h"
#include "verify/video_log.h"

namespace jinsha::verify {

// A list that stops growing at its limit.
template <typename T, std::size_t kLimit>
class Limited {
 public:
  void push(T value) {
    if (items_.size() < kLimit) {
      items_.push_back(std::move(value));
    } else {
      full_ = true;
    }
  }
  const std::vector<T>& items() const { return items_; }
  bool full() const { return full_; }

 private:
  std::vector<T> items_;
  bool full_ = false;
};

struct AudioLog {
  std::string codec;  // libavcodec's name: "aac", "ac3" ...
  int id = 0;         // PID or track id
  std::string language;
  int sample_rate = 0;
  int channels = 0;
  Rational time_base{1, 90'000};
  std::int64_t packets = 0;
  std::int64_t bytes = 0;
  std::int64_t first_pts = kNoTime;
  std::int64_t last_pts = kNoTime;
  std::int64_t last_duration = 0;
  Tally untimed;    // packets or PES without a timestamp
  Tally backwards;  // timestamps that do not increase
  Tally gaps;       // more than one packet
  std::string first_gap;
  Tally damaged;
  std::string first_damage;
};

// Subtitles or data in PES packets.
struct DataLog {
  std::string codec;  // libavcodec's name: "dvb_teletext" ...
  int id = 0;         // PID
  std::string language;
  std::int64_t packets = 0;
  std::int64_t first_pts = kNoTime;
  std::int64_t last_pts = kNoTime;
  Tally untimed;
  Tally backwards;
};

struct PcrSample {
  std::int64_t byte = 0;
  std::int64_t pcr = 0;  // 27 MHz, unwrapped
  bool discontinuity = false;
};

// MPEG-TS, ISO/IEC 13818-1.
struct TsLog {
  static constexpr std::size_t kMaxPcrs = std::size_t{1} << 22;
  static constexpr std::size_t kMaxTables = std::size_t{1} << 20;

  int stride = 188;
  std::int64_t packets = 0;
  std::int64_t null_packets = 0;
  std::int64_t programs = 0;
  int transport_stream_id = -1;
  int service_id = -1;      // of the PAT
  int sdt_service_id = -1;  // -1: no SDT describes the service
  int pmt_pid = -1;
  int pcr_pid = -1;
  int video_pid = -1;
  std::optional<std::string> service_name;
  std::optional<std::string> service_provider;
  Tally tables_changed;
  Limited<PcrSample, kMaxPcrs> pcrs;
  Limited<std::int64_t, kMaxTables> pats, pmts, sdts;  // bytes of the file where they end
};

// ISO/IEC 14496-12. What a sample entry's boxes say; empty where a box is missing.
struct Mp4Track {
  std::uint32_t id = 0;
  std::string handler;  // "vide", "soun"
  std::string entry;    // "hvc1"
  std::string language;
  std::uint32_t timescale = 0;
  std::int64_t width = 0, height = 0;              // of the sample entry
  std::int64_t track_width = 0, track_height = 0;  // of tkhd, whole pixels
  std::optional<ColorInfo> colr;
  bool colr_icc = false;
  std::optional<MasteringDisplay> mdcv;
  std::optional<ContentLight> clli;
  std::optional<Rational> pasp;
  std::optional<SequenceInfo> configuration;  // hvcC or av1C: profile, level, tier, format
  std::int64_t configuration_byte = -1;
  int configuration_sets = 0;  // bit 0 VPS, 1 SPS, 2 PPS in hvcC; bit 1 sequence header in av1C
  int sample_rate = 0, channels = 0;
  std::int64_t media_start = 0;                                             // edit list media_time, media timescale
  std::int64_t empty_edit = 0;                                              // movie timescale, before the media starts
  std::uint64_t declared_duration = 0;                                      // mdhd, media timescale; 0: not declared
  std::uint32_t default_duration = 0, default_size = 0, default_flags = 0;  // trex
  std::int64_t stts_samples = 0;                                            // unfragmented
  std::int64_t stss_samples = -1;
};
struct Mp4Log {
  std::string brand;
  std::uint32_t timescale = 0;
  std::uint64_t movie_duration = 0;     // mvhd, 0: not declared
  std::uint64_t fragment_duration = 0;  // mehd
  bool fragmented = false;
  std::int64_t fragments = 0;
  std::vector<Mp4Track> tracks;
  int video_track = -1;              // index into tracks
  std::uint32_t video_duration = 0;  // of the first video sample, media timescale
  bool unread_samples = false;       // media data came before its description
};

struct IvfLog {
  std::string fourcc;
  int width = 0, height = 0;
  Rational frame_rate{0, 1};
  std::uint32_t declared_frames = 0;
};

struct StreamLog {
  ContainerKind kind = ContainerKind::kByteStream;
  std::string container = "unknown";
  std::int64_t bytes = 0;
  bool has_video = false;
  int video_streams = 0;
  std::vector<DataLog> data;
  int other_streams = 0;
  VideoLog video;
  std::vector<AudioLog> audio;
  std::optional<TsLog> ts;
  std::optional<Mp4Log> mp4;
  std::optional<IvfLog> ivf;
  Findings findings;
};

// Parses one container as it arrives.
class ContainerReader {
 public:
  virtual ~ContainerReader() = default;
  virtual void feed(ByteView bytes) = 0;
  virtual void finish() = 0;
};
std::unique_ptr<ContainerReader> make_ts_reader(StreamLog& log);
// `moov`: the body of the movie box at `moov_byte`, where it stands behind the media data and is known
// beforehand; else empty.
std::unique_ptr<ContainerReader> make_mp4_reader(StreamLog& log, std::vector<std::uint8_t> moov,
                                                 std::int64_t moov_byte);
std::unique_ptr<ContainerReader> make_ivf_reader(StreamLog& log);
std::unique_ptr<ContainerReader> make_elementary_reader(Codec codec, StreamLog& log);

}  // namespace jinsha::verify
