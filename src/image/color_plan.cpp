#include "image/color_plan.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "image/chroma_filter.h"
#include "image/color_ops.h"
#include "image/dither.h"
#include "image/gamut.h"
#include "image/lut_ops.h"
#include "image/primaries.h"
#include "image/transfer.h"
#include "image/ycbcr.h"

namespace jinsha::image {
namespace {

bool color_difference(const ColorInfo& color) { return color.matrix != Matrix::kIdentity; }

// R'G'B' -> code values of the planes; of ICtCp, L'M'S' ->.
Result<Affine> rgb_to_codes(const ColorInfo& color, const PixelFormat& format, const char* side) {
  const bool ictcp = color.matrix == Matrix::kIctcp;
  const auto planes = ictcp ? lms_to_ictcp(color.transfer) : rgb_to_planes(color.matrix);
  if (!planes && ictcp) {
    return make_error(ErrorCode::kNotPossible, "{}: ICtCp is defined for PQ and HLG, the transfer is {}", side,
                      name_of(color.transfer));
  }
  if (!planes) {
    return make_error(ErrorCode::kNotPossible,
                      "{}: matrix coefficients {} cannot be converted; known are gbr, bt709, bt470bg, smpte170m, "
                      "smpte240m, bt2020nc and ictcp",
                      side, name_of(color.matrix));
  }
  if (ictcp && color.primaries != Primaries::kBt2020) {
    return make_error(ErrorCode::kNotPossible, "{}: ICtCp is defined for the primaries bt2020, they are {}", side,
                      name_of(color.primaries));
  }
  if (!color_difference(color) && format.chroma != Chroma::k444) {
    return make_error(ErrorCode::kNotPossible, "{}: R'G'B' (matrix gbr) needs 4:4:4, the format is {}", side,
                      describe(format));
  }
  return quantiser(color.range, format.depth, color_difference(color)) * Affine{*planes, {}};
}

Status check_light(const ColorInfo& color, const char* side) {
  if (model_of(color.transfer).kind == TransferKind::kUnknown) {
    return make_error(ErrorCode::kNotPossible, "{}: transfer characteristics {} cannot be converted", side,
                      name_of(color.transfer));
  }
  if (!chromaticities_of(color.primaries)) {
    return make_error(ErrorCode::kNotPossible, "{}: colour primaries {} cannot be converted", side,
                      name_of(color.primaries));
  }
  return {};
}

Status check_lut(const ColorRequest& r) {
  if (r.lut == nullptr) return {};
  const bool source = r.lut_place != LutPlace::kOutput, output = r.lut_place != LutPlace::kSource;
  if ((source && r.in.matrix == Matrix::kIctcp) || (output && r.out.matrix == Matrix::kIctcp))
    return make_error(ErrorCode::kNotPossible, "--lut: tables act on R'G'B', and one side of this one is ICtCp");
  return {};
}

bool lut_converts(const ColorRequest& r) { return r.lut != nullptr && r.lut_place == LutPlace::kConversion; }

Status check_tone_map(const ColorRequest& r) {
  if (!tone_maps(r)) return {};
  const char* name = name_of(r.tone_map);
  if (r.tone_map == ToneMap::kBt2408)
    return make_error(ErrorCode::kUsage, "--tone-map {}: it places SDR in HDR; this is {:g} to {:g} cd/m2", name,
                      r.source_peak_nits, r.target_peak_nits);
  const bool between_classes = r.tone_map == ToneMap::kBt2446A || r.tone_map == ToneMap::kBt2446C;
  if (between_classes && reaches_beyond_white(r.out.transfer))
    return make_error(ErrorCode::kUsage, "--tone-map {}: it converts between HDR and SDR, and both sides are HDR",
                      name);
  if (between_classes && r.tone_map_on != ToneMapOn::kMaxRgb)
    return make_error(ErrorCode::kUsage, "--tone-map-on {}: --tone-map {} has its own rule", name_of(r.tone_map_on),
                      name);
  return {};
}

bool same_codes(const ColorRequest& r) {
  return same_matrix(r.in.matrix, r.out.matrix) &&
         (r.in.matrix != Matrix::kIdentity || r.out_format.chroma == Chroma::k444);
}

kernels::ChromaAxis axis_x(const ColorRequest& r, int in_shift, int out_shift) {
  return chroma_axis(in_shift, static_cast<double>(siting_of(r.in.chroma_location).x), out_shift,
                     static_cast<double>(siting_of(r.out.chroma_location).x));
}
kernels::ChromaAxis axis_y(const ColorRequest& r, int in_shift, int out_shift) {
  return chroma_axis(in_shift, static_cast<double>(siting_of(r.in.chroma_location).y), out_shift,
                     static_cast<double>(siting_of(r.out.chroma_location).y));
}

// Planes keep to themselves: depth, range, chroma format, siting.
kernels::PlaneProgram plan_planes(const ColorRequest& r) {
  kernels::PlaneProgram p;
  p.in = picture_format(r.in_format, r.width, r.height);
  p.out = picture_format(r.out_format, r.width, r.height);
  if (p.in.planes == 3 && p.out.planes == 3) {
    p.chroma_x = axis_x(r, p.in.chroma_shift_x, p.out.chroma_shift_x);
    p.chroma_y = axis_y(r, p.in.chroma_shift_y, p.out.chroma_shift_y);
  }
  const Affine map = quantiser(r.out.range, r.out_format.depth, color_difference(r.out)) *
                     inverse(quantiser(r.in.range, r.in_format.depth, color_difference(r.in)));
  const auto black = black_codes(r.out, r.out_format.depth);
  for (std::size_t i = 0; i < 3; ++i) {
    p.scale[i] = static_cast<float>(map.m(i, i));
    p.bias[i] = static_cast<float>(map.offset[i]);
    if (i > 0 && p.in.planes == 1) p.bias[i] = static_cast<float>(black[i]);
    p.low[i] = 0;
    p.high[i] = static_cast<float>((1 << r.out_format.depth) - 1);
  }
  p.dither = dither_tile(dither_of(r));
  return p;
}

}  // namespace

kernels::PictureFormat picture_format(const PixelFormat& format, int width, int height) {
  return {width, height, format.depth, format.chroma_shift_x(), format.chroma_shift_y(), format.planes()};
}

std::array<std::uint16_t, 3> black_codes(const ColorInfo& color, int depth) {
  const Vec3 codes = quantiser(color.range, depth, color_difference(color)) * Vec3{0, 0, 0};
  return {static_cast<std::uint16_t>(codes[0]), static_cast<std::uint16_t>(codes[1]),
          static_cast<std::uint16_t>(codes[2])};
}

namespace {

LightChange formula_change(const ColorRequest& r) {
  if (tone_maps(r)) return LightChange::kRendering;
  if (same_transfer(r.in.transfer, r.out.transfer) && same_primaries(r.in.primaries, r.out.primaries))
    return LightChange::kNone;
  const bool same_class =
      reaches_beyond_white(r.in.transfer) ? r.in.transfer == r.out.transfer : !reaches_beyond_white(r.out.transfer);
  return same_class ? LightChange::kContainer : LightChange::kRendering;
}

// By formulas, not by a table. L'M'S' and R'G'B' meet in linear light only.
bool converts_light(const ColorRequest& r) {
  const bool to_or_from_ictcp =
      r.in.matrix != r.out.matrix && (r.in.matrix == Matrix::kIctcp || r.out.matrix == Matrix::kIctcp);
  return !lut_converts(r) && (to_or_from_ictcp || formula_change(r) != LightChange::kNone);
}

// What maps a curve's domain to its pieces goes into the matrix before it.
void fold_maps(std::vector<kernels::Op>& ops) {
  for (std::size_t i = 1; i < ops.size(); ++i) {
    auto* matrix = std::get_if<kernels::OpMatrix>(&ops[i - 1]);
    auto* curve = std::get_if<kernels::OpCurve>(&ops[i]);
    if (matrix == nullptr || curve == nullptr || curve->curve.mirror) continue;
    kernels::Curve& c = curve->curve;
    for (float& m : matrix->m) m *= c.scale;
    for (float& offset : matrix->offset) offset = std::fma(offset, c.scale, c.offset);
    c.scale = 1;
    c.offset = 0;
  }
}

}  // namespace

bool reaches_beyond_white(Transfer transfer) { return is_hdr(transfer) || is_camera_log(transfer); }

LightChange light_change(const ColorRequest& r) {
  return r.lut != nullptr ? LightChange::kRendering : formula_change(r);
}

bool tone_maps(const ColorRequest& r) {
  if (lut_converts(r)) return false;
  if (!reaches_beyond_white(r.in.transfer)) return false;
  if (r.in.transfer == Transfer::kHlg && r.out.transfer == Transfer::kHlg) return false;
  return r.source_peak_nits > r.target_peak_nits;
}

bool expands(const ColorRequest& r) {
  const bool inverse = r.tone_map == ToneMap::kBt2446A || r.tone_map == ToneMap::kBt2446C;
  return inverse && !lut_converts(r) && !reaches_beyond_white(r.in.transfer) && is_hdr(r.out.transfer);
}

bool maps_gamut(const ColorRequest& r) {
  if (lut_converts(r)) return false;
  if (r.gamut == GamutMap::kClip || r.in.primaries == r.out.primaries) return false;
  const auto from = chromaticities_of(r.in.primaries), to = chromaticities_of(r.out.primaries);
  return from && to && gamut_compression(rgb_to_rgb(*from, *to)).has_value();
}

DitherMode dither_of(const ColorRequest& r) {
  if (r.dither != DitherMode::kAuto) return r.dither;
  const bool coarser = r.in_format.depth > 8 || light_change(r) != LightChange::kNone;
  return r.out_format.depth == 8 && coarser ? DitherMode::kBlueNoise : DitherMode::kNone;
}

Result<std::optional<kernels::Step>> plan_color(const ColorRequest& r) {
  JINSHA_TRY(check_tone_map(r));
  JINSHA_TRY(check_lut(r));
  const bool light = converts_light(r);
  const bool grey_to_rgb = r.in_format.chroma == Chroma::k400 && !color_difference(r.out);
  if (!light && r.lut == nullptr && same_codes(r) && !grey_to_rgb) {
    const bool same_grid = r.in_format == r.out_format && r.in.range == r.out.range &&
                           (r.in_format.chroma != Chroma::k420 || r.in.chroma_location == r.out.chroma_location);
    if (same_grid) return std::optional<kernels::Step>();
    return std::optional<kernels::Step>(plan_planes(r));
  }

  JINSHA_ASSIGN(const Affine from_rgb, rgb_to_codes(r.in, r.in_format, "source"));
  JINSHA_ASSIGN(const Affine to_codes, rgb_to_codes(r.out, r.out_format, "output"));
  Affine to_rgb = inverse(from_rgb);
  if (r.in_format.chroma == Chroma::k400) {
    // Chroma components read as 0: neutral whatever the matrix.
    for (std::size_t i = 0; i < 3; ++i) {
      const double neutral = from_rgb.offset[1];
      to_rgb.offset[i] += (to_rgb.m(i, 1) + to_rgb.m(i, 2)) * neutral;
      to_rgb.m(i, 1) = to_rgb.m(i, 2) = 0;
    }
  }

  kernels::ColorProgram p;
  p.in = picture_format(r.in_format, r.width, r.height);
  p.out = picture_format(r.out_format, r.width, r.height);
  if (p.in.planes == 3) {
    p.in_x = axis_x(r, p.in.chroma_shift_x, 0);
    p.in_y = axis_y(r, p.in.chroma_shift_y, 0);
  }
  if (p.out.planes == 3) {
    p.out_x = axis_x(r, 0, p.out.chroma_shift_x);
    p.out_y = axis_y(r, 0, p.out.chroma_shift_y);
  }
  if (light || r.lut != nullptr) {
    p.ops.push_back(matrix_op(to_rgb));
    if (r.lut != nullptr && r.lut_place != LutPlace::kOutput) append_lut_ops(*r.lut, p.ops);
    if (light) {
      JINSHA_TRY(check_light(r.in, "source"));
      JINSHA_TRY(check_light(r.out, "output"));
      append_light_ops(r, p.ops);
    }
    if (r.lut != nullptr && r.lut_place == LutPlace::kOutput) append_lut_ops(*r.lut, p.ops);
    p.ops.push_back(matrix_op(to_codes));
  } else {
    p.ops.push_back(matrix_op(to_codes * to_rgb));
  }
  fold_maps(p.ops);
  // Limited range keeps clear of the codes SDI protects (BT.2100-2 Table 9, note): 4..1019 of 10 bits.
  const int depth = r.out_format.depth;
  const bool limited = r.out.range != Range::kFull;
  p.low.fill(static_cast<float>(limited ? 1 << (depth - 8) : 0));
  p.dither = dither_tile(dither_of(r));
  p.high.fill(static_cast<float>(limited ? (255 << (depth - 8)) - 1 : (1 << depth) - 1));
  return std::optional<kernels::Step>(std::move(p));
}

}  // namespace jinsha::image
