#include "mux/clip_helper.h"

#include <gtest/gtest.h>
#include <unistd.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "mux/obu.h"

namespace jinsha::test {
namespace {

constexpr int kWidth = 192;
constexpr int kHeight = 128;

AVCodecContext* new_context(const char* encoder) {
  const AVCodec* codec = avcodec_find_encoder_by_name(encoder);
  AVCodecContext* context = codec ? avcodec_alloc_context3(codec) : nullptr;
  if (context == nullptr) ADD_FAILURE() << "libavcodec has no encoder " << encoder;
  return context;
}

std::string x265_params(const ClipRequest& request) {
  std::string params = "log-level=none:pools=1:frame-threads=1:aud=1:scenecut=0:open-gop=0:rc-lookahead=8:bframes=" +
                       std::to_string(request.b_frames) + ":keyint=" + std::to_string(request.gop_frames) +
                       ":min-keyint=" + std::to_string(request.gop_frames);
  if (request.bitrate_bits_per_s > 0) {
    const std::string kbits = std::to_string(request.bitrate_bits_per_s / 1000);
    params += ":bitrate=" + kbits + ":vbv-maxrate=" + kbits + ":vbv-bufsize=" + kbits;
  }
  return params;
}

AVCodecContext* open_video(const ClipRequest& request, bool global_header) {
  const bool hevc = request.codec == Codec::kHevc;
  const bool avc = request.codec == Codec::kAvc;
  AVCodecContext* context = new_context(hevc ? "libx265" : avc ? "libx264" : "libsvtav1");
  if (context == nullptr) return nullptr;
  context->width = kWidth;
  context->height = kHeight;
  context->pix_fmt = AV_PIX_FMT_YUV420P10;
  context->framerate = {static_cast<int>(request.frame_rate.num), static_cast<int>(request.frame_rate.den)};
  context->time_base = av_inv_q(context->framerate);
  context->gop_size = request.gop_frames;
  if (global_header) context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (request.hdr10) {
    context->color_primaries = AVCOL_PRI_BT2020;
    context->color_trc = AVCOL_TRC_SMPTE2084;
    context->colorspace = AVCOL_SPC_BT2020_NCL;
    context->color_range = AVCOL_RANGE_MPEG;
  }
  if (hevc) {
    av_opt_set(context->priv_data, "preset", "ultrafast", 0);
    av_opt_set(context->priv_data, "x265-params", x265_params(request).c_str(), 0);
  } else if (avc) {
    const std::string params = "aud=1:scenecut=0:threads=1:bframes=" + std::to_string(request.b_frames);
    av_opt_set(context->priv_data, "preset", "ultrafast", 0);
    av_opt_set(context->priv_data, "x264-params", params.c_str(), 0);
  } else {
    av_opt_set(context->priv_data, "preset", "12", 0);
    av_opt_set(context->priv_data, "crf", "50", 0);
  }
  EXPECT_GE(avcodec_open2(context, context->codec, nullptr), 0);
  return context;
}

void paint(AVFrame* frame, int index) {
  for (int plane = 0; plane < 3; ++plane) {
    const int width = plane == 0 ? kWidth : kWidth / 2;
    const int height = plane == 0 ? kHeight : kHeight / 2;
    for (int y = 0; y < height; ++y) {
      auto* row = reinterpret_cast<std::uint16_t*>(frame->data[plane] + y * frame->linesize[plane]);
      for (int x = 0; x < width; ++x) {
        const int texture = ((x * 7 + index * 5) ^ (y * 3)) & 127;
        row[x] = static_cast<std::uint16_t>(300 + texture + (plane == 0 ? (x + 4 * index) % 256 : 0));
      }
    }
  }
}

// Calls `take` for every packet the encoder has ready.
template <typename Take>
void code(AVCodecContext* context, AVFrame* frame, Take take) {
  ASSERT_GE(avcodec_send_frame(context, frame), 0);
  AVPacket* packet = av_packet_alloc();
  while (avcodec_receive_packet(context, packet) >= 0) {
    take(*packet);
    av_packet_unref(packet);
  }
  av_packet_free(&packet);
}

Packet copy_packet(const AVPacket& from, int stream) {
  return {.stream = stream,
          .data = copy_bytes({from.data, static_cast<std::size_t>(from.size)}),
          .pts = from.pts,
          .dts = from.dts,
          .duration = from.duration,
          .key = (from.flags & AV_PKT_FLAG_KEY) != 0};
}

}  // namespace

VideoClip make_video(const ClipRequest& request) {
  VideoClip clip;
  VideoStreamInfo& info = clip.info;
  info.codec = request.codec;
  info.width = kWidth;
  info.height = kHeight;
  info.format = {Chroma::k420, 10};
  info.frame_rate = request.frame_rate;
  info.time_base = request.frame_rate.inverse();
  info.color = {Primaries::kBt709, Transfer::kBt709, Matrix::kBt709, Range::kLimited, ChromaLocation::kLeft};
  if (request.hdr10) {
    info.color = {Primaries::kBt2020, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited, ChromaLocation::kTopLeft};
    info.hdr.mastering_display =
        MasteringDisplay{{{{34000, 16000}, {13250, 34500}, {7500, 3000}}}, {15635, 16450}, 10'000'000, 1};
    info.hdr.content_light = ContentLight{1234, 567};
  }
  if (request.codec != Codec::kAv1) {
    // From an encoder of their own: with global headers they are not in the packets.
    AVCodecContext* header = open_video(request, true);
    if (header == nullptr) return clip;
    info.headers = copy_bytes({header->extradata, static_cast<std::size_t>(header->extradata_size)});
    avcodec_free_context(&header);
  }
  AVCodecContext* context = open_video(request, false);
  AVFrame* frame = av_frame_alloc();
  frame->format = context->pix_fmt;
  frame->width = kWidth;
  frame->height = kHeight;
  EXPECT_GE(av_frame_get_buffer(frame, 0), 0);
  const auto take = [&](const AVPacket& packet) {
    clip.packets.push_back(copy_packet(packet, 0));
    clip.packets.back().duration = 1;
  };
  for (int i = 0; i < request.frames; ++i) {
    EXPECT_GE(av_frame_make_writable(frame), 0);
    paint(frame, i);
    frame->pts = i;
    code(context, frame, take);
  }
  code(context, nullptr, take);
  av_frame_free(&frame);
  avcodec_free_context(&context);
  EXPECT_EQ(clip.packets.size(), static_cast<std::size_t>(request.frames));
  if (clip.packets.empty()) return clip;
  info.reorder_frames = static_cast<int>(-clip.packets.front().dts);
  if (request.codec == Codec::kAv1) {
    const auto obus = split_obus(*clip.packets.front().data);
    EXPECT_TRUE(obus.ok());
    for (const Obu& obu : *obus) {
      if (obu.type == kObuSequenceHeader) info.headers = copy_bytes(obu.bytes);
    }
  }
  return clip;
}

AudioClip make_audio(const std::string& name, double seconds) {
  AudioClip clip;
  AVCodecContext* context = new_context(name.c_str());
  if (context == nullptr) return clip;
  context->sample_rate = 48'000;
  context->sample_fmt = name == "mp2" || name == "flac" ? AV_SAMPLE_FMT_S16
                        : name == "alac"                ? AV_SAMPLE_FMT_S16P
                                                        : AV_SAMPLE_FMT_FLTP;
  context->bit_rate = 128'000;
  context->time_base = {1, 48'000};
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_channel_layout_default(&context->ch_layout, 2);
  EXPECT_GE(avcodec_open2(context, context->codec, nullptr), 0);
  AudioStreamInfo& info = clip.info;
  info.codec = name;
  info.codec_id = context->codec_id;
  info.sample_rate = 48'000;
  info.channels = 2;
  info.layout = "stereo";
  info.frame_size = context->frame_size;
  info.bitrate_bits_per_s = context->bit_rate;
  info.time_base = {1, 48'000};
  info.language = "deu";
  if (context->extradata_size > 0) {
    info.headers = copy_bytes({context->extradata, static_cast<std::size_t>(context->extradata_size)});
  }
  AVFrame* frame = av_frame_alloc();
  frame->format = context->sample_fmt;
  frame->nb_samples = context->frame_size;
  frame->sample_rate = context->sample_rate;
  av_channel_layout_default(&frame->ch_layout, 2);
  EXPECT_GE(av_frame_get_buffer(frame, 0), 0);
  const auto take = [&](const AVPacket& packet) {
    if (packet.size == 0) return;  // FLAC's end: new headers, no sound
    clip.packets.push_back(copy_packet(packet, 1));
    clip.packets.back().duration = context->frame_size;
  };
  const bool planar = av_sample_fmt_is_planar(context->sample_fmt) != 0;
  for (std::int64_t at = 0; static_cast<double>(at) < seconds * 48'000; at += context->frame_size) {
    EXPECT_GE(av_frame_make_writable(frame), 0);
    for (int i = 0; i < context->frame_size; ++i) {
      const double tone = 0.2 * std::sin(0.05 * static_cast<double>(at + i));
      for (int channel = 0; channel < 2; ++channel) {
        std::uint8_t* data = planar ? frame->data[channel] : frame->data[0];
        const int index = planar ? i : 2 * i + channel;
        if (av_get_bytes_per_sample(context->sample_fmt) == 4) {
          reinterpret_cast<float*>(data)[index] = static_cast<float>(tone);
        } else {
          reinterpret_cast<std::int16_t*>(data)[index] = static_cast<std::int16_t>(tone * 32767);
        }
      }
    }
    frame->pts = at;
    code(context, frame, take);
  }
  code(context, nullptr, take);
  av_frame_free(&frame);
  avcodec_free_context(&context);
  return clip;
}

Status FullSink::write(std::span<const std::uint8_t> piece) {
  if (piece.size() > left_) return make_error(ErrorCode::kOutput, "the test's disk is full");
  left_ -= piece.size();
  return {};
}

MuxConfig config_for(ContainerKind kind, const VideoClip& video) {
  MuxConfig config;
  config.kind = kind;
  config.streams = {video.info};
  return config;
}

MuxConfig config_for(ContainerKind kind, const VideoClip& video, const AudioClip& audio) {
  MuxConfig config = config_for(kind, video);
  config.streams.emplace_back(audio.info);
  return config;
}

Status mux(const MuxConfig& config, const std::vector<Packet>& video, const std::vector<Packet>& audio,
           ByteSink& sink) {
  JINSHA_ASSIGN(const std::unique_ptr<Muxer> muxer, open_muxer(config, sink, Log()));
  constexpr double kEncoderDelay_s = 0.4;
  std::size_t next_audio = 0;
  const auto audio_until = [&](double seconds) -> Status {
    while (next_audio < audio.size()) {
      const Rational base = std::get<AudioStreamInfo>(config.streams[1]).time_base;
      if (static_cast<double>(audio[next_audio].dts) * base.to_double() > seconds) break;
      JINSHA_TRY(muxer->write(audio[next_audio++]));
    }
    return {};
  };
  const Rational base = std::get<VideoStreamInfo>(config.streams[0]).time_base;
  for (const Packet& packet : video) {
    JINSHA_TRY(audio_until(static_cast<double>(packet.dts) * base.to_double() + kEncoderDelay_s));
    JINSHA_TRY(muxer->write(packet));
  }
  JINSHA_TRY(audio_until(1e9));
  return muxer->finish();
}

std::vector<std::uint8_t> mux_to_memory(const MuxConfig& config, const std::vector<Packet>& video,
                                        const std::vector<Packet>& audio) {
  MemorySink sink;
  const Status status = mux(config, video, audio, sink);
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message);
  return std::move(sink.bytes);
}

TempFile::TempFile(const std::string& name, const std::vector<std::uint8_t>& bytes)
    : path_(testing::TempDir() + "jinsha-mux-" + std::to_string(getpid()) + "-" + name) {
  std::ofstream file(path_, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

TempFile::~TempFile() { std::remove(path_.c_str()); }

}  // namespace jinsha::test
