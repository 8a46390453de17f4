// LavfDemux: a container opened by libavformat: its streams chosen, its packets in order.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "input/lavf_io.h"
#include "input/source.h"
#include "libav/handles.h"

struct AVStream;

namespace jinsha {

class LavfDemux {
 public:
  // kInput when it is no known container or has no video; kUsage when it lacks the track or program asked for.
  static Result<std::unique_ptr<LavfDemux>> open(InputFile file, const SourceSpec& spec);

  const std::string& name() const { return io_.file().name(); }
  const LavfIo& io() const { return io_; }
  AVFormatContext* context() const { return context_.get(); }
  AVStream* video() const { return video_; }
  // Tracks that belong to the video: of its program where there are programs.
  const std::vector<AVStream*>& audio() const { return audio_; }
  // Subtitles and data of the same program that can pass as they are.
  const std::vector<AVStream*>& data() const { return data_; }
  const std::vector<SourceOther>& other() const { return other_; }
  // What the container itself said before libavformat looked into the bitstream.
  const ColorInfo& container_color() const { return container_color_; }
  const HdrMetadata& container_hdr() const { return container_hdr_; }
  // False for elementary streams, whose times libavformat makes up.
  bool has_timestamps() const;
  // A format whose clock may jump in mid-stream: MPEG-TS and the like.
  bool clock_may_jump() const;

  void bind(std::stop_token stop) { io_.bind(std::move(stop)); }
  // Packets of streams that are neither the video, wanted audio nor data are not read.
  void select(bool with_audio);

  // The next packet of a selected stream; null at the end. kInterrupted, kInput when reading fails for good.
  Result<libav::PacketPtr> read();
  // Goes on with the last key frame of the video before this time of the file, from its beginning. False, and nothing
  // changed, where that cannot be.
  bool seek_near(double seconds);
  // `packet` will be read again before what the file goes on with.
  void unread(libav::PacketPtr packet) { again_.push_back(std::move(packet)); }

  std::int64_t read_failures() const { return read_failures_; }  // places the demuxer could not make sense of

 private:
  explicit LavfDemux(InputFile file) : io_(std::move(file)) {}
  Status open_container(const SourceSpec& spec);
  // Index of the video stream to use, -1: none.
  Result<int> choose_video(const SourceSpec& spec);
  int find_stream_info();
  Status choose_streams();
  void mend_time(AVPacket& packet, const AVStream& stream) const;

  LavfIo io_;
  libav::InputPtr context_;  // closed before io_ goes
  AVStream* video_ = nullptr;
  std::vector<AVStream*> audio_;
  std::vector<AVStream*> data_;
  std::vector<SourceOther> other_;
  ColorInfo container_color_;
  HdrMetadata container_hdr_;
  std::deque<libav::PacketPtr> again_;
  std::optional<std::int64_t> last_dts_;  // of the video
  std::int64_t read_failures_ = 0;
};

}  // namespace jinsha
