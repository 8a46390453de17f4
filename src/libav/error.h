// AVERROR codes as words.
#pragma once

#include <string>

#include "base/result.h"

namespace jinsha::libav {

// libavutil's text for an AVERROR, e.g. "Invalid data found when processing input".
std::string error_text(int averror);

// "`what`: text of averror"; running out of memory is kNotPossible whatever `code` is.
Error to_error(ErrorCode code, int averror, const std::string& what);

}  // namespace jinsha::libav
