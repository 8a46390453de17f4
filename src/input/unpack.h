// Samples of any libavutil pixel format that FormatUse accepts, moved exactly into our planes.
#pragma once

#include "libav/formats.h"
#include "media/frame.h"

namespace jinsha {

// `data` and `linesize` as in AVFrame, for a picture of the size of `to`'s layout. Alpha is left out.
void unpack_picture(const std::uint8_t* const data[], const int linesize[], AVPixelFormat format,
                    const libav::FormatUse& use, FrameMut& to);

}  // namespace jinsha
