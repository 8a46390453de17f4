// SVT-AV1 (1.4 to 2.3), through its own API. The row of kEncoderBackends and the running encoder.
#include <EbSvtAv1Metadata.h>

#include <fmt/core.h>

#include <utility>

#include "encode/av1_headers.h"
#include "encode/backends.h"
#include "encode/captions.h"
#include "encode/common.h"
#include "encode/level.h"
#include "encode/svt_params.h"

namespace jinsha {
namespace {

class SvtEncoder final : public Encoder {
 public:
  SvtEncoder(const EncoderConfig& config, SvtSession session)
      : session_(std::move(session)),
        forcer_(config, session_.settings),
        format_(config.format),
        stats_file_(config.looks_only() ? config.stats_file : "") {}

  Bytes headers() const override { return session_.headers; }
  const EncoderSettings& settings() const override { return session_.settings; }

  Status encode(const Frame& frame, bool force_key, const PacketSink& sink) override {
    const FrameLayout& layout = frame.layout();
    if (layout.format != format_ || layout.width != session_.settings.width ||
        layout.height != session_.settings.height) {
      return make_error(ErrorCode::kInternal, "frame {} is {}x{} {}, the encoder was opened for {}x{} {}", next_,
                        layout.width, layout.height, describe(layout.format), session_.settings.width,
                        session_.settings.height, describe(format_));
    }
    const bool key = forcer_.force(next_, force_key);
    if (key && next_ > 0 && session_.native.rate_control_mode != SVT_AV1_RC_MODE_CQP_OR_CRF) {
      return make_error(ErrorCode::kNotPossible, "svt-av1 takes forced key frames only with --crf or --qp");
    }
    EbSvtIOFormat planes{};
    // The library only reads; its structures have no const.
    const auto samples = [&](int plane) {
      return reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(frame.plane(plane)));
    };
    const auto sample_bytes = static_cast<std::size_t>(format_.bytes_per_sample());
    planes.luma = samples(0);
    planes.cb = samples(1);
    planes.cr = samples(2);
    planes.y_stride = static_cast<std::uint32_t>(layout.stride[0] / sample_bytes);
    planes.cb_stride = static_cast<std::uint32_t>(layout.stride[1] / sample_bytes);
    planes.cr_stride = static_cast<std::uint32_t>(layout.stride[2] / sample_bytes);
    planes.width = static_cast<std::uint32_t>(layout.width);
    planes.height = static_cast<std::uint32_t>(layout.height);
    planes.color_fmt = EB_YUV420;
    planes.bit_depth = format_.depth > 8 ? EB_TEN_BIT : EB_EIGHT_BIT;

    EbBufferHeaderType picture{};
    picture.size = sizeof picture;
    picture.p_buffer = reinterpret_cast<std::uint8_t*>(&planes);
    picture.n_filled_len = static_cast<std::uint32_t>(layout.width) * static_cast<std::uint32_t>(layout.height) * 3 /
                           2 * static_cast<std::uint32_t>(sample_bytes);
    picture.n_alloc_len = picture.n_filled_len;
    picture.pts = next_;
    picture.pic_type = key ? EB_AV1_KEY_PICTURE : EB_AV1_INVALID_PICTURE;
    // SVT-AV1 copies the message, twice.
    if (const Bytes& constructs = frame.info().captions) {
      const std::vector<std::uint8_t> message = caption_message(*constructs);
      if (svt_add_metadata(&picture, EB_AV1_METADATA_TYPE_ITUT_T35, message.data(), message.size()) != 0)
        return make_error(ErrorCode::kNotPossible, "no memory for the captions of frame {}", next_);
    }
    const EbErrorType code = svt_av1_enc_send_picture(session_.handle.get(), &picture);
    if (picture.metadata != nullptr) svt_metadata_array_free(&picture.metadata);
    if (code != EB_ErrorNone) return failed("take", code);
    session_.handle.get_deleter().fed = true;
    ++next_;
    return drain(false, sink);
  }

  Status flush(const PacketSink& sink) override {
    if (next_ == 0 || ended_) return {};
    EbBufferHeaderType end{};
    end.size = sizeof end;
    end.flags = EB_BUFFERFLAG_EOS;
    end.pic_type = EB_AV1_INVALID_PICTURE;
    const EbErrorType code = svt_av1_enc_send_picture(session_.handle.get(), &end);
    if (code != EB_ErrorNone) return failed("end after", code);
    return drain(true, sink);
  }

