#include "input/frame_stream.h"

extern "C" {
#include <libavutil/imgutils.h>
}

#include <algorithm>
#include <string_view>

#include "input/unpack.h"

namespace jinsha {
namespace {

constexpr std::string_view kFrameWord = "FRAME";
constexpr std::size_t kBandBytes = std::size_t{1} << 20;

class FrameStream final : public Source {
 public:
  FrameStream(InputFile file, FrameStreamFormat format, const libav::FormatUse& use, std::size_t picture_bytes)
      : file_(std::move(file)),
        format_(std::move(format)),
        use_(use),
        layout_(FrameLayout::packed(use.format, format_.width, format_.height)),
        picture_bytes_(picture_bytes) {
    if (!use_.direct) staging_.resize(picture_bytes_);
    describe();
  }

  const SourceInfo& info() const override { return info_; }
  FrameLayout layout() const override { return layout_; }
  int max_held_frames() const override { return 1; }
  std::uint64_t memory_bytes() const override { return staging_.size(); }
  const SourceCounters& counters() const override { return counters_; }

  Status start(FramePool pool, std::stop_token stop, std::int64_t first_frame, std::int64_t frame_count) override {
    pool_ = std::move(pool);
    stop_ = stop;
    file_.bind(std::move(stop));
    frames_left_ = frame_count > 0 ? frame_count : INT64_MAX;
    return skip_frames(first_frame);
  }

  Result<Item> next() override {
    if (frames_left_ == 0) return end();
    JINSHA_ASSIGN(const bool more, read_frame_line());
    if (!more) return end();
    std::optional<FrameMut> frame = pool_.acquire(stop_);
    if (!frame) return make_error(ErrorCode::kInterrupted, "stopped while reading {}", file_.name());
    frame->set_layout(layout_);
    JINSHA_ASSIGN(const bool complete, use_.direct ? read_planes(*frame) : read_packed(*frame));
    if (!complete) return end();
    frame->info().pts = counters_.frames_delivered;
    frame->info().duration = 1;
    frame->info().color = info_.video.color;
    ++counters_.frames_decoded;
    ++counters_.frames_delivered;
    --frames_left_;
    return Item(std::move(*frame).publish());
  }

 private:
  void describe() {
    SourceVideo& video = info_.video;
    info_.path = file_.name();
    info_.container = format_.container;
    info_.warnings = format_.warnings;
    video.codec = Codec::kRaw;
    video.codec_name = "rawvideo";
    video.width = format_.width;
    video.height = format_.height;
    video.format = use_.format;
    video.coded_format = libav::name_of_format(format_.pixel_format);
    video.frame_rate = format_.frame_rate;
    video.sample_aspect = format_.sample_aspect;
    video.interlaced = format_.interlaced;
    video.color = format_.color;
    if (use_.identity) video.color.matrix = Matrix::kIdentity;
    if (use_.full_range) video.color.range = Range::kFull;
    if (use_.xyz) {
      video.color.primaries = Primaries::kXyz;
      video.color.transfer = Transfer::kDcdm;
    }
    if (use_.drops_alpha) info_.losses.emplace_back("alpha channel");
    if (format_.interlaced)
      info_.losses.emplace_back("interlacing: the pictures are passed on with both fields woven, as they are");
    if (file_.seekable()) {
      const std::uint64_t unit = picture_bytes_ + (format_.framed ? kFrameWord.size() + 1 : 0);
      const std::uint64_t body = file_.size() - format_.header_bytes;
      video.frame_count = static_cast<std::int64_t>(body / unit);
      video.exact_frame_count = body % unit == 0;  // FRAME lines with parameters would not divide evenly
      info_.duration_s = static_cast<double>(video.frame_count) / format_.frame_rate.to_double();
      if (!video.exact_frame_count && !format_.framed) {
        info_.warnings.push_back(
            fmt::format("the file holds {} frames of {} bytes and {} bytes more: is the size or the format right?",
                        video.frame_count, picture_bytes_, body % unit));
      }
    }
  }

  Result<Item> end() {
    frames_left_ = 0;
    if (counters_.frames_decoded == 0 && at_ == 0) {
      return make_error(ErrorCode::kInput, "{} holds no complete picture of {}x{} {} ({} bytes each)", file_.name(),
                        format_.width, format_.height, info_.video.coded_format, picture_bytes_);
    }
    if (counters_.frames_decoded == 0) {
      return make_error(ErrorCode::kInput, "{}: the part asked for begins after the last picture ({} pictures)",
                        file_.name(), at_);
    }
    return Item(EndOfStream{});
  }

  void note_damage(std::string what) {
    ++counters_.frames_undecodable;
    if (counters_.first_damage.empty()) counters_.first_damage = std::move(what);
  }

  Status skip_frames(std::int64_t count) {
    if (count <= 0) return {};
    const bool plain = !format_.framed || info_.video.exact_frame_count;
    if (file_.seekable() && plain) {
      const std::uint64_t unit = picture_bytes_ + (format_.framed ? kFrameWord.size() + 1 : 0);
      at_ = std::min(count, info_.video.frame_count);
      return file_.seek(format_.header_bytes + static_cast<std::uint64_t>(at_) * unit);
    }
    for (; at_ < count; ++at_) {
      JINSHA_ASSIGN(const bool more, read_frame_line());
      if (!more) break;
      JINSHA_ASSIGN(const bool complete, file_.skip(picture_bytes_));
      if (!complete) break;
    }
    return {};
  }

