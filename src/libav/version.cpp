#include "libav/version.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/avutil.h>
}

#include <fmt/core.h>

namespace jinsha::libav {

std::string version_text() {
  const unsigned codec = avcodec_version();
  return fmt::format("FFmpeg {} (libavcodec {}.{}.{})", av_version_info(), AV_VERSION_MAJOR(codec),
                     AV_VERSION_MINOR(codec), AV_VERSION_MICRO(codec));
}

}  // namespace jinsha::libav
