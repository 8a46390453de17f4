#include "audio/decoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
}

#include <algorithm>

#include "libav/error.h"
#include "libav/formats.h"
#include "libav/frame_flags.h"

namespace jinsha {
namespace {

Error out_of_memory() { return make_error(ErrorCode::kNotPossible, "no memory to decode audio"); }

Status describe(AVCodecContext& context, const AudioStreamInfo& source) {
  context.sample_rate = source.sample_rate;
  context.bit_rate = source.bitrate_bits_per_s;
  context.block_align = source.block_align;
  context.bits_per_coded_sample = source.bits_per_coded_sample;
  context.pkt_timebase = libav::from_rational(source.time_base);
  if (source.layout.empty() || av_channel_layout_from_string(&context.ch_layout, source.layout.c_str()) < 0 ||
      context.ch_layout.nb_channels != source.channels) {
    av_channel_layout_uninit(&context.ch_layout);
    context.ch_layout.order = AV_CHANNEL_ORDER_UNSPEC;
    context.ch_layout.nb_channels = source.channels;
  }
  if (!source.headers || source.headers->empty()) return {};
  const std::vector<std::uint8_t>& headers = *source.headers;
  context.extradata = static_cast<std::uint8_t*>(av_mallocz(headers.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (context.extradata == nullptr) return out_of_memory();
  std::copy(headers.begin(), headers.end(), context.extradata);
  context.extradata_size = static_cast<int>(headers.size());
  return {};
}

}  // namespace

Status AudioDecoder::available(const AudioStreamInfo& source) {
  if (avcodec_find_decoder(static_cast<AVCodecID>(source.codec_id)) != nullptr) return {};
  return make_error(ErrorCode::kNotPossible, "this libavcodec has no decoder for {} audio", source.codec);
}

Result<AudioDecoder> AudioDecoder::open(const AudioStreamInfo& source) {
  JINSHA_TRY(available(source));
  const AVCodec* codec = avcodec_find_decoder(static_cast<AVCodecID>(source.codec_id));
  AudioDecoder decoder;
  decoder.context_.reset(avcodec_alloc_context3(codec));
  decoder.frame_ = libav::make_frame();
  decoder.packet_ = libav::make_packet();
  if (!decoder.context_ || !decoder.frame_ || !decoder.packet_) return out_of_memory();
  AVCodecContext& context = *decoder.context_;
  libav::quiet(&context);
  JINSHA_TRY(describe(context, source));
  context.thread_count = 1;
  // A frame with a wrong check sum is concealed: what it decodes to may be a bang.
  context.err_recognition |= AV_EF_CRCCHECK;
  // Dynamic range control is the receiver's: what is coded again keeps its dynamics. Other decoders
  // do not have the option.
  if (context.priv_data != nullptr) (void)av_opt_set_double(context.priv_data, "drc_scale", 0, 0);
  if (const int error = avcodec_open2(&context, codec, nullptr); error < 0)
    return libav::to_error(ErrorCode::kInput, error, fmt::format("{} audio cannot be decoded", source.codec));
  return decoder;
}

Result<bool> AudioDecoder::decode(const Packet* packet, const Take& take) {
  int error = 0;
  if (packet == nullptr) {
    error = avcodec_send_packet(context_.get(), nullptr);
  } else {
    // A copy: decoders read beyond the end of a packet into its padding.
    const std::vector<std::uint8_t>& data = *packet->data;
    if (data.empty()) return true;
    if (data.size() > INT32_MAX / 2 || av_new_packet(packet_.get(), static_cast<int>(data.size())) < 0)
      return out_of_memory();
    std::copy(data.begin(), data.end(), packet_->data);
    packet_->pts = packet_->dts = packet->pts;
    packet_->duration = packet->duration;
    error = avcodec_send_packet(context_.get(), packet_.get());
    av_packet_unref(packet_.get());
  }
  bool good = error >= 0 || error == AVERROR_EOF;
  if (!good) refusal_ = libav::error_text(error);
  while (error != AVERROR(ENOMEM)) {
    error = avcodec_receive_frame(context_.get(), frame_.get());
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) break;
    if (error < 0) {
      refusal_ = libav::error_text(error);
      good = false;
      break;
    }
    const Status taken = take(*frame_);
    av_frame_unref(frame_.get());
    if (!taken.ok()) return taken.error();
  }
  if (error == AVERROR(ENOMEM)) return out_of_memory();
  return good;
}

}  // namespace jinsha
