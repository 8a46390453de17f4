#include "libav/audio.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
}

#include "libav/formats.h"

namespace jinsha::libav {
namespace {

std::string language_of(const AVStream& stream) {
  const AVDictionaryEntry* language = av_dict_get(stream.metadata, "language", nullptr, 0);
  return language == nullptr ? "" : language->value;
}

Bytes headers_of(const AVCodecParameters& from) {
  if (from.extradata_size <= 0) return nullptr;
  return copy_bytes({from.extradata, static_cast<std::size_t>(from.extradata_size)});
}

}  // namespace

std::string layout_text(const AVChannelLayout& layout) {
  char buffer[512] = {};
  if (av_channel_layout_describe(&layout, buffer, sizeof buffer) <= 0) return "";
  const std::string text = buffer;
  const std::size_t open = text.find('(');
  if (open == std::string::npos || text.find(" channels") >= open) return text;
  return text.substr(open + 1, text.size() - open - 2);
}

AudioStreamInfo audio_info_of(const AVStream& stream) {
  const AVCodecParameters& from = *stream.codecpar;
  AudioStreamInfo info;
  info.codec = avcodec_get_name(from.codec_id);
  info.codec_id = from.codec_id;
  info.sample_rate = from.sample_rate;
  info.channels = from.ch_layout.nb_channels;
  if (info.channels > 0) info.layout = layout_text(from.ch_layout);
  info.frame_size = from.frame_size;
  info.bitrate_bits_per_s = from.bit_rate;
  info.block_align = from.block_align;
  info.bits_per_coded_sample = from.bits_per_coded_sample;
  info.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
  info.time_base = to_rational(stream.time_base);
  info.language = language_of(stream);
  info.headers = headers_of(from);
  return info;
}

DataStreamInfo data_info_of(const AVStream& stream) {
  const AVCodecParameters& from = *stream.codecpar;
  return {.codec = avcodec_get_name(from.codec_id),
          .codec_id = from.codec_id,
          .bitrate_bits_per_s = from.bit_rate,
          .time_base = to_rational(stream.time_base),
          .language = language_of(stream),
          .headers = headers_of(from)};
}

}  // namespace jinsha::libav
