#include "input/generator_scene.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "input/generator_counter.h"

namespace jinsha {
namespace {

constexpr std::uint32_t kHighlights = 5;
constexpr std::uint32_t kShapes = 6;

int even(int value) { return value & ~1; }

// 0, 1, .. limit, .. 1, 0, ...
int triangle(std::int64_t at, int limit) {
  if (limit <= 0) return 0;
  const std::int64_t phase = at % (2 * static_cast<std::int64_t>(limit));
  return static_cast<int>(phase <= limit ? phase : 2 * static_cast<std::int64_t>(limit) - phase);
}

template <typename Sample>
Sample* row_of(FrameMut& frame, int plane, int y) {
  return reinterpret_cast<Sample*>(frame.plane(plane) + frame.layout().stride[plane] * static_cast<std::size_t>(y));
}

}  // namespace

GeneratorScene::GeneratorScene(const GeneratorSpec& spec)
    : spec_(spec), look_(spec.color, spec.depth), canvas_(look_, spec.width, spec.height, spec.seed) {
  ramp_.resize(static_cast<std::size_t>(spec.width) * (spec.depth > 8 ? 2 : 1));
  if (spec.depth > 8) {
    make_ramp<std::uint16_t>();
  } else {
    make_ramp<std::uint8_t>();
  }
  if (spec.color == GeneratorColor::kPq) state_light_levels();
}

int GeneratorScene::highlight_radius() const { return std::max(4, even(spec_.width / 48)); }
int GeneratorScene::shape_radius() const { return std::max(4, even(spec_.width / 40)); }
int GeneratorScene::ramp_height() const { return std::max(2, even(spec_.height / 27)); }

// Every code from black to the peak, left to right.
template <typename Sample>
void GeneratorScene::make_ramp() {
  auto* to = reinterpret_cast<Sample*>(ramp_.data());
  const int low = look_.luma_code(0), high = look_.luma_code(look_.peak_signal());
  for (int x = 0; x < spec_.width; ++x) {
    to[x] = static_cast<Sample>(low + static_cast<std::int64_t>(high - low) * x / std::max(1, spec_.width - 1));
  }
}

GeneratorScene::Place GeneratorScene::pan(std::int64_t index) const {
  const int step_x = std::max(2, even(spec_.width / 640)), step_y = std::max(2, even(spec_.height / 1080));
  return {even(triangle(index * step_x, canvas_.margin_x())), even(triangle(index * step_y, canvas_.margin_y()))};
}

// Positions on a path between the edges, clear of the counter above and the ramp below.
GeneratorScene::Place GeneratorScene::bounce(std::int64_t index, std::uint32_t which, int radius) const {
  const std::uint32_t h = (which + 1) * 2654435761U ^ spec_.seed * 40503U;
  const int top = counter_cell_height(spec_.height) * 2 + radius, bottom = spec_.height - ramp_height() - radius;
  const int span_x = std::max(0, spec_.width - 2 * radius), span_y = std::max(0, bottom - top);
  const int speed_x = std::max(2, even(spec_.width * static_cast<int>(3 + h % 5) / 1280));
  const int speed_y = std::max(2, even(spec_.width * static_cast<int>(1 + h % 3) / 1280));
  const auto offset_x = static_cast<std::int64_t>(h >> 8), offset_y = static_cast<std::int64_t>(h >> 12);
  return {even(radius + triangle(index * speed_x + offset_x % (2 * span_x + 2), span_x)),
          even(top + triangle(index * speed_y + offset_y % (2 * span_y + 2), span_y))};
}

void GeneratorScene::draw(std::int64_t index, FrameMut& frame) const {
  if (spec_.depth > 8) {
    draw_as<std::uint16_t>(index, frame);
  } else {
    draw_as<std::uint8_t>(index, frame);
  }
}

template <typename Sample>
void GeneratorScene::draw_as(std::int64_t index, FrameMut& frame) const {
  const PixelFormat format = frame.layout().format;
  const Place at = pan(index);
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    const auto bytes = static_cast<std::size_t>(format.plane_width(plane, spec_.width)) * sizeof(Sample);
    for (int y = 0; y < format.plane_height(plane, spec_.height); ++y) {
      std::memcpy(row_of<Sample>(frame, plane, y), canvas_.row(plane, at.x >> shift, (at.y >> shift) + y), bytes);
    }
  }
  for (std::uint32_t i = 0; i < kHighlights; ++i) {
    draw_highlight<Sample>(frame, bounce(index, i, highlight_radius()), highlight_radius());
  }
  for (std::uint32_t i = 0; i < kShapes; ++i) {
    draw_shape<Sample>(frame, bounce(index, kHighlights + i, shape_radius()), shape_radius(), static_cast<int>(i),
                       i % 2 == 1);
  }
  draw_ramp(frame);
  draw_counter<Sample>(frame, static_cast<std::uint32_t>(index));
}

