#include "verify/video_reader.h"

#include "verify/av1_reader.h"
#include "verify/avc_reader.h"
#include "verify/hevc_reader.h"

namespace jinsha::verify {
namespace {

// A codec that is not looked into: its access units are counted.
class OpaqueReader final : public VideoReader {
 public:
  explicit OpaqueReader(VideoLog& log) : log_(log) {}
  void open_unit(const UnitStart& start) override {
    finish();
    any_ = true;
    unit_ = AccessUnit{};
    unit_.byte = start.byte;
    unit_.pts = start.pts;
    unit_.dts = start.dts;
    unit_.order = static_cast<std::int32_t>(log_.unit_count & 0x7FFFFFFF);
  }
  void data(ByteView bytes, std::int64_t) override { unit_.bytes += static_cast<std::int64_t>(bytes.size()); }
  void finish() override {
    if (any_) log_.add_unit(unit_);
    any_ = false;
  }
  void configuration(ByteView, std::int64_t) override {}

 private:
  VideoLog& log_;
  AccessUnit unit_;
  bool any_ = false;
};

}  // namespace

std::unique_ptr<VideoReader> make_video_reader(Codec codec, Framing framing, unsigned length_bytes, VideoLog& log) {
  if (framing == Framing::kOpaque) return std::make_unique<OpaqueReader>(log);
  if (codec == Codec::kAv1) return std::make_unique<Av1Reader>(framing == Framing::kObuStream, log);
  if (codec == Codec::kAvc) return std::make_unique<AvcReader>(framing, length_bytes, log);
  return std::make_unique<HevcReader>(framing, length_bytes, log);
}

}  // namespace jinsha::verify
