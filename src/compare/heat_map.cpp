#include "compare/heat_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "media/frame.h"

namespace jinsha::compare {
namespace {

struct Stop {
  double delta_e;
  HeatColor color;
};
// Between two stops the colours are mixed by the logarithm, between the first two by the difference itself.
constexpr std::array kStops{
    Stop{0, {0, 0, 0}},   Stop{0.5, {0, 0, 0.6}}, Stop{1, {0.7, 0, 0.7}},       Stop{2, {0.9, 0, 0}},
    Stop{4, {1, 0.5, 0}}, Stop{8, {1, 1, 0}},     Stop{kHeatMapTop, {1, 1, 1}},
};
constexpr int kDepth = 8;

}  // namespace

HeatColor heat_color(double delta_e) {
  if (!(delta_e > 0)) return kStops.front().color;
  for (std::size_t i = 1; i < kStops.size(); ++i) {
    const Stop &from = kStops[i - 1], &to = kStops[i];
    if (delta_e >= to.delta_e) continue;
    const double share = i == 1 ? delta_e / to.delta_e : std::log2(delta_e / from.delta_e);
    const auto mix = [&](double a, double b) { return a + share * (b - a); };
    return {mix(from.color.r, to.color.r), mix(from.color.g, to.color.g), mix(from.color.b, to.color.b)};
  }
  return kStops.back().color;
}

Status write_heat_map(const std::vector<float>& differences, int width, int height, ByteSink& sink) {
  VideoStreamInfo video;
  video.width = width;
  video.height = height;
  video.format = {Chroma::k444, kDepth};
  video.color = {Primaries::kBt709, Transfer::kSrgb, Matrix::kIdentity, Range::kFull, ChromaLocation::kUnspecified};
  JINSHA_ASSIGN(const FramePool pool, FramePool::create(FrameLayout::packed(video.format, width, height), 1));
  std::optional<FrameMut> frame = pool.try_acquire();
  const FrameLayout& layout = frame->layout();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto index = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
      const HeatColor color = heat_color(static_cast<double>(differences[index]));
      const std::array planes{color.g, color.b, color.r};
      for (int plane = 0; plane < 3; ++plane) {
        const std::size_t at = static_cast<std::size_t>(y) * layout.stride[plane] + static_cast<std::size_t>(x);
        frame->plane(plane)[at] = static_cast<std::byte>(std::lround(255 * planes[static_cast<std::size_t>(plane)]));
      }
    }
  }
  FrameWriterConfig config{.kind = ContainerKind::kPng, .video = video};
  JINSHA_ASSIGN(const auto writer, open_frame_writer(config, sink));
  JINSHA_TRY(writer->write(std::move(*frame).publish()));
  return writer->finish();
}

}  // namespace jinsha::compare
