#include "input/generator_audio.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
}

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libav/error.h"
#include "libav/formats.h"
#include "libav/frame_flags.h"
#include "libav/handles.h"

namespace jinsha {
namespace {

constexpr int kSampleRate = 48'000;
constexpr int kChannels = 2;
constexpr std::int64_t kBitrate = 128'000;
constexpr double kToneHz = 1000, kBeepHz = 2000;
constexpr double kToneLevel = 0.1, kBeepLevel = 0.3;  // -20 and -10 dBFS
constexpr std::int64_t kBeepSamples = kSampleRate / 10;

float sound(std::int64_t sample) {
  const std::int64_t in_second = sample % kSampleRate;  // both tones have whole periods in a second
  const double t = static_cast<double>(in_second) / kSampleRate;
  double value = kToneLevel * std::sin(2 * std::numbers::pi * kToneHz * t);
  if (in_second < kBeepSamples) value += kBeepLevel * std::sin(2 * std::numbers::pi * kBeepHz * t);
  return static_cast<float>(value);
}

}  // namespace

struct GeneratorAudio::Coder {
  libav::CodecPtr context;
  libav::FramePtr frame = libav::make_frame();
  libav::PacketPtr packet = libav::make_packet();
};

GeneratorAudio::GeneratorAudio() : coder_(std::make_unique<Coder>()) {}
GeneratorAudio::~GeneratorAudio() = default;

Result<std::unique_ptr<GeneratorAudio>> GeneratorAudio::open() {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
  if (codec == nullptr) {
    return make_error(ErrorCode::kNotPossible,
                      "the generator's sound needs an AAC encoder, which this libavcodec lacks");
  }
  std::unique_ptr<GeneratorAudio> audio(new GeneratorAudio);
  Coder& coder = *audio->coder_;
  coder.context.reset(avcodec_alloc_context3(codec));
  AVCodecContext* context = coder.context.get();
  if (context == nullptr || !coder.frame || !coder.packet) {
    return make_error(ErrorCode::kNotPossible, "no memory for the generator's sound");
  }
  libav::quiet(context);
  context->sample_fmt = AV_SAMPLE_FMT_FLTP;
  context->sample_rate = kSampleRate;
  context->bit_rate = kBitrate;
  context->time_base = {1, kSampleRate};
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
  av_channel_layout_default(&context->ch_layout, kChannels);
  if (const int error = avcodec_open2(context, codec, nullptr); error < 0) {
    return libav::to_error(ErrorCode::kNotPossible, error, "the AAC encoder cannot be opened");
  }
  AVFrame* frame = coder.frame.get();
  frame->format = context->sample_fmt;
  frame->sample_rate = kSampleRate;
  frame->nb_samples = context->frame_size;
  av_channel_layout_default(&frame->ch_layout, kChannels);
  if (const int error = av_frame_get_buffer(frame, 0); error < 0) {
    return libav::to_error(ErrorCode::kNotPossible, error, "the generator's sound cannot be made");
  }
  AudioStreamInfo& info = audio->info_;
  info.codec = "aac";
  info.codec_id = AV_CODEC_ID_AAC;
  info.sample_rate = kSampleRate;
  info.channels = kChannels;
  info.layout = "stereo";
  info.frame_size = context->frame_size;
  info.bitrate_bits_per_s = kBitrate;
  info.time_base = {1, kSampleRate};
  info.language = "und";
  if (context->extradata_size > 0) {
    info.headers = copy_bytes({context->extradata, static_cast<std::size_t>(context->extradata_size)});
  }
  return audio;
}

void GeneratorAudio::set_span(std::int64_t first, std::int64_t count) {
  first_ = first;
  count_ = count;
}

Status GeneratorAudio::feed() {
  Coder& coder = *coder_;
  AVFrame* frame = coder.frame.get();
  const std::int64_t left = count_ - done_;
  if (left <= 0) {
    flushed_ = true;
    avcodec_send_frame(coder.context.get(), nullptr);
    return {};
  }
  if (const int error = av_frame_make_writable(frame); error < 0) {
    return libav::to_error(ErrorCode::kInternal, error, "the generator's sound cannot be made");
  }
  const int samples = static_cast<int>(std::min<std::int64_t>(left, coder.context->frame_size));
  frame->nb_samples = samples;
  frame->pts = done_;
  for (int i = 0; i < samples; ++i) {
    const float value = sound(first_ + done_ + i);
    for (int c = 0; c < kChannels; ++c) reinterpret_cast<float*>(frame->data[c])[i] = value;
  }
  done_ += samples;
  if (const int error = avcodec_send_frame(coder.context.get(), frame); error < 0) {
    return libav::to_error(ErrorCode::kInternal, error, "coding the generator's sound failed");
  }
  return {};
}

Result<std::optional<Packet>> GeneratorAudio::next() {
  Coder& coder = *coder_;
  for (;;) {
    const int got = avcodec_receive_packet(coder.context.get(), coder.packet.get());
    if (got == AVERROR(EAGAIN) && !flushed_) {
      JINSHA_TRY(feed());
      continue;
    }
    if (got < 0) return std::optional<Packet>();
    const AVPacket& from = *coder.packet;
    Packet packet;
    packet.stream = 1;
    packet.data = copy_bytes({from.data, static_cast<std::size_t>(from.size)});
    packet.pts = packet.dts = from.pts;
    packet.duration = from.duration;
    packet.key = true;
    av_packet_unref(coder.packet.get());
    return std::optional<Packet>(std::move(packet));
  }
}

}  // namespace jinsha