 private:
  Status failed(const char* what, EbErrorType code) const {
    return make_error(ErrorCode::kInternal, "SVT-AV1 {} could not {} frame {} (code {:#x})", svt_av1_get_version(),
                      what, next_, static_cast<unsigned>(code));
  }

  // Passes on what is ready; after the end waits for everything.
  Status drain(bool wait, const PacketSink& sink) {
    while (!ended_) {
      EbBufferHeaderType* coded = nullptr;
      const EbErrorType code = svt_av1_enc_get_packet(session_.handle.get(), &coded, wait ? 1 : 0);
      if (code == EB_NoErrorEmptyQueue) return {};
      if (code != EB_ErrorNone || coded == nullptr) return failed("code", code);
      Packet packet;
      packet.pts = coded->pts;
      packet.dts = coded->pts;  // one shown frame a temporal unit
      packet.duration = 1;
      packet.key = coded->pic_type == EB_AV1_KEY_PICTURE;
      const std::size_t bytes = coded->n_filled_len;
      if (bytes > 0) packet.data = copy_bytes({coded->p_buffer, bytes});
      if (bytes > 0 && !std::exchange(delivered_, true)) {
        session_.headers = copy_bytes(find_av1_sequence_header(*packet.data));
      }
      // On the last temporal unit (1.x), or on an empty packet after it (2.x).
      ended_ = (coded->flags & EB_BUFFERFLAG_EOS) != 0;
      svt_av1_enc_release_out_buffer(&coded);
      if (bytes > 0 && stats_file_.empty()) JINSHA_TRY(sink(std::move(packet)));
    }
    return wait && !stats_file_.empty() ? write_svt_stats(session_, stats_file_) : Status();
  }

  SvtSession session_;
  KeyFrameForcer forcer_;
  PixelFormat format_;
  std::string stats_file_;  // of a pass that is not the last; else empty
  std::int64_t next_ = 0;
  bool delivered_ = false;  // a packet
  bool ended_ = false;
};

}  // namespace

Result<std::string> svt_available() {
  std::string version = svt_av1_get_version();
  if (version.starts_with("v")) version.erase(0, 1);
  return version;
}

EncoderCapabilities svt_capabilities() {
  EncoderCapabilities can;
  can.codecs = {Codec::kAv1};
  can.depths = {8, 10};
  can.chromas = {Chroma::k420};
  can.max_width = 16384;
  can.max_height = 8704;
  can.rate_modes = {RateControl::Mode::kCrf, RateControl::Mode::kQp, RateControl::Mode::kVbr};
  can.hrd = false;
  can.forced_keyframes = true;
  can.captions = true;
  can.passes = svt_passes();
  for (int preset = -1; preset <= MAX_ENC_PRESET; ++preset) can.speeds.push_back(std::to_string(preset));
  can.default_speed = "10";
  can.default_crf = 35;
  can.notes =
      "4:2:0 only; a cap (--maxrate) and forced key frames only with --crf; no CBR, no HRD, at most 100 Mbit/s; more "
      "than 4K from preset 8 on; with --bitrate the bits depend on --threads";
  return can;
}

Result<EncoderSettings> svt_plan(const EncoderConfig& config) {
  JINSHA_ASSIGN(SvtSession session, configure_svt(config));
  return std::move(session.settings);
}

Result<std::unique_ptr<Encoder>> svt_open(const EncoderConfig& config, const Log& log) {
  JINSHA_ASSIGN(SvtSession session, configure_svt(config));
  JINSHA_TRY(start_svt(session));
  const EncoderSettings& settings = session.settings;
  log.info("{}: level {} {} tier, preset {}, lp {}", settings.version, level_name(Codec::kAv1, settings.level_idc),
           name_of(settings.tier), settings.native.at("preset"), settings.native.at("lp"));
  if (config.rate.bufsize_bits > 0) log.info("svt-av1 models no buffer: --bufsize has no effect");
  return std::unique_ptr<Encoder>(std::make_unique<SvtEncoder>(config, std::move(session)));
}

}  // namespace jinsha
