#include "image/image_plan.h"

#include <fmt/core.h>

#include <type_traits>
#include <utility>

#include "image/color_plan.h"
#include "image/hdr_plan.h"
#include "image/orient_plan.h"
#include "image/resolve.h"
#include "image/scale_plan.h"

namespace jinsha {
namespace {

using image::ColorRequest;
using image::LightChange;

constexpr int kMaxSide = 32'768;

Status check_side(const PixelFormat& format, int width, int height, const char* side) {
  if (width < 1 || height < 1 || width > kMaxSide || height > kMaxSide) {
    return make_error(ErrorCode::kUsage, "{} size {}x{} is outside 1x1...{}x{}", side, width, height, kMaxSide,
                      kMaxSide);
  }
  if (format.depth < 8 || format.depth > 16) {
    return make_error(ErrorCode::kUsage, "{} depth {} is outside 8...16 bit", side, format.depth);
  }
  return {};
}

std::string class_of(Transfer transfer) {
  if (transfer == Transfer::kPq) return "PQ";
  if (transfer == Transfer::kHlg) return "HLG";
  if (transfer == Transfer::kDcdm) return "DCDM";
  return is_camera_log(transfer) ? name_of(transfer) : "SDR";
}

// What no stream can say.
void leave_unsaid(ColorInfo& color, std::vector<std::string>& dropped) {
  const auto leave = [&](auto& value, const char* what) {
    if (!is_uncoded(value)) return;
    dropped.push_back(
        fmt::format("{} {} (H.273 has no code point for it; the stream says unspecified)", what, name_of(value)));
    value = std::remove_reference_t<decltype(value)>::kUnspecified;
  };
  leave(color.primaries, "colour primaries");
  leave(color.transfer, "transfer characteristics");
}

std::string words_for_light(const ColorRequest& r) {
  std::string text = fmt::format("{} {} to {} {}", class_of(r.in.transfer), name_of(r.in.primaries),
                                 class_of(r.out.transfer), name_of(r.out.primaries));
  if (image::tone_maps(r)) {
    const ToneMap curve = r.tone_map == ToneMap::kAuto ? ToneMap::kBt2390 : r.tone_map;
    const bool on_max = r.tone_map_on == ToneMapOn::kMaxRgb;
    text += fmt::format(", {} tone curve{}{} {:g} to {:g} cd/m2", name_of(curve), on_max ? "" : " on ",
                        on_max ? "" : name_of(r.tone_map_on), r.source_peak_nits, r.target_peak_nits);
  }
  if (is_camera_log(r.in.transfer) != is_camera_log(r.out.transfer)) {
    text += ", scene white at 203 cd/m2 (BT.2408)";
  } else if (!is_hdr(r.in.transfer) && is_hdr(r.out.transfer)) {
    text += image::expands(r) ? fmt::format(", expanded by the inverse of {}", name_of(r.tone_map))
                              : ", SDR white at 203 cd/m2 (BT.2408)";
  }
  if (image::maps_gamut(r))
    text += r.gamut == GamutMap::kIctcp ? ", gamut reached at constant hue of ICtCp" : ", gamut compressed";
  if (r.in.transfer != r.out.transfer && (r.in.transfer == Transfer::kHlg || r.out.transfer == Transfer::kHlg)) {
    text += ", HLG display of 1000 cd/m2 and gamma 1.2";
  }
  return text;
}

void describe_change(const ColorRequest& r, std::vector<std::string>& converted) {
  const auto changed = [&](const char* what, const std::string& from, const std::string& to) {
    if (from != to) converted.push_back(fmt::format("{} {} to {}", what, from, to));
  };
  if (r.lut != nullptr) {
    const char* const places[] = {"instead of a conversion", "on the source", "on the output"};
    converted.push_back(
        fmt::format("look-up table '{}' {}", r.lut->name, places[static_cast<std::size_t>(r.lut_place)]));
  }
  if (image::light_change(r) == LightChange::kNone || (r.lut != nullptr && r.lut_place == LutPlace::kConversion)) {
    changed("colour primaries", name_of(r.in.primaries), name_of(r.out.primaries));
    changed("transfer characteristics", name_of(r.in.transfer), name_of(r.out.transfer));
  } else {
    converted.push_back(words_for_light(r));
  }
  changed("matrix", name_of(r.in.matrix), name_of(r.out.matrix));
  changed("range", name_of(r.in.range), name_of(r.out.range));
  changed("format", describe(r.in_format), describe(r.out_format));
  if (r.in_format.chroma == Chroma::k420 && r.out_format.chroma == Chroma::k420) {
    changed("chroma location", name_of(r.in.chroma_location), name_of(r.out.chroma_location));
  }
}

// Cut edges lie on whole chroma samples.
Status check_crop(const Rectangle& crop, const PictureSide& side) {
  const auto text = [&] { return fmt::format("--crop {}:{}:{}:{}", crop.width, crop.height, crop.x, crop.y); };
  if (crop.width < 1 || crop.height < 1 || crop.x < 0 || crop.y < 0 || crop.width > side.width - crop.x ||
      crop.height > side.height - crop.y) {
    return make_error(ErrorCode::kUsage, "{}: the rectangle (W:H:X:Y) is not inside the picture of {}x{}", text(),
                      side.width, side.height);
  }
  const int step_x = 1 << side.format.chroma_shift_x(), step_y = 1 << side.format.chroma_shift_y();
  const bool right_edge = crop.x + crop.width == side.width, bottom_edge = crop.y + crop.height == side.height;
  if (crop.x % step_x != 0 || crop.y % step_y != 0 || (crop.width % step_x != 0 && !right_edge) ||
      (crop.height % step_y != 0 && !bottom_edge)) {
    return make_error(ErrorCode::kUsage, "{}: {} has one chroma sample for {}x{} luma samples; give multiples of them",
                      text(), describe(side.format), step_x, step_y);
  }
  return {};
}

void describe_framing(const image::Framing& framing, const Rectangle& used, const Rectangle& all, int width, int height,
                      Rational aspect, ImagePlan& plan) {
  if (width != used.width || height != used.height || !(aspect == Rational{1, 1})) {
    plan.converted.push_back(fmt::format(
        "size {}x{} to {}x{}{}", used.width, used.height, width, height,
        aspect == Rational{1, 1} ? "" : fmt::format(", samples of {}:{} to square", aspect.num, aspect.den)));
  }
  if (framing.width != width || framing.height != height) {
    plan.notes.push_back(
        fmt::format("picture of {}x{} at {},{}; black around it", framing.width, framing.height, framing.x, framing.y));
  }
  if (used != all) {
    plan.converted.push_back(fmt::format("cropped from {}x{} to {}x{} at {},{}", all.width, all.height, used.width,
                                         used.height, used.x, used.y));
  }
  if (framing.crop_width != used.width || framing.crop_height != used.height) {
    plan.dropped.push_back(fmt::format("picture outside {}x{} at {},{} of the source (cropped)", framing.crop_width,
                                       framing.crop_height, framing.crop_x, framing.crop_y));
  }
}

void describe_turn(const Orientation& orientation, std::vector<std::string>& converted) {
  if (orientation == Orientation{}) return;
  std::string text = "turned for display:";
  if (orientation.rotation_degrees != 0) text += fmt::format(" {} degrees clockwise", orientation.rotation_degrees);
  if (orientation.mirrored) text += orientation.rotation_degrees != 0 ? ", mirrored" : " mirrored";
  converted.push_back(std::move(text));
}

}  // namespace

Result<ImagePlan> plan_image(const ImageRequest& request) {
  JINSHA_TRY(check_side(request.source.format, request.source.width, request.source.height, "source"));
  ImagePlan plan;
  ColorRequest color;
  color.out_format = request.format;
  color.tone_map = request.tone_map;
  color.tone_map_on = request.tone_map_on;
  color.gamut = request.gamut;
  color.lut = request.lut;
  color.lut_place = request.lut_place;
  color.dither = request.dither;
  PictureSide source = request.source;
  source.color = image::resolve_source(source, plan.notes);
  source.sample_aspect = source.sample_aspect.valid() ? source.sample_aspect.reduced() : Rational{1, 1};
  const ColorInfo stated = source.color;
  plan.source = source;
  color.out = image::resolve_target(request, stated, request.format);
  std::vector<kernels::Step>& steps = plan.program.steps;
  JINSHA_TRY(image::turn(source, request.orientation, steps));
  color.in_format = source.format;
  color.in = source.color;
  JINSHA_ASSIGN(const image::Peaks peaks, image::choose_peaks(request, color.in, color.out, plan.notes));
  color.source_peak_nits = plan.source_peak_nits = peaks.source_nits;
  color.target_peak_nits = plan.target_peak_nits = peaks.target_nits;

  const Rectangle all{source.width, source.height, 0, 0};
  const Rectangle used = request.crop.value_or(all);
  JINSHA_TRY(check_crop(used, source));
  const int width = request.width > 0 ? request.width : used.width;
  const int height = request.height > 0 ? request.height : used.height;
  JINSHA_TRY(check_side(request.format, width, height, "output"));

  // Fewer pixels first: scale down before colour, up after it.
  const Rational aspect = source.sample_aspect;
  const bool to_square = request.width > 0 && !(aspect == Rational{1, 1}) && request.fit != Fit::kStretch;
  const bool scales = width != used.width || height != used.height || to_square;
  const bool frames = scales || used != all;
  const bool scale_first =
      static_cast<std::int64_t>(width) * height <= static_cast<std::int64_t>(source.width) * source.height;
  color.width = frames && scale_first ? width : source.width;
  color.height = frames && scale_first ? height : source.height;
  JINSHA_ASSIGN(auto color_step, image::plan_color(color));
  const bool color_dithers = color_step.has_value();
  if (color_step && !(frames && scale_first)) steps.push_back(std::move(*color_step));
  if (frames) {
    const PixelFormat& format = scale_first ? source.format : request.format;
    image::Framing framing = image::frame(used.width, used.height, width, height, request.fit, format, aspect);
    framing.crop_x += used.x;
    framing.crop_y += used.y;
    steps.emplace_back(image::scale_program(framing, request.scale_filter, format, scale_first ? color.in : color.out,
                                            source.width, source.height, width, height));
    if (color_step && scale_first) steps.push_back(std::move(*color_step));
    describe_framing(framing, used, all, width, height, to_square ? aspect : Rational{1, 1}, plan);
  }

  if (const DitherMode dither = image::dither_of(color); color_dithers && dither != DitherMode::kNone)
    plan.notes.push_back(fmt::format("dithered to {} bits: {}", request.format.depth, name_of(dither)));
  describe_turn(request.orientation, plan.converted);
  color.in_format = request.source.format;
  color.in = stated;
  describe_change(color, plan.converted);
  if (source.format.planes() == 3 && request.format.planes() == 1)
    plan.dropped.push_back("colour (the output is grey)");
  plan.output = {.format = request.format,
                 .width = width,
                 .height = height,
                 .color = color.out,
                 .hdr = {},
                 .sample_aspect = request.width > 0 ? Rational{1, 1} : source.sample_aspect};
  leave_unsaid(plan.output.color, plan.dropped);
  plan.output.hdr = image::convert_metadata(request, color, plan);
  return plan;
}

Result<ImagePlan> plan_signals(const PictureSide& pictures, int depth) {
  ImageRequest request;
  request.source = pictures;
  request.format = {Chroma::k444, depth};
  request.color = {pictures.color.primaries, pictures.color.transfer, Matrix::kIdentity, Range::kFull,
                   ChromaLocation::kUnspecified};
  request.dither = DitherMode::kNone;
  return plan_image(request);
}

}  // namespace jinsha