// A glint: the peak in the middle, fading into what is there.
template <typename Sample>
void GeneratorScene::draw_highlight(FrameMut& frame, Place centre, int radius) const {
  const PaintCode peak = look_.grey(look_.peak_signal());
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1, step = 1 << shift;
    const int target = peak.ycbcr[static_cast<std::size_t>(plane)];
    for (int y = std::max(0, centre.y - radius); y < std::min(spec_.height, centre.y + radius); y += step) {
      Sample* row = row_of<Sample>(frame, plane, y >> shift);
      for (int x = std::max(0, centre.x - radius); x < std::min(spec_.width, centre.x + radius); x += step) {
        const std::int64_t dx = x - centre.x, dy = y - centre.y;
        std::int64_t weight = glint_weight(dx * dx + dy * dy);
        // Chroma fades first, so that no component exceeds the peak where luma is near it.
        if (plane > 0) weight = std::min<std::int64_t>(65'536, weight * 3 / 2);
        Sample& sample = row[x >> shift];
        sample = static_cast<Sample>(sample + (target - static_cast<int>(sample)) * weight / 65'536);
      }
    }
  }
}

template <typename Sample>
void GeneratorScene::draw_shape(FrameMut& frame, Place centre, int radius, int colour, bool diamond) const {
  const PaintCode code = look_.saturated(colour);
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    for (int y = std::max(0, centre.y - radius); y < std::min(spec_.height, centre.y + radius); ++y) {
      if (plane > 0 && (y & 1) != 0) continue;
      const int half = diamond ? even(radius - std::abs(even(y) - centre.y)) : radius;
      const int x0 = std::max(0, centre.x - half), x1 = std::min(spec_.width, centre.x + half);
      if (x1 <= x0) continue;
      Sample* row = row_of<Sample>(frame, plane, y >> shift);
      std::fill(row + (x0 >> shift), row + (x1 >> shift),
                static_cast<Sample>(code.ycbcr[static_cast<std::size_t>(plane)]));
    }
  }
}

void GeneratorScene::draw_ramp(FrameMut& frame) const {
  const FrameLayout& layout = frame.layout();
  const int top = spec_.height - ramp_height();
  for (int y = top; y < spec_.height; ++y) {
    std::memcpy(frame.plane(0) + layout.stride[0] * static_cast<std::size_t>(y), ramp_.data(), ramp_.size());
  }
  for (int plane = 1; plane < 3; ++plane) {
    const std::uint16_t neutral = look_.chroma_code(0);
    for (int y = top / 2; y < layout.format.plane_height(plane, spec_.height); ++y) {
      const auto count = static_cast<std::size_t>(layout.format.plane_width(plane, spec_.width));
      if (spec_.depth > 8) {
        std::fill_n(row_of<std::uint16_t>(frame, plane, y), count, neutral);
      } else {
        std::fill_n(row_of<std::uint8_t>(frame, plane, y), count, static_cast<std::uint8_t>(neutral));
      }
    }
  }
}

