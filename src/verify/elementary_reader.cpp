// Elementary streams: an HEVC or AVC byte stream (ITU-T H.265, H.264 Annex B) or AV1 OBUs behind temporal
// delimiters (AV1 5.2, low-overhead format). Neither carries timestamps.
#include "verify/stream_log.h"
#include "verify/video_reader.h"

namespace jinsha::verify {
namespace {

class ElementaryReader final : public ContainerReader {
 public:
  ElementaryReader(Codec codec, StreamLog& log) {
    const bool bytes = codec == Codec::kHevc || codec == Codec::kAvc;
    const bool av1 = codec == Codec::kAv1;
    log.container = bytes ? name_of(codec) : av1 ? "obu" : "elementary stream";
    log.has_video = true;
    log.video_streams = 1;
    log.video.codec = codec;
    log.video.timed = false;
    video_ = make_video_reader(codec,
                               bytes ? Framing::kByteStream
                               : av1 ? Framing::kObuStream
                                     : Framing::kOpaque,
                               4, log.video);
  }
  void feed(ByteView bytes) override {
    video_->data(bytes, byte_);
    byte_ += static_cast<std::int64_t>(bytes.size());
  }
  void finish() override { video_->finish(); }

 private:
  std::unique_ptr<VideoReader> video_;
  std::int64_t byte_ = 0;
};

}  // namespace

std::unique_ptr<ContainerReader> make_elementary_reader(Codec codec, StreamLog& log) {
  return std::make_unique<ElementaryReader>(codec, log);
}

}  // namespace jinsha::verify
