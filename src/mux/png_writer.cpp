#include "mux/png_writer.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
}

#include <utility>

#include "libav/formats.h"
#include "libav/frame_flags.h"
#include "libav/handles.h"
#include "mux/planes.h"
#include "mux/png_convert.h"

namespace jinsha {
namespace {

Error failed(const char* what) { return make_error(ErrorCode::kNotPossible, "PNG: libavcodec could not {}", what); }

class PngWriter final : public FrameWriter {
 public:
  PngWriter(FrameWriterConfig config, LumaCoefficients coefficients, ByteSink& sink)
      : config_(std::move(config)), coefficients_(coefficients), sink_(sink) {}

  Status open() {
    const VideoStreamInfo& video = config_.video;
    const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_PNG);
    if (codec == nullptr) return make_error(ErrorCode::kNotPossible, "this libavcodec has no PNG encoder");
    context_.reset(avcodec_alloc_context3(codec));
    picture_ = libav::make_frame();
    packet_ = libav::make_packet();
    if (!context_ || !picture_ || !packet_) return failed("get memory");
    libav::quiet(context_.get());
    context_->width = picture_->width = video.width;
    context_->height = picture_->height = video.height;
    context_->pix_fmt = AV_PIX_FMT_RGB48BE;
    picture_->format = AV_PIX_FMT_RGB48BE;
    context_->time_base = {1, 25};  // asked for, not used
    context_->sample_aspect_ratio = libav::from_rational(video.sample_aspect);
    context_->thread_count = 1;
    if (avcodec_open2(context_.get(), codec, nullptr) < 0) return failed("open its encoder");
    if (av_frame_get_buffer(picture_.get(), 0) < 0) return failed("get memory for a picture");
    // Newer libavcodec writes these into a cICP chunk. Full range, and R'G'B' has no matrix.
    picture_->color_primaries = static_cast<AVColorPrimaries>(video.color.primaries);
    picture_->color_trc = static_cast<AVColorTransferCharacteristic>(video.color.transfer);
    picture_->colorspace = AVCOL_SPC_RGB;
    picture_->color_range = AVCOL_RANGE_JPEG;
    return {};
  }

  Status write(const Frame& frame) override {
    JINSHA_TRY(check_frame(frame, config_.video));
    if (!config_.open_file && count_ > 0) {
      return make_error(ErrorCode::kUsage,
                        "one .png file takes one picture; give --frames 1, or a name with a number such as %06d.png");
    }
    if (av_frame_make_writable(picture_.get()) < 0) return failed("get memory for a picture");
    for (int y = 0; y < config_.video.height; ++y) {
      convert_row(frame, config_.video.color, coefficients_, y,
                  picture_->data[0] + static_cast<std::ptrdiff_t>(y) * picture_->linesize[0]);
    }
    picture_->pts = count_;
    if (avcodec_send_frame(context_.get(), picture_.get()) < 0 ||
        avcodec_receive_packet(context_.get(), packet_.get()) < 0) {
      return failed("code a picture");
    }
    const Status status = write_file({packet_->data, static_cast<std::size_t>(packet_->size)});
    av_packet_unref(packet_.get());
    ++count_;
    return status;
  }

  Status finish() override { return {}; }

 private:
  Status write_file(std::span<const std::uint8_t> bytes) {
    if (!config_.open_file) return sink_.write(bytes);
    JINSHA_ASSIGN(const std::unique_ptr<ByteSink> file, config_.open_file(count_));
    JINSHA_TRY(file->write(bytes));
    return file->finish();
  }

  const FrameWriterConfig config_;
  const LumaCoefficients coefficients_;
  ByteSink& sink_;
  libav::CodecPtr context_;
  libav::FramePtr picture_;
  libav::PacketPtr packet_;
  std::int64_t count_ = 0;
};

}  // namespace

Result<std::unique_ptr<FrameWriter>> open_png_writer(const FrameWriterConfig& config, ByteSink& sink) {
  JINSHA_ASSIGN(const LumaCoefficients coefficients, luma_coefficients(config.video.color));
  auto writer = std::make_unique<PngWriter>(config, coefficients, sink);
  JINSHA_TRY(writer->open());
  return std::unique_ptr<FrameWriter>(std::move(writer));
}

}  // namespace jinsha
