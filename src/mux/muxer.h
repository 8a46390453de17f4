// Muxer: coded packets of several streams in, the bytes of a container out.
// FrameWriter: uncompressed pictures in, bytes out. Both write through a ByteSink.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "media/container.h"
#include "media/frame.h"
#include "media/packet.h"
#include "media/stream_info.h"

namespace jinsha {

// Where finished bytes go: a file, a pipe, memory. Called in order, from one thread.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual Status write(std::span<const std::uint8_t> bytes) = 0;
  // After the last byte: what was buffered is out, a file is on the disk. Called by the sink's owner.
  virtual Status finish() { return {}; }
};

// Takes the bytes of an output that is not kept.
class NullSink final : public ByteSink {
 public:
  Status write(std::span<const std::uint8_t>) override { return {}; }
};

// One row per kind: name for --format, extensions, which codecs it carries. See muxer.cpp.
struct ContainerRow {
  ContainerKind kind;
  const char* format_name;              // --format value, e.g. "mpegts"
  std::vector<std::string> extensions;  // with the dot
  std::vector<Codec> codecs;            // empty: uncompressed frames
  bool audio;                           // can carry audio
  bool coded;                           // packets go in (else frames)
};
std::span<const ContainerRow> container_table();
const ContainerRow& container_row(ContainerKind kind);

struct MuxConfig {
  ContainerKind kind = ContainerKind::kMpegTs;
  std::vector<StreamInfo> streams;  // 0 is the video, its headers set; sound follows, then data
  // MPEG-TS
  std::int64_t muxrate_bits_per_s = 0;  // 0: variable rate
  // Cap and buffer of the video, where it has them: how long before its DTS the first byte of an
  // access unit must be sent when muxrate is given.
  std::int64_t video_maxrate_bits_per_s = 0;
  std::int64_t video_bufsize_bits = 0;
  std::string service_name = "Jinsha";
  std::string service_provider = "Jinsha";
  int service_id = 1;
  int pmt_pid = 0x1000;
  int first_es_pid = 0x100;  // video; audio follows
  int transport_stream_id = 1;
  // Fragmented MP4: a fragment starts at the first key frame after this long.
  double fragment_s = 2.0;
};

class Muxer {
 public:
  virtual ~Muxer() = default;
  // Packets of one stream come in decode order; the muxer interleaves. Time bases as in `streams`.
  virtual Status write(Packet packet) = 0;
  virtual Status finish() = 0;
};

// Whether and why not an audio codec (libavcodec's name) may be copied into `kind`.
Status audio_can_be_carried(ContainerKind kind, const AudioStreamInfo& audio);
// Same for video, e.g. AV1 into MPEG-TS is refused with its reason.
Status video_can_be_carried(ContainerKind kind, Codec codec);

// The clock of a stream without a fixed mux rate goes with its pictures; below this many a second it comes too
// seldom (ISO/IEC 13818-1 2.7.2: every 100 ms).
inline constexpr int kLeastTsPictures = 10;

// What open_muxer would refuse about `config`, for the planner; does not need the streams' headers.
Status check_mux_config(const MuxConfig& config);

// `sink` outlives the muxer. Header bytes may be written at once or with the first packets.
Result<std::unique_ptr<Muxer>> open_muxer(const MuxConfig& config, ByteSink& sink, const Log& log);

// Uncompressed output: y4m, raw planes, PNG (16 bit RGB, one file a frame), nothing.
class FrameWriter {
 public:
  virtual ~FrameWriter() = default;
  virtual Status write(const Frame& frame) = 0;
  virtual Status finish() = 0;
};
struct FrameWriterConfig {
  ContainerKind kind = ContainerKind::kY4m;
  VideoStreamInfo video = {};
  // PNG: gives the sink of each frame, counted from 0; the writer finishes it. Empty: the output is
  // one file, into which one frame fits.
  std::function<Result<std::unique_ptr<ByteSink>>(std::int64_t)> open_file = {};
};
Result<std::unique_ptr<FrameWriter>> open_frame_writer(const FrameWriterConfig& config, ByteSink& sink);

}  // namespace jinsha
