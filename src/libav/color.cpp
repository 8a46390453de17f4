#include "libav/color.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
}

#include <cstring>

namespace jinsha::libav {
namespace {

constexpr int kReservedCode = 3;  // H.273: code point 3 of all three properties

// libavcodec puts whatever a damaged stream says into its enumerations, also what is no value of them.
template <typename Enum>
int code_of(const Enum& value) {
  static_assert(sizeof(Enum) == sizeof(int));
  int code = 0;
  std::memcpy(&code, &value, sizeof code);
  return code;
}

ColorInfo make_color(int primaries, int transfer, int matrix, int range, int location) {
  const auto usable = [](int code) { return code > 0 && code <= 255 && code != kReservedCode; };
  ColorInfo color;
  if (usable(primaries)) color.primaries = static_cast<Primaries>(primaries);
  if (usable(transfer)) color.transfer = static_cast<Transfer>(transfer);
  if (matrix == AVCOL_SPC_RGB || usable(matrix)) color.matrix = static_cast<Matrix>(matrix);
  if (range == AVCOL_RANGE_MPEG || range == AVCOL_RANGE_JPEG) color.range = to_range(static_cast<AVColorRange>(range));
  if (location > AVCHROMA_LOC_UNSPECIFIED && location <= AVCHROMA_LOC_BOTTOM)
    color.chroma_location = to_chroma_location(static_cast<AVChromaLocation>(location));
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
  return make_color(code_of(parameters.color_primaries), code_of(parameters.color_trc), code_of(parameters.color_space),
                    code_of(parameters.color_range), code_of(parameters.chroma_location));
}

ColorInfo color_of(const AVCodecContext& context) {
  return make_color(code_of(context.color_primaries), code_of(context.color_trc), code_of(context.colorspace),
                    code_of(context.color_range), code_of(context.chroma_sample_location));
}

ColorInfo color_of(const AVFrame& frame) {
  return make_color(code_of(frame.color_primaries), code_of(frame.color_trc), code_of(frame.colorspace),
                    code_of(frame.color_range), code_of(frame.chroma_location));
}

}  // namespace jinsha::libav
