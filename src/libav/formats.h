// Pixel formats and codecs: libav*'s identifiers and ours.
#pragma once

#include <cstdint>  // before libavutil, which asks for UINT64_C

extern "C" {
#include <libavcodec/codec_id.h>
#include <libavutil/pixfmt.h>
#include <libavutil/rational.h>
}

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "media/coding.h"
#include "media/pixel_format.h"

namespace jinsha::libav {

Codec to_codec(AVCodecID id);
AVCodecID from_codec(Codec codec);

// What becomes of a decoder's pixel format.
struct FormatUse {
  PixelFormat format;
  bool direct = false;      // already in our layout: planes Y, Cb, Cr (or G, B, R), low-aligned, native-endian
  bool full_range = false;  // the format itself says full range (yuvj*, RGB)
  bool identity = false;    // RGB or XYZ samples: Matrix::kIdentity
  bool xyz = false;         // SMPTE ST 428-1 X'Y'Z'
  bool drops_alpha = false;
};

// kInput with the format's name and the reason where its samples cannot be carried exactly.
Result<FormatUse> use_of(AVPixelFormat format);

// `format` itself, or for the few layouts the pipeline does not know the nearest that holds all their
// samples: 4:1:1 and 4:1:0 become 4:2:2 and 4:2:0, 4:4:0 becomes 4:4:4, palettes RGB.
AVPixelFormat substitute_of(AVPixelFormat format);

// The libavutil format whose layout equals ours, AV_PIX_FMT_NONE where there is none.
AVPixelFormat from_format(PixelFormat format);

// FFmpeg's name: "yuv420p10le"; "none" for none.
std::string name_of_format(AVPixelFormat format);
AVPixelFormat format_named(const std::string& name);

AVRational from_rational(Rational value);
// {0, 1} where `value` is not positive.
Rational to_rational(AVRational value);

}  // namespace jinsha::libav
