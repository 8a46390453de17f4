// StreamInfo: what flows in a stream of packets or frames.
#pragma once

#include <string>
#include <variant>

#include "base/time.h"
#include "media/coding.h"
#include "media/packet.h"

namespace jinsha {

struct VideoStreamInfo {
  Codec codec = Codec::kUnknown;
  int width = 0;
  int height = 0;
  PixelFormat format;
  Rational frame_rate;
  Rational time_base;  // seconds per tick of pts and dts
  Rational sample_aspect{1, 1};
  ColorInfo color;
  HdrMetadata hdr;
  Bytes headers;           // coded: HEVC VPS+SPS+PPS as Annex B; AV1 sequence header OBU; may be null
  int reorder_frames = 0;  // coded: how many pictures dts may run behind pts
};

struct AudioStreamInfo {
  std::string codec;  // libavcodec's name: "aac", "ac3", "eac3", "mp2" ...
  int codec_id = 0;   // libavcodec's AVCodecID
  int sample_rate = 0;
  int channels = 0;
  std::string layout;  // "stereo", "5.1", ...
  int frame_size = 0;  // samples a packet where constant, else 0
  std::int64_t bitrate_bits_per_s = 0;
  int block_align = 0;            // bytes, where the codec's packets are made of blocks
  int bits_per_coded_sample = 0;  // where the codec leaves it open
  Rational time_base;
  std::string language;     // ISO 639-2, empty when unknown
  bool is_default = false;  // played where nobody chooses
  Bytes headers;            // codec specific configuration, e.g. AudioSpecificConfig; may be null
};

// Subtitles or data that pass as they are.
struct DataStreamInfo {
  std::string codec;                    // libavcodec's name: "dvb_teletext", "dvb_subtitle"
  int codec_id = 0;                     // libavcodec's AVCodecID
  std::int64_t bitrate_bits_per_s = 0;  // 0: not known
  Rational time_base;
  std::string language;  // ISO 639-2, several separated by commas (teletext); empty when unknown
  Bytes headers;         // pages and types, as libavformat has them between its demuxer and its muxer; may be null
};

using StreamInfo = std::variant<VideoStreamInfo, AudioStreamInfo, DataStreamInfo>;

}  // namespace jinsha
