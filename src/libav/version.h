// Which FFmpeg this process runs with.
#pragma once

#include <string>

namespace jinsha::libav {

// "FFmpeg 5.1.6 (libavcodec 59.37.100)", of the libraries loaded.
std::string version_text();

}  // namespace jinsha::libav
