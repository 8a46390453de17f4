// Writers of uncompressed pictures: which one, bare planes, and nothing.
#include <memory>

#include "mux/muxer.h"
#include "mux/planes.h"
#include "mux/png_writer.h"
#include "mux/y4m_writer.h"

namespace jinsha {
namespace {

// Planes one after another without padding, samples deeper than 8 bits as 16-bit little-endian words.
class RawWriter final : public FrameWriter {
 public:
  RawWriter(const VideoStreamInfo& video, ByteSink& sink) : video_(video), sink_(sink) {}
  Status write(const Frame& frame) override {
    JINSHA_TRY(check_frame(frame, video_));
    return write_planes(frame, sink_);
  }
  Status finish() override { return {}; }

 private:
  const VideoStreamInfo video_;
  ByteSink& sink_;
};

class NullWriter final : public FrameWriter {
 public:
  Status write(const Frame&) override { return {}; }
  Status finish() override { return {}; }
};

}  // namespace

Result<std::unique_ptr<FrameWriter>> open_frame_writer(const FrameWriterConfig& config, ByteSink& sink) {
  switch (config.kind) {
    case ContainerKind::kY4m: return open_y4m_writer(config.video, sink);
    case ContainerKind::kPng: return open_png_writer(config, sink);
    case ContainerKind::kRawFrames:
      return std::unique_ptr<FrameWriter>(std::make_unique<RawWriter>(config.video, sink));
    case ContainerKind::kNull: return std::unique_ptr<FrameWriter>(std::make_unique<NullWriter>());
    case ContainerKind::kMpegTs:
    case ContainerKind::kFragmentedMp4:
    case ContainerKind::kByteStream:
    case ContainerKind::kObu:
    case ContainerKind::kIvf: break;
  }
  return make_error(ErrorCode::kInternal, "{} takes packets, not pictures", container_row(config.kind).format_name);
}

}  // namespace jinsha
