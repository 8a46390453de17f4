// Side data of streams and frames: where it lies differs between FFmpeg 5 and 7; what is in it
// becomes HdrMetadata or plain values here.
#pragma once

#include <cstdint>  // before libavutil, which asks for UINT64_C

extern "C" {
#include <libavcodec/packet.h>
}

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/frame.h"

struct AVFrame;
struct AVStream;

namespace jinsha::libav {

// Side data of a demuxed stream (AVStream until FFmpeg 6.0, AVCodecParameters since); empty when absent.
std::span<const std::uint8_t> stream_side_data(const AVStream& stream, AVPacketSideDataType type);

// Static HDR metadata of the container and of a decoded picture.
HdrMetadata hdr_of(const AVStream& stream);
HdrMetadata hdr_of(const AVFrame& frame);

// Dolby Vision configuration record (dvcC, dvvC, TS descriptor).
struct DolbyVisionConfig {
  int profile = 0;
  int level = 0;
  int compatibility_id = 0;  // bl_signal_compatibility_id
};
std::optional<DolbyVisionConfig> dolby_vision_of(const AVStream& stream);

// CEA-608/708 captions of a picture as FrameInfo has them; null where it has none.
Bytes captions_of(const AVFrame& frame);

// Names of per-picture metadata: "HDR10+", "Dolby Vision RPU", "HDR Vivid", "CEA-608/708 captions".
std::vector<std::string> dynamic_metadata_of(const AVFrame& frame);

// How the picture has to be turned for display, from the stream's display matrix.
struct Orientation {
  int rotation_degrees = 0;  // clockwise: 0, 90, 180, 270
  bool mirrored = false;     // left to right, after that
  bool exact = true;         // the matrix is one of those four rotations
};
Orientation orientation_of(const AVStream& stream);

}  // namespace jinsha::libav
