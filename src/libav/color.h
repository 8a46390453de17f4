// libavutil's colour enumerators and ColorInfo. Primaries, transfer and matrix are CICP numbers in
// both; range and chroma location count differently.
#pragma once

extern "C" {
#include <libavutil/pixfmt.h>
}

#include "media/color.h"

struct AVCodecParameters;
struct AVCodecContext;
struct AVFrame;

namespace jinsha::libav {

Range to_range(AVColorRange range);
AVColorRange from_range(Range range);
ChromaLocation to_chroma_location(AVChromaLocation location);
AVChromaLocation from_chroma_location(ChromaLocation location);

// Values a decoder or demuxer reports as reserved (0 of primaries and transfer, 3) read as unspecified.
ColorInfo color_of(const AVCodecParameters& parameters);
ColorInfo color_of(const AVCodecContext& context);
ColorInfo color_of(const AVFrame& frame);

}  // namespace jinsha::libav
