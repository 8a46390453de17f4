// NVENC: HEVC and AV1 on NVIDIA devices, through libavcodec with CUDA frames. The row of
// kEncoderBackends and the running encoder.
//
// No machine with an encoder engine was at hand when this was written: the mapping of options, the
// packing of samples, the insertion of headers and the three reasons why NVENC cannot be used are
// tested; an encode on a device is not.
#include <fmt/core.h>

#include <cstdint>  // before libavutil, which asks for UINT64_C

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/hwcontext.h>
}

#include <memory>
#include <utility>

#include "encode/av1_headers.h"
#include "encode/backends.h"
#include "encode/bitstream_insert.h"
#include "encode/common.h"
#include "encode/hevc_headers.h"
#include "encode/level.h"
#include "encode/nvenc_frames.h"
#include "encode/nvenc_options.h"
#include "encode/nvenc_system.h"
#include "libav/error.h"
#include "libav/handles.h"

namespace jinsha {
namespace {

struct BufferUnref {
  void operator()(AVBufferRef* buffer) const { av_buffer_unref(&buffer); }
};
using BufferPtr = std::unique_ptr<AVBufferRef, BufferUnref>;

struct NvencSession {
  libav::CodecPtr context;
  EncoderSettings settings;
};

Result<NvencSession> configure(const EncoderConfig& config) {
  JINSHA_TRY(check_config(config, nvenc_capabilities(), "nvenc"));
  JINSHA_ASSIGN(const AVCodec* const codec, nvenc_codec(config.codec));
  NvencSession session;
  session.context.reset(avcodec_alloc_context3(codec));
  if (!session.context) return make_error(ErrorCode::kNotPossible, "no memory for an encoder context");
  JINSHA_TRY(configure_nvenc(config, *codec, *session.context, session.settings));
  // The picture being uploaded and its pinned copy; what the driver maps is not counted as resident
  // by every kernel. An estimate: never measured.
  constexpr std::uint64_t kDriverBytes = 400'000'000;
  const std::uint64_t picture = FrameLayout::packed(config.format, config.width, config.height).bytes;
  session.settings.memory_bytes = kDriverBytes + 3 * picture;
  return session;
}

// Device, frames on it, and the context tied to them.
Status attach_device(const EncoderConfig& config, AVCodecContext& context) {
  AVBufferRef* device = nullptr;
  int code = av_hwdevice_ctx_create(&device, AV_HWDEVICE_TYPE_CUDA, nullptr, nullptr, 0);
  const BufferPtr device_owner(device);
  if (code < 0) return libav::to_error(ErrorCode::kNotPossible, code, "NVENC: opening the CUDA device");
  BufferPtr frames(av_hwframe_ctx_alloc(device));
  if (!frames) return make_error(ErrorCode::kNotPossible, "NVENC: no memory for CUDA frames");
  auto* description = reinterpret_cast<AVHWFramesContext*>(frames->data);
  description->format = AV_PIX_FMT_CUDA;
  description->sw_format = nvenc_upload_format(config.format);
  description->width = config.width;
  description->height = config.height;
  code = av_hwframe_ctx_init(frames.get());
  if (code < 0) return libav::to_error(ErrorCode::kNotPossible, code, "NVENC: allocating frames on the device");
  context.hw_frames_ctx = frames.release();
  return {};
}

class NvencEncoder final : public Encoder {
 public:
  NvencEncoder(const EncoderConfig& config, NvencSession session)
      : session_(std::move(session)),
        forcer_(config, session_.settings),
        format_(config.format),
        codec_(config.codec),
        repeat_headers_(config.repeat_headers),
        packet_(libav::make_packet()) {
    const AVCodecContext& context = *session_.context;
    headers_ = copy_bytes({context.extradata, static_cast<std::size_t>(context.extradata_size)});
    metadata_ = config.codec == Codec::kAv1 ? av1_hdr_obus(session_.settings.hdr) : hevc_hdr_sei(session_.settings.hdr);
  }

  Bytes headers() const override { return headers_; }
  const EncoderSettings& settings() const override { return session_.settings; }

  // One staging picture, used again for every frame.
  Status allocate() {
    staging_ = libav::make_frame();
    if (!staging_ || !packet_) return make_error(ErrorCode::kNotPossible, "NVENC: no memory for the upload");
    staging_->format = nvenc_upload_format(format_);
    staging_->width = session_.settings.width;
    staging_->height = session_.settings.height;
    const int code = av_frame_get_buffer(staging_.get(), 0);
    if (code < 0) return libav::to_error(ErrorCode::kNotPossible, code, "NVENC: no memory for the upload");
    return {};
  }

  Status encode(const Frame& frame, bool force_key, const PacketSink& sink) override {
    const FrameLayout& layout = frame.layout();
    if (layout.format != format_ || layout.width != session_.settings.width ||
        layout.height != session_.settings.height) {
      return make_error(ErrorCode::kInternal, "frame {} is {}x{} {}, the encoder was opened for {}x{} {}", next_,
                        layout.width, layout.height, describe(layout.format), session_.settings.width,
                        session_.settings.height, describe(format_));
    }
    const libav::FramePtr device = libav::make_frame();
    if (!device) return make_error(ErrorCode::kNotPossible, "NVENC: no memory for a frame");
    int code = av_hwframe_get_buffer(session_.context->hw_frames_ctx, device.get(), 0);
    if (code < 0) return libav::to_error(ErrorCode::kNotPossible, code, "NVENC: no frame left on the device");
    fill_upload_frame(frame, *staging_);
    code = av_hwframe_transfer_data(device.get(), staging_.get(), 0);
    if (code < 0) return libav::to_error(ErrorCode::kInternal, code, fmt::format("NVENC: uploading frame {}", next_));
    device->pts = next_;
    device->pict_type = forcer_.force(next_, force_key) ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    ++next_;
    code = avcodec_send_frame(session_.context.get(), device.get());
    if (code < 0) {
      return libav::to_error(ErrorCode::kInternal, code, fmt::format("NVENC: coding frame {}", next_ - 1));
    }
    return drain(sink);
  }

