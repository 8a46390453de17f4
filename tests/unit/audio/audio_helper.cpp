#include "audio/audio_helper.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
}

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "audio/decoder.h"

namespace jinsha::test {

AudioStreamInfo pcm_stream(const std::string& layout, int channels, int sample_rate) {
  AudioStreamInfo info;
  info.codec = "pcm_s16le";
  info.codec_id = AV_CODEC_ID_PCM_S16LE;
  info.sample_rate = sample_rate;
  info.channels = channels;
  info.layout = layout;
  info.bits_per_coded_sample = 16;
  info.block_align = 2 * channels;
  info.time_base = {1, sample_rate};
  return info;
}

Packet pcm_packet(const AudioStreamInfo& stream, std::int64_t first, int count,
                  const std::function<double(std::int64_t, int)>& value) {
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < count; ++i) {
    for (int c = 0; c < stream.channels; ++c) {
      const auto sample = static_cast<std::int16_t>(std::lround(value(first + i, c) * 32767));
      bytes.push_back(static_cast<std::uint8_t>(sample & 0xFF));
      bytes.push_back(static_cast<std::uint8_t>(sample >> 8 & 0xFF));
    }
  }
  Packet packet;
  packet.stream = 1;
  packet.data = make_bytes(std::move(bytes));
  packet.pts = packet.dts = first;
  packet.duration = count;
  return packet;
}

std::vector<float> decode(const AudioStreamInfo& stream, const std::vector<Packet>& packets) {
  std::vector<float> samples;
  Result<AudioDecoder> decoder = AudioDecoder::open(stream);
  if (!decoder.ok()) {
    ADD_FAILURE() << decoder.error().message;
    return samples;
  }
  const auto take = [&](const AVFrame& frame) -> Status {
    EXPECT_EQ(frame.format, AV_SAMPLE_FMT_FLTP);
    for (int i = 0; i < frame.nb_samples; ++i) {
      for (int c = 0; c < frame.ch_layout.nb_channels; ++c)
        samples.push_back(reinterpret_cast<const float*>(frame.extended_data[c])[i]);
    }
    return {};
  };
  for (const Packet& packet : packets) {
    const Result<bool> good = decoder->decode(&packet, take);
    EXPECT_TRUE(good.ok() && *good) << decoder->refusal();
  }
  EXPECT_TRUE(decoder->decode(nullptr, take).ok());
  return samples;
}

}  // namespace jinsha::test
