#include "mux/y4m_writer.h"

#include <string_view>
#include <utility>

#include "mux/planes.h"

namespace jinsha {
namespace {

// The C tag as mjpegtools, FFmpeg and x265 know it. Siting is told apart only for 8-bit 4:2:0;
// deeper formats have one tag, which readers take as left.
std::string chroma_tag(const VideoStreamInfo& video) {
  const int depth = video.format.depth;
  const std::string suffix = depth > 8 ? fmt::format("p{0}", depth) : "";
  switch (video.format.chroma) {
    case Chroma::k400: return depth > 8 ? fmt::format("mono{}", depth) : "mono";
    case Chroma::k422: return "422" + suffix;
    case Chroma::k444: return "444" + suffix;
    case Chroma::k420: break;
  }
  if (depth > 8) return "420" + suffix;
  switch (video.color.chroma_location) {
    case ChromaLocation::kCenter: return "420jpeg";
    case ChromaLocation::kTopLeft: return "420paldv";
    default: return "420mpeg2";
  }
}

class Y4mWriter final : public FrameWriter {
 public:
  Y4mWriter(const VideoStreamInfo& video, std::string header, ByteSink& sink)
      : video_(video), header_(std::move(header)), sink_(sink) {}

  Status write(const Frame& frame) override {
    JINSHA_TRY(check_frame(frame, video_));
    JINSHA_TRY(write_header());
    JINSHA_TRY(text("FRAME\n"));
    return write_planes(frame, sink_);
  }

  Status finish() override { return write_header(); }

 private:
  Status write_header() { return text(std::exchange(header_, std::string())); }
  Status text(std::string_view line) {
    if (line.empty()) return {};
    return sink_.write({reinterpret_cast<const std::uint8_t*>(line.data()), line.size()});
  }

  const VideoStreamInfo video_;
  std::string header_;  // empty once written
  ByteSink& sink_;
};

}  // namespace

Result<std::string> y4m_header(const VideoStreamInfo& video) {
  const int depth = video.format.depth;
  const bool grey = video.format.chroma == Chroma::k400;
  if (depth != 8 && depth != 10 && depth != 12 && depth != 16 && (grey || (depth != 9 && depth != 14))) {
    return make_error(ErrorCode::kNotPossible, "y4m has no name for {}; choose --depth 8, 10, 12 or 16",
                      describe(video.format));
  }
  if (!video.frame_rate.valid()) return make_error(ErrorCode::kNotPossible, "y4m needs a frame rate; give --fps");
  const Rational rate = video.frame_rate.reduced();
  const Rational aspect = video.sample_aspect.valid() ? video.sample_aspect.reduced() : Rational{0, 0};
  std::string header = fmt::format("YUV4MPEG2 W{} H{} F{}:{} Ip A{}:{} C{}", video.width, video.height, rate.num,
                                   rate.den, aspect.num, aspect.den, chroma_tag(video));
  if (video.color.range == Range::kLimited) header += " XCOLORRANGE=LIMITED";
  if (video.color.range == Range::kFull) header += " XCOLORRANGE=FULL";
  return header + "\n";
}

Result<std::unique_ptr<FrameWriter>> open_y4m_writer(const VideoStreamInfo& video, ByteSink& sink) {
  JINSHA_ASSIGN(std::string header, y4m_header(video));
  return std::unique_ptr<FrameWriter>(std::make_unique<Y4mWriter>(video, std::move(header), sink));
}

}  // namespace jinsha
