#include "libav/mux_bridge.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/mem.h>
}

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "libav/color.h"
#include "libav/formats.h"

namespace jinsha::libav {
namespace {

Error out_of_memory() { return make_error(ErrorCode::kNotPossible, "no memory to describe an output stream"); }

Status set_extradata(AVCodecParameters* parameters, const Bytes& headers) {
  if (!headers || headers->empty()) return {};
  auto* data = static_cast<std::uint8_t*>(av_mallocz(headers->size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (data == nullptr) return out_of_memory();
  std::copy(headers->begin(), headers->end(), data);
  parameters->extradata = data;
  parameters->extradata_size = static_cast<int>(headers->size());
  return {};
}

// Takes `data` in every case. Side data of a stream moved into its codec parameters in FFmpeg 6.1,
// and the muxers read it only there since.
Status add_side_data(AVStream* stream, AVPacketSideDataType type, void* data, std::size_t size) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 100)
  AVCodecParameters* parameters = stream->codecpar;
  const bool added = av_packet_side_data_add(&parameters->coded_side_data, &parameters->nb_coded_side_data, type, data,
                                             size, 0) != nullptr;
#else
  const bool added = av_stream_add_side_data(stream, type, static_cast<std::uint8_t*>(data), size) >= 0;
#endif
  if (added) return {};
  av_free(data);
  return out_of_memory();
}

Status set_hdr(AVStream* stream, const HdrMetadata& hdr) {
  if (hdr.mastering_display) {
    const MasteringDisplay& from = *hdr.mastering_display;
    AVMasteringDisplayMetadata* to = av_mastering_display_metadata_alloc();
    if (to == nullptr) return out_of_memory();
    constexpr int kChromaticityUnits = 50'000;
    constexpr int kLuminanceUnits = 10'000;
    for (std::size_t c = 0; c < 3; ++c) {
      for (std::size_t i = 0; i < 2; ++i) {
        to->display_primaries[c][i] = {from.primaries_rgb[c][i], kChromaticityUnits};
      }
    }
    for (std::size_t i = 0; i < 2; ++i) to->white_point[i] = {from.white_point[i], kChromaticityUnits};
    to->max_luminance = {static_cast<int>(std::min<std::uint32_t>(from.max_luminance, INT32_MAX)), kLuminanceUnits};
    to->min_luminance = {static_cast<int>(std::min<std::uint32_t>(from.min_luminance, INT32_MAX)), kLuminanceUnits};
    to->has_primaries = 1;
    to->has_luminance = 1;
    JINSHA_TRY(add_side_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, to, sizeof(*to)));
  }
  if (hdr.content_light) {
    std::size_t size = 0;
    AVContentLightMetadata* to = av_content_light_metadata_alloc(&size);
    if (to == nullptr) return out_of_memory();
    to->MaxCLL = hdr.content_light->max_cll_nits;
    to->MaxFALL = hdr.content_light->max_fall_nits;
    JINSHA_TRY(add_side_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, to, size));
  }
  return {};
}

Status describe_video(AVStream* stream, const VideoStreamInfo& info) {
  AVCodecParameters* to = stream->codecpar;
  to->codec_type = AVMEDIA_TYPE_VIDEO;
  to->codec_id = from_codec(info.codec);
  if (to->codec_id == AV_CODEC_ID_NONE) {
    return make_error(ErrorCode::kInternal, "{} video was given to a libavformat muxer", name_of(info.codec));
  }
  to->width = info.width;
  to->height = info.height;
  to->sample_aspect_ratio = from_rational(info.sample_aspect);
  to->color_primaries = static_cast<AVColorPrimaries>(info.color.primaries);
  to->color_trc = static_cast<AVColorTransferCharacteristic>(info.color.transfer);
  to->color_space = static_cast<AVColorSpace>(info.color.matrix);
  to->color_range = from_range(info.color.range);
  to->chroma_location = from_chroma_location(info.color.chroma_location);
  to->bits_per_raw_sample = info.format.depth;
  to->video_delay = info.reorder_frames;
  JINSHA_TRY(set_extradata(to, info.headers));
  JINSHA_TRY(set_hdr(stream, info.hdr));
  stream->time_base = from_rational(info.time_base);
  stream->sample_aspect_ratio = to->sample_aspect_ratio;
  if (info.frame_rate.valid()) stream->avg_frame_rate = stream->r_frame_rate = from_rational(info.frame_rate);
  return {};
}

Status describe_audio(AVStream* stream, const AudioStreamInfo& info) {
  AVCodecParameters* to = stream->codecpar;
  to->codec_type = AVMEDIA_TYPE_AUDIO;
  to->codec_id = static_cast<AVCodecID>(info.codec_id);
  if (to->codec_id == AV_CODEC_ID_NONE) {
    const AVCodecDescriptor* descriptor = avcodec_descriptor_get_by_name(info.codec.c_str());
    if (descriptor != nullptr) to->codec_id = descriptor->id;
  }
  to->sample_rate = info.sample_rate;
  to->frame_size = info.frame_size;
  to->bit_rate = info.bitrate_bits_per_s;
  if (info.layout.empty() || av_channel_layout_from_string(&to->ch_layout, info.layout.c_str()) < 0 ||
      to->ch_layout.nb_channels != info.channels) {
    av_channel_layout_uninit(&to->ch_layout);
    av_channel_layout_default(&to->ch_layout, info.channels);
  }
  JINSHA_TRY(set_extradata(to, info.headers));
  // OpusHead: magic(8), version(1), channels(1), pre-skip(16, little-endian), RFC 7845 5.1.
  if (to->codec_id == AV_CODEC_ID_OPUS && to->extradata_size >= 12) {
    to->initial_padding = to->extradata[10] | to->extradata[11] << 8;
  }
  if (info.is_default) stream->disposition |= AV_DISPOSITION_DEFAULT;
  stream->time_base = from_rational(info.time_base);
  if (!info.language.empty() && av_dict_set(&stream->metadata, "language", info.language.c_str(), 0) < 0) {
    return out_of_memory();
  }
  return {};
}

Status describe_data(AVStream* stream, const DataStreamInfo& info) {
  AVCodecParameters* to = stream->codecpar;
  to->codec_id = static_cast<AVCodecID>(info.codec_id);
  to->codec_type = avcodec_get_type(to->codec_id);
  to->bit_rate = info.bitrate_bits_per_s;
  JINSHA_TRY(set_extradata(to, info.headers));
  stream->time_base = from_rational(info.time_base);
  if (!info.language.empty() && av_dict_set(&stream->metadata, "language", info.language.c_str(), 0) < 0) {
    return out_of_memory();
  }
  return {};
}

}  // namespace

Status describe_stream(AVStream* stream, const StreamInfo& info) {
  if (const auto* video = std::get_if<VideoStreamInfo>(&info)) return describe_video(stream, *video);
  if (const auto* audio = std::get_if<AudioStreamInfo>(&info)) return describe_audio(stream, *audio);
  return describe_data(stream, std::get<DataStreamInfo>(info));
}

}  // namespace jinsha::libav
