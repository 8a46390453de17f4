#include "libav/formats.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <array>

namespace jinsha::libav {
namespace {

struct CodecRow {
  AVCodecID id;
  Codec codec;
};
constexpr std::array kCodecs{
    CodecRow{AV_CODEC_ID_HEVC, Codec::kHevc},        CodecRow{AV_CODEC_ID_AV1, Codec::kAv1},
    CodecRow{AV_CODEC_ID_H264, Codec::kAvc},         CodecRow{AV_CODEC_ID_VP9, Codec::kVp9},
    CodecRow{AV_CODEC_ID_MPEG2VIDEO, Codec::kMpeg2}, CodecRow{AV_CODEC_ID_PRORES, Codec::kProRes},
    CodecRow{AV_CODEC_ID_RAWVIDEO, Codec::kRaw},     CodecRow{AV_CODEC_ID_NONE, Codec::kUnknown},
};

// True where the samples lie as ours do: one plane a component, in our order, no padding bits below.
bool is_direct(const AVPixFmtDescriptor& d, int depth) {
  if ((d.flags & (AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_BITSTREAM)) != 0) return false;
  if (d.nb_components > 1 && (d.flags & AV_PIX_FMT_FLAG_PLANAR) == 0) return false;
  const int bytes = depth > 8 ? 2 : 1;
  if (bytes == 2 && (d.flags & AV_PIX_FMT_FLAG_BE) != 0) return false;  // our hosts are little-endian
  for (int c = 0; c < d.nb_components; ++c) {
    // gbrp: component 0 is R and lies in plane 2, G in 0, B in 1: our order of an identity matrix.
    const int plane = (d.flags & AV_PIX_FMT_FLAG_RGB) != 0 ? (c + 2) % 3 : c;
    const AVComponentDescriptor& comp = d.comp[c];
    if (comp.plane != plane || comp.step != bytes || comp.offset != 0 || comp.shift != 0) return false;
  }
  return true;
}

std::optional<Chroma> chroma_of(const AVPixFmtDescriptor& d, bool identity) {
  if (d.nb_components <= 2) return Chroma::k400;
  if (identity) return Chroma::k444;
  if (d.log2_chroma_w == 0 && d.log2_chroma_h == 0) return Chroma::k444;
  if (d.log2_chroma_w == 1 && d.log2_chroma_h == 0) return Chroma::k422;
  if (d.log2_chroma_w == 1 && d.log2_chroma_h == 1) return Chroma::k420;
  return std::nullopt;
}

}  // namespace

Codec to_codec(AVCodecID id) {
  for (const CodecRow& row : kCodecs) {
    if (row.id == id) return row.codec;
  }
  return Codec::kOther;
}

AVCodecID from_codec(Codec codec) {
  for (const CodecRow& row : kCodecs) {
    if (row.codec == codec) return row.id;
  }
  return AV_CODEC_ID_NONE;
}

Result<FormatUse> use_of(AVPixelFormat format) {
  const AVPixFmtDescriptor* d = av_pix_fmt_desc_get(format);
  if (d == nullptr) return make_error(ErrorCode::kInput, "the decoder does not say which pixel format it gives");
  const auto refuse = [&](const char* why) {
    return make_error(ErrorCode::kInput, "the pixel format {} cannot be used: {}", d->name, why);
  };
  const int depth = d->comp[0].depth;
  if ((d->flags & AV_PIX_FMT_FLAG_HWACCEL) != 0) return refuse("its samples lie on a device");
  if ((d->flags & AV_PIX_FMT_FLAG_BAYER) != 0) return refuse("sensor mosaics are not supported");
  if ((d->flags & AV_PIX_FMT_FLAG_FLOAT) != 0) return refuse("floating-point samples are not supported");
  if ((d->flags & (AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_PAL)) != 0) {
    return refuse("bit-packed and palette pictures are not supported");
  }
  if (depth < 8 || depth > 16) return refuse("samples must have 8 to 16 bits");

  FormatUse use;
  use.drops_alpha = (d->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
  use.xyz = format == AV_PIX_FMT_XYZ12LE || format == AV_PIX_FMT_XYZ12BE;
  use.identity = use.xyz || (d->flags & AV_PIX_FMT_FLAG_RGB) != 0;
  const std::optional<Chroma> chroma = chroma_of(*d, use.identity);
  if (!chroma) return refuse("only 4:2:0, 4:2:2, 4:4:4 and grey are supported");
  const int colours = *chroma == Chroma::k400 ? 1 : 3;
  for (int c = 1; c < colours; ++c) {
    if (d->comp[c].depth != depth) return refuse("its components differ in depth");
  }
  use.format = PixelFormat{.chroma = *chroma, .depth = depth};
  use.direct = !use.xyz && is_direct(*d, depth);
  use.full_range =
      use.identity || format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVJ422P || format == AV_PIX_FMT_YUVJ444P;
  return use;
}

AVPixelFormat substitute_of(AVPixelFormat format) {
  struct Row {
    AVPixelFormat from, to;
  };
  constexpr std::array kRows{
      Row{AV_PIX_FMT_YUV411P, AV_PIX_FMT_YUV422P},
      Row{AV_PIX_FMT_YUVJ411P, AV_PIX_FMT_YUVJ422P},
      Row{AV_PIX_FMT_UYYVYY411, AV_PIX_FMT_YUV422P},
      Row{AV_PIX_FMT_YUV410P, AV_PIX_FMT_YUV420P},
      Row{AV_PIX_FMT_YUV440P, AV_PIX_FMT_YUV444P},
      Row{AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUVJ444P},
      Row{AV_PIX_FMT_YUV440P10LE, AV_PIX_FMT_YUV444P10LE},
      Row{AV_PIX_FMT_YUV440P12LE, AV_PIX_FMT_YUV444P12LE},
      Row{AV_PIX_FMT_PAL8, AV_PIX_FMT_GBRP},
      Row{AV_PIX_FMT_MONOWHITE, AV_PIX_FMT_GRAY8},
      Row{AV_PIX_FMT_MONOBLACK, AV_PIX_FMT_GRAY8},
  };
  for (const Row& row : kRows) {
    if (row.from == format) return row.to;
  }
  return format;
}

AVPixelFormat from_format(PixelFormat format) {
  const std::string depth = format.depth == 8 ? "" : std::to_string(format.depth) + "le";
  if (format.chroma == Chroma::k400) return format_named("gray" + depth);
  return format_named("yuv" + std::string(jinsha::name_of(format.chroma)) + "p" + depth);
}

std::string name_of_format(AVPixelFormat format) {
  const char* name = av_get_pix_fmt_name(format);
  return name == nullptr ? "none" : name;
}

AVPixelFormat format_named(const std::string& name) { return av_get_pix_fmt(name.c_str()); }

AVRational from_rational(Rational value) {
  AVRational result{};
  av_reduce(&result.num, &result.den, value.num, value.den, INT32_MAX);
  return result;
}

Rational to_rational(AVRational value) {
  if (value.num <= 0 || value.den <= 0) return {0, 1};
  return Rational{value.num, value.den}.reduced();
}

}  // namespace jinsha::libav
