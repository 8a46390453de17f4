#include "image/image_plan.h"

#include <fmt/core.h>

#include <utility>

#include "image/color_plan.h"
#include "image/hdr_plan.h"
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

const char* class_of(Transfer transfer) {
  if (transfer == Transfer::kPq) return "PQ";
  return transfer == Transfer::kHlg ? "HLG" : "SDR";
}

std::string words_for_light(const ColorRequest& r) {
  std::string text = fmt::format("{} {} to {} {}", class_of(r.in.transfer), name_of(r.in.primaries),
                                 class_of(r.out.transfer), name_of(r.out.primaries));
  if (image::tone_maps(r)) {
    const ToneMap curve = r.tone_map == ToneMap::kAuto ? ToneMap::kBt2390 : r.tone_map;
    text += fmt::format(", {} tone curve {:g} to {:g} cd/m2", name_of(curve), r.source_peak_nits, r.target_peak_nits);
  }
  if (!is_hdr(r.in.transfer) && is_hdr(r.out.transfer)) text += ", SDR white at 203 cd/m2 (BT.2408)";
  if (r.in.transfer != r.out.transfer && (r.in.transfer == Transfer::kHlg || r.out.transfer == Transfer::kHlg)) {
    text += ", HLG display of 1000 cd/m2 and gamma 1.2";
  }
  return text;
}

void describe_change(const ColorRequest& r, std::vector<std::string>& converted) {
  const auto changed = [&](const char* what, const std::string& from, const std::string& to) {
    if (from != to) converted.push_back(fmt::format("{} {} to {}", what, from, to));
  };
  if (image::light_change(r) == LightChange::kNone) {
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

}  // namespace

Result<ImagePlan> plan_image(const ImageRequest& request) {
  const PictureSide& source = request.source;
  JINSHA_TRY(check_side(source.format, source.width, source.height, "source"));
  const int width = request.width > 0 ? request.width : source.width;
  const int height = request.height > 0 ? request.height : source.height;
  JINSHA_TRY(check_side(request.format, width, height, "output"));

  ImagePlan plan;
  ColorRequest color;
  color.in_format = source.format;
  color.out_format = request.format;
  color.tone_map = request.tone_map;
  color.in = image::resolve_source(source, plan.notes);
  color.out = image::resolve_target(request, color.in, request.format);
  JINSHA_ASSIGN(const image::Peaks peaks, image::choose_peaks(request, color.in, color.out, plan.notes));
  color.source_peak_nits = plan.source_peak_nits = peaks.source_nits;
  color.target_peak_nits = plan.target_peak_nits = peaks.target_nits;

  // Fewer pixels first: scale down before colour, up after it.
  const Rational aspect = source.sample_aspect.valid() ? source.sample_aspect.reduced() : Rational{1, 1};
  const bool to_square = request.width > 0 && !(aspect == Rational{1, 1}) && request.fit != Fit::kStretch;
  const bool scales = width != source.width || height != source.height || to_square;
  const bool scale_first =
      static_cast<std::int64_t>(width) * height <= static_cast<std::int64_t>(source.width) * source.height;
  color.width = scales && scale_first ? width : source.width;
  color.height = scales && scale_first ? height : source.height;
  JINSHA_ASSIGN(auto color_step, image::plan_color(color));
  if (scales) {
    const PixelFormat& format = scale_first ? source.format : request.format;
    const image::Framing framing =
        image::frame(source.width, source.height, width, height, request.fit, format, aspect);
    kernels::Step step = image::scale_program(framing, format, scale_first ? color.in : color.out, source.width,
                                              source.height, width, height);
    std::vector<kernels::Step>& steps = plan.program.steps;
    if (color_step) steps.push_back(std::move(*color_step));
    steps.insert(scale_first ? steps.begin() : steps.end(), std::move(step));
    plan.converted.push_back(
        fmt::format("size {}x{} to {}x{}{}", source.width, source.height, width, height,
                    to_square ? fmt::format(", samples of {}:{} to square", aspect.num, aspect.den) : ""));
    if (framing.width != width || framing.height != height) {
      plan.notes.push_back(fmt::format("picture of {}x{} at {},{}; black around it", framing.width, framing.height,
                                       framing.x, framing.y));
    }
    if (framing.crop_width != source.width || framing.crop_height != source.height) {
      plan.dropped.push_back(fmt::format("picture outside {}x{} at {},{} of the source (cropped)", framing.crop_width,
                                         framing.crop_height, framing.crop_x, framing.crop_y));
    }
  } else if (color_step) {
    plan.program.steps.push_back(std::move(*color_step));
  }

  describe_change(color, plan.converted);
  if (source.format.planes() == 3 && request.format.planes() == 1)
    plan.dropped.push_back("colour (the output is grey)");
  plan.output = {.format = request.format,
                 .width = width,
                 .height = height,
                 .color = color.out,
                 .hdr = {},
                 .sample_aspect = request.width > 0 ? Rational{1, 1} : source.sample_aspect};
  plan.output.hdr = image::convert_metadata(source.hdr, request.keep_hdr_metadata, color, plan);
  return plan;
}

}  // namespace jinsha
