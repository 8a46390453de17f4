#include "libav/color.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
}

namespace jinsha::libav {
namespace {

constexpr int kReservedCode = 3;  // H.273: code point 3 of all three properties

ColorInfo make_color(AVColorPrimaries primaries, AVColorTransferCharacteristic transfer, AVColorSpace matrix,
                     AVColorRange range, AVChromaLocation location) {
  const auto usable = [](int code) { return code > 0 && code <= 255 && code != kReservedCode; };
  ColorInfo color;
  if (usable(primaries)) color.primaries = static_cast<Primaries>(primaries);
  if (usable(transfer)) color.transfer = static_cast<Transfer>(transfer);
  if (matrix == AVCOL_SPC_RGB || usable(matrix)) color.matrix = static_cast<Matrix>(matrix);
  color.range = to_range(range);
  color.chroma_location = to_chroma_location(location);
  return color;
}

}  // namespace

Range to_range(AVColorRange range) {
  if (range == AVCOL_RANGE_MPEG) return Range::kLimited;
  return range == AVCOL_RANGE_JPEG ? Range::kFull : Range::kUnspecified;
}

AVColorRange from_range(Range range) {
  switch (range) {
    case Range::kLimited: return AVCOL_RANGE_MPEG;
    case Range::kFull: return AVCOL_RANGE_JPEG;
    case Range::kUnspecified: break;
  }
  return AVCOL_RANGE_UNSPECIFIED;
}

// libavutil counts chroma locations from 1; 0 is unspecified.
ChromaLocation to_chroma_location(AVChromaLocation location) {
  if (location <= AVCHROMA_LOC_UNSPECIFIED || location > AVCHROMA_LOC_BOTTOM) return ChromaLocation::kUnspecified;
  return static_cast<ChromaLocation>(static_cast<int>(location) - 1);
}

AVChromaLocation from_chroma_location(ChromaLocation location) {
  if (location == ChromaLocation::kUnspecified) return AVCHROMA_LOC_UNSPECIFIED;
  return static_cast<AVChromaLocation>(static_cast<int>(location) + 1);
}

ColorInfo color_of(const AVCodecParameters& parameters) {
  return make_color(parameters.color_primaries, parameters.color_trc, parameters.color_space, parameters.color_range,
                    parameters.chroma_location);
}

ColorInfo color_of(const AVCodecContext& context) {
  return make_color(context.color_primaries, context.color_trc, context.colorspace, context.color_range,
                    context.chroma_sample_location);
}

ColorInfo color_of(const AVFrame& frame) {
  return make_color(frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range, frame.chroma_location);
}

}  // namespace jinsha::libav