  // Consumes the line before a picture; false at the end or where the framing is lost for good.
  Result<bool> read_frame_line() {
    if (!format_.framed) return true;
    char c = 0;
    std::size_t length = 0;
    bool matches = true;
    for (;; ++length) {
      JINSHA_ASSIGN(const std::size_t got, file_.read_full({reinterpret_cast<std::uint8_t*>(&c), 1}));
      if (got == 0) break;
      if (c == '\n' && matches && length >= kFrameWord.size()) return true;
      if (length < kFrameWord.size()) matches = matches && c == kFrameWord[length];
      if (!matches || length >= kMaxY4mLineBytes) break;
    }
    if (length > 0 || !matches) {
      note_damage(fmt::format("frame {}: no FRAME line at byte {}, the rest of the file is unreadable", position(),
                              file_.position()));
    }
    return false;
  }

  std::int64_t position() const { return at_ + counters_.frames_delivered; }

  Result<bool> incomplete(std::size_t got) {
    if (got > 0 || format_.framed) {
      note_damage(fmt::format("frame {} is incomplete: {} of {} bytes", position(), got, picture_bytes_));
    }
    return false;
  }

  // In bands that stay in the cache, so that looking for stray bits costs next to nothing.
  Result<bool> read_planes(FrameMut& frame) {
    std::size_t total = 0;
    for (int plane = 0; plane < use_.format.planes(); ++plane) {
      const int width = use_.format.plane_width(plane, format_.width);
      const int height = use_.format.plane_height(plane, format_.height);
      const auto row_bytes = static_cast<std::size_t>(width * use_.format.bytes_per_sample());
      const int band = std::max(1, static_cast<int>(kBandBytes / row_bytes));
      for (int y = 0; y < height; y += band) {
        const int rows = std::min(band, height - y);
        std::byte* to = frame.plane(plane) + layout_.stride[plane] * static_cast<std::size_t>(y);
        JINSHA_ASSIGN(const std::size_t got, file_.read_rows(to, row_bytes, layout_.stride[plane], rows));
        total += got;
        if (got < row_bytes * static_cast<std::size_t>(rows)) return incomplete(total);
        if (has_padding_bits_) clamp_band(frame, to, layout_.stride[plane], width, rows);
      }
    }
    return true;
  }

  // Samples of 9 to 15 bits come in 16-bit words; a word above the range would be out of every table
  // further on.
  void clamp_band(FrameMut& frame, std::byte* rows, std::size_t stride, int width, int count) {
    const auto most = static_cast<std::uint16_t>((1U << use_.format.depth) - 1);
    for (int y = 0; y < count; ++y) {
      auto* row = reinterpret_cast<std::uint16_t*>(rows + stride * static_cast<std::size_t>(y));
      std::uint16_t seen = 0;
      for (int x = 0; x < width; ++x) seen = static_cast<std::uint16_t>(seen | row[x]);
      if (seen <= most) continue;
      for (int x = 0; x < width; ++x) row[x] = std::min(row[x], most);
      if (!frame.info().damaged) ++counters_.frames_concealed;
      frame.info().damaged = true;
      if (counters_.first_damage.empty()) {
        counters_.first_damage =
            fmt::format("frame {} has samples above {}, the largest of {} bits: is the format right?", position(), most,
                        use_.format.depth);
      }
    }
  }

  Result<bool> read_packed(FrameMut& frame) {
    JINSHA_ASSIGN(const std::size_t got, file_.read_full(staging_));
    if (got < staging_.size()) return incomplete(got);
    std::uint8_t* data[4] = {};
    int linesize[4] = {};
    av_image_fill_arrays(data, linesize, staging_.data(), format_.pixel_format, format_.width, format_.height, 1);
    unpack_picture(data, linesize, format_.pixel_format, use_, frame);
    return true;
  }

  InputFile file_;
  FrameStreamFormat format_;
  libav::FormatUse use_;
  FrameLayout layout_;
  bool has_padding_bits_ = use_.direct && use_.format.depth > 8 && use_.format.depth < 16;
  std::size_t picture_bytes_;
  std::vector<std::uint8_t> staging_;  // one picture as it lies in the file, when it must be unpacked
  SourceInfo info_;
  SourceCounters counters_;
  FramePool pool_;
  std::stop_token stop_;
  std::int64_t at_ = 0;  // pictures skipped before the first one delivered
  std::int64_t frames_left_ = 0;
};

}  // namespace

Result<std::unique_ptr<Source>> open_frame_stream(InputFile file, FrameStreamFormat format) {
  JINSHA_ASSIGN(const libav::FormatUse use, libav::use_of(format.pixel_format));
  const int bytes = av_image_get_buffer_size(format.pixel_format, format.width, format.height, 1);
  if (bytes <= 0) {
    return make_error(ErrorCode::kInput, "{}: a picture of {}x{} {} is too large", file.name(), format.width,
                      format.height, libav::name_of_format(format.pixel_format));
  }
  return std::unique_ptr<Source>(
      std::make_unique<FrameStream>(std::move(file), std::move(format), use, static_cast<std::size_t>(bytes)));
}

}  // namespace jinsha
