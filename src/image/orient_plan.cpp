#include "image/orient_plan.h"

#include <utility>

#include "image/color_plan.h"

namespace jinsha::image {

Status turn(PictureSide& side, const Orientation& orientation, std::vector<kernels::Step>& steps) {
  if (orientation == Orientation{}) return {};
  if (side.format.chroma == Chroma::k420 || side.format.chroma == Chroma::k422) {
    ColorRequest full{.in_format = side.format,
                      .out_format = {.chroma = Chroma::k444, .depth = side.format.depth},
                      .width = side.width,
                      .height = side.height,
                      .in = side.color,
                      .out = side.color};
    full.out.chroma_location = ChromaLocation::kUnspecified;
    JINSHA_ASSIGN(auto step, plan_color(full));
    if (step) steps.push_back(std::move(*step));
    side.format = full.out_format;
    side.color = full.out;
  }
  kernels::OrientProgram program;
  program.in = picture_format(side.format, side.width, side.height);
  if (orientation.rotation_degrees % 180 != 0) {
    std::swap(side.width, side.height);
    std::swap(side.sample_aspect.num, side.sample_aspect.den);
  }
  program.out = picture_format(side.format, side.width, side.height);
  program.rotation_degrees = orientation.rotation_degrees;
  program.mirrored = orientation.mirrored;
  steps.emplace_back(program);
  return {};
}

}  // namespace jinsha::image
