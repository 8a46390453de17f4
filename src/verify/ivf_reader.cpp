// IVF: a 32-byte header, then frames behind their size and timestamp.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "verify/stream_log.h"
#include "verify/video_reader.h"

namespace jinsha::verify {
namespace {

constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kFrameHeaderBytes = 12;
constexpr std::int64_t kMaxFrame = std::int64_t{512} << 20;

class IvfReader final : public ContainerReader {
 public:
  explicit IvfReader(StreamLog& log) : log_(log), ivf_(log.ivf.emplace()) { log.container = "ivf"; }

  void feed(ByteView bytes) override {
    while (!bytes.empty() && !lost_) {
      if (left_ > 0) {
        const auto take =
            static_cast<std::size_t>(std::min<std::int64_t>(left_, static_cast<std::int64_t>(bytes.size())));
        video_->data(bytes.subspan(0, take), byte_);
        left_ -= static_cast<std::int64_t>(take);
        advance(bytes, take);
        continue;
      }
      const std::size_t need = video_ ? kFrameHeaderBytes : kHeaderBytes;
      const std::size_t take = std::min(need - header_size_, bytes.size());
      std::copy_n(bytes.begin(), take, header_.begin() + static_cast<std::ptrdiff_t>(header_size_));
      header_size_ += take;
      advance(bytes, take);
      if (header_size_ < need) continue;
      header_size_ = 0;
      if (video_) {
        frame();
      } else {
        header();
      }
    }
  }

  void finish() override {
    if (!video_) {
      damage("no header");
      return;
    }
    if (left_ > 0 || header_size_ > 0) damage("a last frame that is cut short");
    video_->finish();
    // Writers that cannot seek leave the count at 0 or at the largest value.
    const std::int64_t declared = ivf_.declared_frames;
    if (!lost_ && declared != 0 && declared != 0xFFFFFFFF && declared != frames_) {
      damage(fmt::format("a header that declares {} frames before {} of them", declared, frames_));
    }
  }

 private:
  void advance(ByteView& bytes, std::size_t count) {
    bytes = bytes.subspan(count);
    byte_ += static_cast<std::int64_t>(count);
  }
  void damage(std::string found) {
    log_.findings.fail(Property::kContainer, "an IVF file without errors", std::move(found), Place{-1, byte_});
  }
  void header() {
    const ByteView bytes = header_;
    if (std::string(header_.begin(), header_.begin() + 4) != "DKIF" || le16(bytes.subspan(6)) != kHeaderBytes) {
      damage("a wrong header");
      lost_ = true;
      return;
    }
    ivf_.fourcc.assign(header_.begin() + 8, header_.begin() + 12);
    ivf_.width = static_cast<int>(le16(bytes.subspan(12)));
    ivf_.height = static_cast<int>(le16(bytes.subspan(14)));
    const Rational rate{le32(bytes.subspan(16)), le32(bytes.subspan(20))};
    if (rate.valid()) {
      ivf_.frame_rate = rate.reduced();
      log_.video.time_base = rate.inverse();
    } else {
      damage("a time base of zero");
    }
    ivf_.declared_frames = le32(bytes.subspan(24));
    const bool av1 = ivf_.fourcc == "AV01";
    log_.has_video = true;
    log_.video_streams = 1;
    log_.video.codec = av1 ? Codec::kAv1 : ivf_.fourcc == "VP90" ? Codec::kVp9 : Codec::kOther;
    video_ = make_video_reader(log_.video.codec, av1 ? Framing::kObuUnits : Framing::kOpaque, 4, log_.video);
  }
  void frame() {
    const ByteView bytes = header_;
    left_ = le32(bytes);
    const std::uint64_t raw = le64(bytes.subspan(4));
    const std::int64_t pts = raw < kMaxTime ? static_cast<std::int64_t>(raw) : kNoTime;
    if (left_ > kMaxFrame) {
      damage(fmt::format("a frame of {} bytes", left_));
      left_ = 0;
      lost_ = true;
      return;
    }
    ++frames_;
    video_->open_unit({pts, pts, byte_, std::nullopt});
  }

  StreamLog& log_;
  IvfLog& ivf_;
  std::unique_ptr<VideoReader> video_;
  std::array<std::uint8_t, kHeaderBytes> header_{};
  std::size_t header_size_ = 0;
  std::int64_t left_ = 0;
  std::int64_t frames_ = 0;
  std::int64_t byte_ = 0;
  bool lost_ = false;
};

}  // namespace

std::unique_ptr<ContainerReader> make_ivf_reader(StreamLog& log) { return std::make_unique<IvfReader>(log); }

}  // namespace jinsha::verify
