#include "input/video_decoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/buffer.h>
#include <libavutil/imgutils.h>
}

#include <algorithm>
#include <vector>

#include "input/hevc_dpb.h"
#include "input/hevc_glance.h"
#include "libav/error.h"
#include "libav/frame_flags.h"

namespace jinsha {
namespace {

const AVCodec* find_decoder(AVCodecID id, DecoderChoice choice) {
  // libavcodec's own AV1 decoder only drives hardware.
  if (id == AV_CODEC_ID_AV1 && choice == DecoderChoice::kAuto) {
    if (const AVCodec* codec = avcodec_find_decoder_by_name("libdav1d")) return codec;
  }
  return avcodec_find_decoder(id);
}

// Of pictures whose samples nobody looks at. libavcodec's own buffers are filled with zeros first, which of 8K takes
// longer than all the rest of a glance.
int get_unfilled_buffer(AVCodecContext* context, AVFrame* frame, int) {
  constexpr int kRowAlign = 64, kPadding = 128;  // decoders read past planes
  const auto format = static_cast<AVPixelFormat>(frame->format);
  int width = frame->width, height = frame->height;
  int line_align[AV_NUM_DATA_POINTERS] = {};
  avcodec_align_dimensions2(context, &width, &height, line_align);
  const int bytes = av_image_get_buffer_size(format, width, height, kRowAlign);
  if (bytes < 0) return bytes;
  frame->buf[0] = av_buffer_alloc(static_cast<std::size_t>(bytes) + kPadding);
  if (frame->buf[0] == nullptr) return AVERROR(ENOMEM);
  frame->extended_data = frame->data;
  return av_image_fill_arrays(frame->data, frame->linesize, frame->buf[0]->data, format, width, height, kRowAlign);
}

}  // namespace

Result<VideoDecoder> VideoDecoder::open(const AVCodecParameters& parameters, AVRational time_base, DecoderChoice choice,
                                        int threads, Purpose purpose, PoolBridge* bridge) {
  const char* name = avcodec_get_name(parameters.codec_id);
  const AVCodec* codec = find_decoder(parameters.codec_id, choice);
  if (codec == nullptr) {
    return make_error(ErrorCode::kInput, "the video is coded as {}, which this libavcodec cannot decode", name);
  }
  VideoDecoder decoder;
  decoder.context_.reset(avcodec_alloc_context3(codec));
  AVCodecContext* context = decoder.context_.get();
  if (context == nullptr) return make_error(ErrorCode::kNotPossible, "no memory for the {} decoder", name);
  libav::quiet(context);
  if (const int error = avcodec_parameters_to_context(context, &parameters); error < 0) {
    return libav::to_error(ErrorCode::kInput, error, fmt::format("the {} decoder cannot be set up", name));
  }
  context->color_primaries = AVCOL_PRI_UNSPECIFIED;
  context->color_trc = AVCOL_TRC_UNSPECIFIED;
  context->colorspace = AVCOL_SPC_UNSPECIFIED;
  context->color_range = AVCOL_RANGE_UNSPECIFIED;
  context->chroma_sample_location = AVCHROMA_LOC_UNSPECIFIED;
  context->pkt_timebase = time_base;
  context->thread_count = std::clamp(threads, 1, kMaxDecodeThreads);
  context->thread_type = purpose == Purpose::kDeliver ? FF_THREAD_SLICE | FF_THREAD_FRAME : FF_THREAD_SLICE;
  context->flags |= AV_CODEC_FLAG_UNALIGNED;  // crop exactly
  if (purpose == Purpose::kGlance && choice != DecoderChoice::kCuda) {
    // A quarter of the width: its higher resolutions take nearly all of the time.
    if (parameters.codec_id == AV_CODEC_ID_JPEG2000 && parameters.width > 0)
      context->lowres = std::min<int>(2, codec->max_lowres);
    decoder.small_ = context->lowres > 0;
    const std::int64_t pixels = std::int64_t{parameters.width} * parameters.height;
    decoder.cut_short_ = parameters.codec_id == AV_CODEC_ID_HEVC && pixels > kLargePixels;
    if (decoder.cut_short_) {
      context->skip_loop_filter = AVDISCARD_ALL;
      context->get_buffer2 = &get_unfilled_buffer;
    }
  }
  if (bridge != nullptr) {
    context->opaque = bridge;
    context->get_buffer2 = &PoolBridge::get_buffer;
    libav::allow_parallel_callbacks(context);
  }
  if (choice == DecoderChoice::kCuda) {
    JINSHA_ASSIGN(decoder.nvdec_, Nvdec::attach(*context));
  }
  if (const int error = avcodec_open2(context, codec, nullptr); error < 0) {
    return libav::to_error(ErrorCode::kInput, error, fmt::format("the {} decoder cannot be opened", name));
  }
  return decoder;
}

int VideoDecoder::send(const AVPacket* packet) {
  if (!cut_short_ || packet == nullptr) return avcodec_send_packet(context_.get(), packet);
  const AVCodecContext& c = *context_;
  const std::vector<std::uint8_t> glance =
      hevc_glance({packet->data, static_cast<std::size_t>(packet->size)},
                  {c.extradata, static_cast<std::size_t>(std::max(0, c.extradata_size))});
  if (glance.empty()) return 0;
  const libav::PacketPtr cut = libav::make_packet();
  if (!cut || av_new_packet(cut.get(), static_cast<int>(glance.size())) < 0) return AVERROR(ENOMEM);
  std::copy(glance.begin(), glance.end(), cut->data);
  if (const int error = av_packet_copy_props(cut.get(), packet); error < 0) return error;
  return avcodec_send_packet(context_.get(), cut.get());
}
int VideoDecoder::receive(AVFrame* frame) {
  const int got = avcodec_receive_frame(context_.get(), frame);
  return got == 0 && nvdec_ ? nvdec_->fetch(frame) : got;
}

bool VideoDecoder::takes_buffers() const {
  if (nvdec_) return false;
  const AVCodecDescriptor* descriptor = avcodec_descriptor_get(context_->codec_id);
  const bool in_range = descriptor != nullptr && (descriptor->props & AV_CODEC_PROP_LOSSY) != 0;
  return in_range && (context_->codec->capabilities & AV_CODEC_CAP_DR1) != 0;
}

int VideoDecoder::held_frames(int threads) const {
  const AVCodecContext& c = *context_;
  const bool parallel = (c.codec->capabilities & AV_CODEC_CAP_FRAME_THREADS) != 0;
  int references = 4;  // two references, one waiting to be shown, one to spare: MPEG-2 and its kin
  const AVCodecDescriptor* descriptor = avcodec_descriptor_get(c.codec_id);
  if (descriptor != nullptr && (descriptor->props & AV_CODEC_PROP_INTRA_ONLY) != 0) references = 0;
  switch (c.codec_id) {
    case AV_CODEC_ID_HEVC: {
      constexpr int kMostPictures = 16;
      const auto extradata = std::span(c.extradata, static_cast<std::size_t>(std::max(0, c.extradata_size)));
      references = hevc_dpb_frames(extradata).value_or(kMostPictures);
      break;
    }
    case AV_CODEC_ID_H264: references = std::max(1, c.refs) + c.has_b_frames; break;
    case AV_CODEC_ID_VP9: references = 8; break;
    // libdav1d has picture memory of its own.
    case AV_CODEC_ID_AV1: return 0;
    default: break;
  }
  return references + (parallel ? std::clamp(threads, 1, kMaxDecodeThreads) : 1) + 1;
}

std::uint64_t VideoDecoder::memory_bytes(AVCodecID codec, int width, int height, int held, int threads) {
  const std::uint64_t pixels = static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
  switch (codec) {
    // Motion: 12 bytes a 4x4 block of each picture held; parsing and filtering state a thread.
    case AV_CODEC_ID_HEVC:
      return pixels * 3 / 4 * static_cast<std::uint64_t>(held) + pixels / 4 * static_cast<std::uint64_t>(threads);
    // Motion and reference indices: 10 bytes a 4x4 block.
    case AV_CODEC_ID_H264:
      return pixels * 5 / 8 * static_cast<std::uint64_t>(held) + pixels / 4 * static_cast<std::uint64_t>(threads);
    // Reference pictures and those of each thread, 16 bit 4:2:0.
    case AV_CODEC_ID_AV1: return pixels * 3 * static_cast<std::uint64_t>(8 + threads);
    default: return pixels * static_cast<std::uint64_t>(threads);
  }
}

}  // namespace jinsha