template <typename Sample>
void GeneratorScene::draw_counter(FrameMut& frame, std::uint32_t number) const {
  const PaintCode black = look_.grey(0), white = look_.grey(look_.texture_high());
  const int rows = counter_cell_height(spec_.height), end = counter_cell_begin(kCounterCells, spec_.width);
  const std::uint32_t cells = counter_cells(number);
  for (int y = 0; y < rows; ++y) {
    Sample* row = row_of<Sample>(frame, 0, y);
    for (int i = 0; i < kCounterCells; ++i) {
      const PaintCode& code = (cells >> i & 1) != 0 ? white : black;
      std::fill(row + counter_cell_begin(i, spec_.width), row + counter_cell_begin(i + 1, spec_.width),
                static_cast<Sample>(code.ycbcr[0]));
    }
  }
  for (int plane = 1; plane < 3; ++plane) {  // black and white are both neutral
    for (int y = 0; y < rows / 2; ++y) {
      std::fill_n(row_of<Sample>(frame, plane, y), (end + 1) / 2, static_cast<Sample>(white.ycbcr[1]));
    }
  }
}

// Weight of a glint in 1/65536 at a squared distance: full inside half the radius, then falling with the square.
std::int64_t GeneratorScene::glint_weight(std::int64_t squared_distance) const {
  const std::int64_t rr = static_cast<std::int64_t>(highlight_radius()) * highlight_radius();
  return std::clamp<std::int64_t>((rr - squared_distance) * 4 * 65'536 / (3 * rr), 0, 65'536);
}

// MaxCLL is the light of the brightest sample drawn. MaxFALL is the largest average of a frame: the canvas's where
// nothing covers it and what is drawn on it, to about 2 %, which is added.
void GeneratorScene::state_light_levels() {
  constexpr double kMargin = 1.02;
  const double area = static_cast<double>(spec_.width) * spec_.height;
  const PaintCode peak = look_.grey(look_.peak_signal()), white = look_.grey(look_.texture_high());
  const int neutral = look_.chroma_code(0), radius = highlight_radius();
  double covered = 0, drawn = 0;
  for (int d = 0; d < radius; ++d) {  // rings of a glint over middle grey
    const double ring = kHighlights * 3.14159265 * (2 * d + 1),
                 weight = static_cast<double>(glint_weight(d * d)) / 65'536;
    const double background = look_.grey(look_.texture_high() * 0.7).ycbcr[0];
    drawn += ring *
             look_.max_rgb_nits(static_cast<int>(background + (peak.ycbcr[0] - background) * weight), neutral, neutral);
    covered += ring;
  }
  for (int i = 0; i < static_cast<int>(kShapes); ++i) {
    const double size = 4.0 * shape_radius() * shape_radius() * (i % 2 == 1 ? 0.5 : 1.0);
    drawn += size * look_.saturated(i).max_rgb_nits;
    covered += size;
  }
  for (int x = 0; x < spec_.width; ++x) {
    const int code = spec_.depth > 8 ? reinterpret_cast<const std::uint16_t*>(ramp_.data())[x]
                                     : static_cast<int>(ramp_[static_cast<std::size_t>(x)]);
    drawn += look_.max_rgb_nits(code, neutral, neutral) * ramp_height();
  }
  covered += static_cast<double>(spec_.width) * ramp_height();
  const double cell = static_cast<double>(spec_.width) / 40 * counter_cell_height(spec_.height);
  covered += kCounterCells * cell;
  double most = 0;
  // The pan repeats after as many frames as it takes to cross the margins and come back.
  const std::int64_t period = 4LL * (canvas_.margin_x() + canvas_.margin_y());
  for (std::int64_t i = 0; i < std::min(spec_.frames, period); ++i) {
    const Place at = pan(i);
    const double cells = std::popcount(counter_cells(static_cast<std::uint32_t>(i))) * cell * white.max_rgb_nits;
    most = std::max(most, canvas_.average_nits(at.x, at.y) * (area - covered) / area + (drawn + cells) / area);
  }
  // P3-D65 and D65 in units of 0.00002; 1000 and 0.0001 cd/m2 in units of 0.0001.
  hdr_.mastering_display = MasteringDisplay{.primaries_rgb = {{{34'000, 16'000}, {13'250, 34'500}, {7'500, 3'000}}},
                                            .white_point = {15'635, 16'450},
                                            .max_luminance = 10'000'000,
                                            .min_luminance = 1};
  hdr_.content_light = ContentLight{.max_cll_nits = static_cast<std::uint16_t>(std::lround(peak.max_rgb_nits)),
                                    .max_fall_nits = static_cast<std::uint16_t>(std::ceil(most * kMargin))};
}

}  // namespace jinsha
