#include "libav/side_data.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/dovi_meta.h>
#include <libavutil/frame.h>
#include <libavutil/mastering_display_metadata.h>
}

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace jinsha::libav {
namespace {

constexpr int kChromaticityUnits = 50'000;
constexpr int kLuminanceUnits = 10'000;

// value * units rounded to nearest, within 0..limit.
std::int64_t in_units(AVRational value, int units, std::int64_t limit) {
  if (value.den == 0) return 0;
  std::int64_t num = value.num, den = value.den;
  if (den < 0) {
    num = -num;
    den = -den;
  }
  return std::clamp<std::int64_t>((num * units + den / 2) / den, 0, limit);
}

// `bytes` may be of an older or newer library and shorter or longer than our struct.
template <typename T>
bool read_as(std::span<const std::uint8_t> bytes, T& value) {
  if (bytes.empty()) return false;
  std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof value));
  return true;
}

HdrMetadata make_hdr(std::span<const std::uint8_t> display, std::span<const std::uint8_t> light) {
  HdrMetadata hdr;
  AVMasteringDisplayMetadata m{};
  // Primaries or luminance alone are not a mastering display description.
  if (read_as(display, m) && m.has_primaries != 0 && m.has_luminance != 0) {
    MasteringDisplay& to = hdr.mastering_display.emplace();
    for (std::size_t c = 0; c < 3; ++c) {
      for (std::size_t i = 0; i < 2; ++i) {
        to.primaries_rgb[c][i] =
            static_cast<std::uint16_t>(in_units(m.display_primaries[c][i], kChromaticityUnits, UINT16_MAX));
      }
    }
    for (std::size_t i = 0; i < 2; ++i) {
      to.white_point[i] = static_cast<std::uint16_t>(in_units(m.white_point[i], kChromaticityUnits, UINT16_MAX));
    }
    to.max_luminance = static_cast<std::uint32_t>(in_units(m.max_luminance, kLuminanceUnits, UINT32_MAX));
    to.min_luminance = static_cast<std::uint32_t>(in_units(m.min_luminance, kLuminanceUnits, UINT32_MAX));
  }
  AVContentLightMetadata l{};
  if (read_as(light, l)) {
    hdr.content_light = ContentLight{.max_cll_nits = static_cast<std::uint16_t>(std::min(l.MaxCLL, 65535U)),
                                     .max_fall_nits = static_cast<std::uint16_t>(std::min(l.MaxFALL, 65535U))};
  }
  return hdr;
}

std::span<const std::uint8_t> frame_side_data(const AVFrame& frame, AVFrameSideDataType type) {
  const AVFrameSideData* data = av_frame_get_side_data(&frame, type);
  if (data == nullptr) return {};
  return {data->data, data->size};
}

struct DynamicRow {
  AVFrameSideDataType type;
  const char* name;
};
constexpr std::array kDynamic{
    DynamicRow{AV_FRAME_DATA_DYNAMIC_HDR_PLUS, "HDR10+"},
    DynamicRow{AV_FRAME_DATA_DOVI_RPU_BUFFER, "Dolby Vision RPU"},
    DynamicRow{AV_FRAME_DATA_DOVI_METADATA, "Dolby Vision RPU"},
    DynamicRow{AV_FRAME_DATA_DYNAMIC_HDR_VIVID, "HDR Vivid"},
    DynamicRow{AV_FRAME_DATA_A53_CC, kCaptions},
};

}  // namespace

std::span<const std::uint8_t> stream_side_data(const AVStream& stream, AVPacketSideDataType type) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 100)
  const AVPacketSideData* data =
      av_packet_side_data_get(stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, type);
  if (data == nullptr) return {};
  return {data->data, data->size};
#else
  std::size_t size = 0;
  const std::uint8_t* data = av_stream_get_side_data(&stream, type, &size);
  if (data == nullptr) return {};
  return {data, size};
#endif
}

HdrMetadata hdr_of(const AVStream& stream) {
  return make_hdr(stream_side_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA),
                  stream_side_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL));
}

HdrMetadata hdr_of(const AVFrame& frame) {
  return make_hdr(frame_side_data(frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA),
                  frame_side_data(frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL));
}

std::optional<DolbyVisionConfig> dolby_vision_of(const AVStream& stream) {
  AVDOVIDecoderConfigurationRecord record{};
  if (!read_as(stream_side_data(stream, AV_PKT_DATA_DOVI_CONF), record)) return std::nullopt;
  return DolbyVisionConfig{
      .profile = record.dv_profile, .level = record.dv_level, .compatibility_id = record.dv_bl_signal_compatibility_id};
}

Bytes captions_of(const AVFrame& frame) {
  const std::span<const std::uint8_t> data = frame_side_data(frame, AV_FRAME_DATA_A53_CC);
  const std::size_t whole = data.size() / 3 * 3;
  return whole > 0 ? copy_bytes(data.first(whole)) : nullptr;
}

std::vector<std::string> dynamic_metadata_of(const AVFrame& frame) {
  std::vector<std::string> names;
  for (const DynamicRow& row : kDynamic) {
    if (av_frame_get_side_data(&frame, row.type) == nullptr) continue;
    if (std::find(names.begin(), names.end(), row.name) == names.end()) names.emplace_back(row.name);
  }
  return names;
}

Orientation orientation_of(const AVStream& stream) {
  Orientation result;
  const std::span<const std::uint8_t> bytes = stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX);
  std::array<std::int32_t, 9> matrix{};
  if (bytes.size() < sizeof matrix) return result;
  std::memcpy(matrix.data(), bytes.data(), sizeof matrix);
  const std::int64_t determinant =
      static_cast<std::int64_t>(matrix[0]) * matrix[4] - static_cast<std::int64_t>(matrix[1]) * matrix[3];
  result.mirrored = determinant < 0;
  if (result.mirrored) av_display_matrix_flip(matrix.data(), 1, 0);
  const double counter_clockwise = av_display_rotation_get(matrix.data());
  if (std::isnan(counter_clockwise)) return result;
  const double quarter_turns = -counter_clockwise / 90.0;
  const double nearest = std::round(quarter_turns);
  result.exact = std::abs(quarter_turns - nearest) < 0.01;
  result.rotation_degrees = (static_cast<int>(nearest) % 4 + 4) % 4 * 90;
  return result;
}

}  // namespace jinsha::libav
