// The table of encoder back ends.
#include "encode/encoder.h"

#include <fmt/core.h>

#include "encode/backends.h"

namespace jinsha {
namespace {

constexpr EncoderBackend kEncoderBackends[] = {
    {"x265", "HEVC on the CPU (libx265)", x265_available, x265_capabilities, x265_plan, x265_open},
    {"svt-av1", "AV1 on the CPU (libSvtAv1Enc)", svt_available, svt_capabilities, svt_plan, svt_open},
    {"nvenc", "HEVC and AV1 on NVIDIA devices (libavcodec)", nvenc_available, nvenc_capabilities, nvenc_plan,
     nvenc_open},
};

}  // namespace

std::span<const EncoderBackend> encoder_backends() { return kEncoderBackends; }

Result<const EncoderBackend*> find_encoder(const std::string& name) {
  std::string known;
  for (const EncoderBackend& backend : kEncoderBackends) {
    if (name == backend.name) return &backend;
    known += known.empty() ? backend.name : fmt::format(", {}", backend.name);
  }
  return make_error(
      ErrorCode::kUsage,
      "no encoder is called '{}'; there are: {}; and copy, which passes the source's own coded pictures on", name,
      known);
}

std::string mastering_display_text(const MasteringDisplay& display) {
  const auto& [red, green, blue] = display.primaries_rgb;
  return fmt::format("G({},{})B({},{})R({},{})WP({},{})L({},{})", green[0], green[1], blue[0], blue[1], red[0], red[1],
                     display.white_point[0], display.white_point[1], display.max_luminance, display.min_luminance);
}

}  // namespace jinsha
