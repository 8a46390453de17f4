#include "image/lut_ops.h"

#include <utility>

namespace jinsha::image {
namespace {

template <typename Op>
void set_domain(const CubeLut::Part& part, Op& op) {
  op.size = part.size;
  for (std::size_t i = 0; i < 3; ++i) {
    const double scale = (part.size - 1) / (part.high[i] - part.low[i]);
    op.scale[i] = static_cast<float>(scale);
    op.offset[i] = static_cast<float>(-part.low[i] * scale);
  }
}

}  // namespace

void append_lut_ops(const CubeLut& lut, std::vector<kernels::Op>& ops) {
  if (lut.curves) {
    kernels::OpTable op;
    set_domain(*lut.curves, op);
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t at = i; at < lut.curves->rgb.size(); at += 3) op.values.push_back(lut.curves->rgb[at]);
    }
    ops.emplace_back(std::move(op));
  }
  if (lut.cube) {
    kernels::OpLut3 op;
    set_domain(*lut.cube, op);
    op.nodes.reserve(lut.cube->rgb.size() / 3 * 4);
    for (std::size_t at = 0; at < lut.cube->rgb.size(); at += 3) {
      op.nodes.insert(op.nodes.end(), {lut.cube->rgb[at], lut.cube->rgb[at + 1], lut.cube->rgb[at + 2], 0.0F});
    }
    ops.emplace_back(std::move(op));
  }
}

}  // namespace jinsha::image
