// The colour step: from a resolved source description to a target description, at one size.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "image/image_plan.h"

namespace jinsha::image {

struct ColorRequest {
  PixelFormat in_format, out_format;
  int width = 0, height = 0;
  ColorInfo in, out;  // resolved
  ToneMap tone_map = ToneMap::kAuto;
  ToneMapOn tone_map_on = ToneMapOn::kMaxRgb;
  GamutMap gamut = GamutMap::kClip;
  std::shared_ptr<const CubeLut> lut = {};
  LutPlace lut_place = LutPlace::kConversion;
  DitherMode dither = DitherMode::kAuto;
  double source_peak_nits = 1000;
  double target_peak_nits = 100;
};

// What the conversion does to light, for tags, metadata and words.
enum class LightChange {
  kNone,       // same transfer and primaries: code values only
  kContainer,  // same light, other primaries or another SDR transfer
  kRendering,  // HDR to SDR, PQ to HLG and the like
};
LightChange light_change(const ColorRequest& request);
// PQ, HLG and the logarithms of cameras: SDR ends at white.
bool reaches_beyond_white(Transfer transfer);
// A tone curve is part of it.
bool tone_maps(const ColorRequest& request);
// SDR is expanded to HDR, by the inverse of a tone curve.
bool expands(const ColorRequest& request);

// Colours are brought into the output's primaries by more than a cut.
bool maps_gamut(const ColorRequest& request);
// What kAuto comes to.
DitherMode dither_of(const ColorRequest& request);

// The step, or nothing when both sides are the same.
Result<std::optional<kernels::Step>> plan_color(const ColorRequest& request);

kernels::PictureFormat picture_format(const PixelFormat& format, int width, int height);

// Code of black in each plane.
std::array<std::uint16_t, 3> black_codes(const ColorInfo& color, int depth);

}  // namespace jinsha::image
