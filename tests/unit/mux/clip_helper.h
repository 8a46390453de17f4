// Small coded clips, made with libavcodec, and sinks that keep or refuse bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "media/packet.h"
#include "media/stream_info.h"
#include "mux/muxer.h"

namespace jinsha::test {

struct VideoClip {
  VideoStreamInfo info;
  std::vector<Packet> packets;  // decode order, pts in frames, dts from -reorder_frames
};

struct ClipRequest {
  Codec codec = Codec::kHevc;
  int frames = 30;
  Rational frame_rate{50, 1};
  int gop_frames = 12;
  int b_frames = 3;
  int bitrate_bits_per_s = 0;  // with a one-second buffer; 0: constant quality
  bool hdr10 = false;
};
// A moving 192x128 10-bit picture. HEVC and H.264 with AUD and parameter sets at every IDR.
VideoClip make_video(const ClipRequest& request);

struct AudioClip {
  AudioStreamInfo info;
  std::vector<Packet> packets;  // stream 1, time base 1/sample_rate
};
// A tone, 48 kHz stereo. The first packet's pts is what the encoder gives it (AAC: -1024).
AudioClip make_audio(const std::string& codec, double seconds);

class MemorySink final : public ByteSink {
 public:
  Status write(std::span<const std::uint8_t> piece) override {
    bytes.insert(bytes.end(), piece.begin(), piece.end());
    return {};
  }
  std::vector<std::uint8_t> bytes;
};

// Takes `limit` bytes, then says that the disk is full.
class FullSink final : public ByteSink {
 public:
  explicit FullSink(std::size_t limit) : left_(limit) {}
  Status write(std::span<const std::uint8_t> piece) override;

 private:
  std::size_t left_;
};

MuxConfig config_for(ContainerKind kind, const VideoClip& video);
MuxConfig config_for(ContainerKind kind, const VideoClip& video, const AudioClip& audio);

// Opens, writes everything (audio interleaved as a demuxer would, the video later by an encoder's
// delay) and finishes. The first error, where there is one.
Status mux(const MuxConfig& config, const std::vector<Packet>& video, const std::vector<Packet>& audio, ByteSink& sink);
// The same into memory; a failure fails the test.
std::vector<std::uint8_t> mux_to_memory(const MuxConfig& config, const std::vector<Packet>& video,
                                        const std::vector<Packet>& audio = {});

// A file of this content that lives as long as the object.
class TempFile {
 public:
  TempFile(const std::string& name, const std::vector<std::uint8_t>& bytes);
  ~TempFile();
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace jinsha::test