  Status flush(const PacketSink& sink) override {
    const int code = avcodec_send_frame(session_.context.get(), nullptr);
    if (code < 0 && code != AVERROR_EOF) return libav::to_error(ErrorCode::kInternal, code, "NVENC: ending the stream");
    return drain(sink);
  }

 private:
  Status drain(const PacketSink& sink) {
    for (;;) {
      const int code = avcodec_receive_packet(session_.context.get(), packet_.get());
      if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
      if (code < 0) return libav::to_error(ErrorCode::kInternal, code, "NVENC: fetching a packet");
      Packet packet;
      packet.pts = packet_->pts;
      packet.dts = packet_->dts;
      packet.duration = 1;
      packet.key = (packet_->flags & AV_PKT_FLAG_KEY) != 0;
      packet.data = complete({packet_->data, static_cast<std::size_t>(packet_->size)}, packet.key);
      av_packet_unref(packet_.get());
      JINSHA_TRY(sink(std::move(packet)));
    }
  }

  // The encoder writes neither parameter sets into the stream nor static HDR metadata.
  Bytes complete(std::span<const std::uint8_t> coded, bool key) {
    if (!key) return copy_bytes(coded);
    std::span<const std::uint8_t> headers(*headers_);
    if (std::exchange(begun_, true) && !repeat_headers_) headers = {};
    return make_bytes(codec_ == Codec::kAv1 ? insert_av1(coded, headers, metadata_)
                                            : insert_hevc(coded, headers, metadata_));
  }

  NvencSession session_;
  KeyFrameForcer forcer_;
  PixelFormat format_;
  Codec codec_;
  bool repeat_headers_;
  bool begun_ = false;
  Bytes headers_;
  std::vector<std::uint8_t> metadata_;  // SEI NAL units or metadata OBUs
  libav::FramePtr staging_;
  libav::PacketPtr packet_;
  std::int64_t next_ = 0;
};

// What the device wrote against what was planned.
Status check_headers(const AVCodecContext& context, EncoderSettings& settings) {
  const std::span<const std::uint8_t> headers(context.extradata, static_cast<std::size_t>(context.extradata_size));
  if (settings.codec == Codec::kAv1) {
    const auto coded = read_av1_sequence_header(headers);
    if (!coded) return make_error(ErrorCode::kInternal, "NVENC wrote no sequence header");
    settings.profile = av1_profile_name(coded->profile);
    settings.level_idc = coded->level_idx;
    settings.tier = coded->tier;
    settings.color = coded->color;
  } else {
    const auto coded = read_profile_tier_level(headers);
    if (!coded) return make_error(ErrorCode::kInternal, "NVENC wrote no video parameter set");
    settings.profile = coded->profile;
    settings.level_idc = coded->level_idc;
    settings.tier = coded->tier;
  }
  settings.b_frames = settings.codec == Codec::kHevc ? context.max_b_frames : 0;
  return {};
}

}  // namespace

Result<std::string> nvenc_available() {
  JINSHA_TRY(nvenc_codec(Codec::kHevc));
  JINSHA_ASSIGN(std::string found, find_nvenc());
  return found;
}

EncoderCapabilities nvenc_capabilities() {
  EncoderCapabilities can;
  can.codecs = {Codec::kHevc};
  if (nvenc_codec(Codec::kAv1).ok()) can.codecs.push_back(Codec::kAv1);
  can.depths = {8, 10};
  can.chromas = {Chroma::k420, Chroma::k444};
  can.max_width = 8192;
  can.max_height = 8192;
  can.rate_modes = {RateControl::Mode::kCrf, RateControl::Mode::kQp, RateControl::Mode::kVbr, RateControl::Mode::kCbr};
  can.hrd = false;
  can.forced_keyframes = true;
  can.speeds = {"p7", "p6", "p5", "p4", "p3", "p2", "p1"};
  can.default_speed = "p5";
  can.default_crf = 28;
  can.notes = "--crf is NVENC's constant quality (cq); constant bit rate is not padded; AV1 from Ada Lovelace on";
  return can;
}

Result<EncoderSettings> nvenc_plan(const EncoderConfig& config) {
  JINSHA_ASSIGN(NvencSession session, configure(config));
  JINSHA_TRY(find_nvenc());
  return std::move(session.settings);
}

Result<std::unique_ptr<Encoder>> nvenc_open(const EncoderConfig& config, const Log& log) {
  JINSHA_ASSIGN(NvencSession session, configure(config));
  JINSHA_ASSIGN(const std::string device, find_nvenc());
  AVCodecContext& context = *session.context;
  JINSHA_TRY(attach_device(config, context));
  const int code = avcodec_open2(&context, context.codec, nullptr);
  if (code < 0) {
    return libav::to_error(ErrorCode::kNotPossible, code,
                           fmt::format("NVENC: {} does not take these settings ({}x{} {}, {})", device, config.width,
                                       config.height, describe(config.format), name_of(config.codec)));
  }
  JINSHA_TRY(check_headers(context, session.settings));
  const EncoderSettings& settings = session.settings;
  log.info("{} on {}: level {} {} tier, preset {}", settings.version, device,
           level_name(config.codec, settings.level_idc), name_of(settings.tier), settings.native.at("preset"));
  auto encoder = std::make_unique<NvencEncoder>(config, std::move(session));
  JINSHA_TRY(encoder->allocate());
  return std::unique_ptr<Encoder>(std::move(encoder));
}

}  // namespace jinsha
