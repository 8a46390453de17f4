#include "libav/error.h"

extern "C" {
#include <libavutil/error.h>
}

#include <cerrno>

namespace jinsha::libav {

std::string error_text(int averror) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  if (av_strerror(averror, text, sizeof text) < 0) return "error " + std::to_string(averror);
  return text;
}

Error to_error(ErrorCode code, int averror, const std::string& what) {
  if (averror == AVERROR(ENOMEM)) code = ErrorCode::kNotPossible;
  return Error{code, what + ": " + error_text(averror)};
}

}  // namespace jinsha::libav
