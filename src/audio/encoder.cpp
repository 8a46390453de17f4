#include "audio/encoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

#include <algorithm>
#include <utility>

#include "audio/layouts.h"
#include "libav/error.h"
#include "libav/frame_flags.h"

namespace jinsha {
namespace {

Error out_of_memory() { return make_error(ErrorCode::kNotPossible, "no memory to encode audio"); }

// libavcodec codes 7.1 with the elements of channelConfiguration 12 (sides and backs) but states 7
// (the extra pair in front, ISO/IEC 14496-3 table 1.19). The configuration says what the sound is.
void state_real_surround(std::vector<std::uint8_t>& config, std::uint64_t positions) {
  constexpr unsigned kStated = 7, kReal = 12;
  if (positions != AV_CH_LAYOUT_7POINT1 || config.size() < 2) return;
  // audioObjectType 5 bits, samplingFrequencyIndex 4, channelConfiguration 4.
  const unsigned word = static_cast<unsigned>(config[0]) << 8 | config[1];
  if ((word >> 3 & 15U) != kStated) return;
  config[1] = static_cast<std::uint8_t>((word & 0x87U) | kReal << 3);
}

}  // namespace

Result<AudioEncoder> AudioEncoder::open(const AudioStreamInfo& wanted) {
  const AVCodec* codec = avcodec_find_encoder_by_name(wanted.codec.c_str());
  if (codec == nullptr)
    return make_error(ErrorCode::kNotPossible, "this libavcodec has no encoder for {} audio", wanted.codec);
  AudioEncoder encoder;
  encoder.context_.reset(avcodec_alloc_context3(codec));
  encoder.frame_ = libav::make_frame();
  encoder.packet_ = libav::make_packet();
  if (!encoder.context_ || !encoder.frame_ || !encoder.packet_) return out_of_memory();
  AVCodecContext& context = *encoder.context_;
  libav::quiet(&context);
  const std::uint64_t positions = positions_named(wanted.layout);
  if (av_channel_layout_from_mask(&context.ch_layout, positions) < 0)
    return make_error(ErrorCode::kInternal, "\"{}\" is no layout to encode", wanted.layout);
  context.sample_fmt = AV_SAMPLE_FMT_FLTP;
  context.sample_rate = wanted.sample_rate;
  context.time_base = {1, wanted.sample_rate};
  context.bit_rate = wanted.bitrate_bits_per_s;
  context.thread_count = 1;
  // No version strings in the stream; headers apart, containers frame AAC themselves.
  context.flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER;
  if (const int error = avcodec_open2(&context, codec, nullptr); error < 0) {
    return libav::to_error(ErrorCode::kUsage, error,
                           fmt::format("the {} encoder refuses {} at {} Hz with {} bit/s", wanted.codec, wanted.layout,
                                       wanted.sample_rate, wanted.bitrate_bits_per_s));
  }
  if (context.frame_size <= 0)
    return make_error(ErrorCode::kInternal, "the {} encoder states no size of a frame", wanted.codec);
  AudioStreamInfo& info = encoder.info_;
  info = wanted;
  info.codec_id = codec->id;
  info.channels = context.ch_layout.nb_channels;
  info.frame_size = context.frame_size;
  info.bitrate_bits_per_s = context.bit_rate;
  info.time_base = {1, wanted.sample_rate};
  if (context.extradata_size > 0) {
    std::vector<std::uint8_t> headers(context.extradata, context.extradata + context.extradata_size);
    if (codec->id == AV_CODEC_ID_AAC) state_real_surround(headers, positions);
    info.headers = make_bytes(std::move(headers));
  }
  encoder.priming_ = context.initial_padding;
  encoder.has_delay_ = (codec->capabilities & AV_CODEC_CAP_DELAY) != 0;
  return encoder;
}

void AudioEncoder::set_dialogue_level(int level) { (void)av_opt_set_int(context_->priv_data, "dialnorm", -level, 0); }

Status AudioEncoder::encode(SampleQueue& samples, const Take& take) {
  AVFrame& frame = *frame_;
  const auto count = static_cast<std::size_t>(info_.frame_size);
  frame.nb_samples = info_.frame_size;
  frame.format = AV_SAMPLE_FMT_FLTP;
  frame.sample_rate = info_.sample_rate;
  if (av_channel_layout_copy(&frame.ch_layout, &context_->ch_layout) < 0 || av_frame_get_buffer(&frame, 0) < 0)
    return out_of_memory();
  for (int c = 0; c < info_.channels; ++c) {
    const std::span<const float> from = samples.channel(c);
    std::copy_n(from.begin(), count, reinterpret_cast<float*>(frame.extended_data[c]));
  }
  samples.consume(count);
  frame.pts = frames_in_++ * info_.frame_size;
  const int error = avcodec_send_frame(context_.get(), &frame);
  av_frame_unref(&frame);
  if (error < 0) return libav::to_error(ErrorCode::kInternal, error, fmt::format("encoding {} audio", info_.codec));
  return receive(take);
}

Status AudioEncoder::finish(const Take& take) {
  if (frames_in_ == 0) return {};
  const int error = avcodec_send_frame(context_.get(), nullptr);
  if (error < 0) return libav::to_error(ErrorCode::kInternal, error, fmt::format("encoding {} audio", info_.codec));
  return receive(take);
}

Status AudioEncoder::receive(const Take& take) {
  for (;;) {
    const int error = avcodec_receive_packet(context_.get(), packet_.get());
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return {};
    if (error < 0) return libav::to_error(ErrorCode::kInternal, error, fmt::format("encoding {} audio", info_.codec));
    // Every coded frame holds frame_size samples and the first begins with the priming: times are
    // counted, not taken from libavcodec, which shortens the last.
    Packet packet;
    packet.data = copy_bytes({packet_->data, static_cast<std::size_t>(packet_->size)});
    packet.pts = packet.dts = frames_out_++ * info_.frame_size - priming_;
    packet.duration = info_.frame_size;
    packet.key = true;
    av_packet_unref(packet_.get());
    JINSHA_TRY(take(std::move(packet)));
  }
}

}  // namespace jinsha
