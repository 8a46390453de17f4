#include "input/generator_canvas.h"

#include <algorithm>
#include <cstddef>

namespace jinsha {
namespace {

constexpr int kTile = 1024;          // side of the periodic noise, a power of two
constexpr int kCell = 8;             // samples between points of the coarse map
constexpr int kGridStep = 8;         // samples between points whose light is measured
constexpr float kDarkest = 0.45F;    // of the coarse luma
constexpr int kGrainSamples = 4099;  // a prime: rows do not line up

std::uint32_t hash(std::uint32_t a, std::uint32_t b, std::uint32_t seed) {
  std::uint32_t h = a * 0x9E3779B1U ^ b * 0x85EBCA77U ^ seed * 0xC2B2AE3DU;
  h = (h ^ h >> 15) * 0x2C1B3C6DU;
  h = (h ^ h >> 12) * 0x297A2D39U;
  return h ^ h >> 15;
}

// Uniform in -1..1.
float unit_noise(std::uint32_t a, std::uint32_t b, std::uint32_t seed) {
  return static_cast<float>(hash(a, b, seed) >> 8) * (2.0F / 16'777'216) - 1;
}

float smooth(float t) { return t * t * (3 - 2 * t); }
float mix(float a, float b, float t) { return a + (b - a) * t; }

// Periodic fractal noise in about -1..1 whose spectrum falls as that of photographs does.
std::vector<float> make_tile(std::uint32_t seed) {
  std::vector<float> tile(static_cast<std::size_t>(kTile) * kTile);
  float amplitude = 0.42F;
  for (std::uint32_t lattice = 4; lattice <= 512; lattice *= 2, amplitude *= 0.78F) {
    const std::uint32_t step = kTile / lattice;
    std::vector<float> points(static_cast<std::size_t>(lattice) * lattice);
    for (std::uint32_t j = 0; j < lattice; ++j) {
      for (std::uint32_t i = 0; i < lattice; ++i) points[j * lattice + i] = unit_noise(i, j, seed + lattice);
    }
    for (std::uint32_t y = 0; y < kTile; ++y) {
      const std::uint32_t j = y / step, j1 = (j + 1) % lattice;
      const float v = smooth(static_cast<float>(y % step) / static_cast<float>(step));
      for (std::uint32_t x = 0; x < kTile; ++x) {
        const std::uint32_t i = x / step, i1 = (i + 1) % lattice;
        const float u = smooth(static_cast<float>(x % step) / static_cast<float>(step));
        const float top = mix(points[j * lattice + i], points[j * lattice + i1], u);
        const float bottom = mix(points[j1 * lattice + i], points[j1 * lattice + i1], u);
        tile[y * kTile + x] += amplitude * mix(top, bottom, v);
      }
    }
  }
  return tile;
}

// The landscape every kCell samples: sky above, hills of changing ground below.
struct CoarsePoint {
  float luma = 0;   // 0..1 of the texture range
  float rough = 0;  // amplitude of the detail added to it
  float cb = 0;     // chroma per unit of luma signal
  float cr = 0;
};

CoarsePoint landscape(const std::vector<float>& tile, float u, float v) {
  const auto noise = [&](float scale, int shift) {
    const int x = static_cast<int>(u * scale) + shift, y = static_cast<int>(v * scale) + 3 * shift;
    return tile[static_cast<std::size_t>(y & (kTile - 1)) * kTile + static_cast<std::size_t>(x & (kTile - 1))];
  };
  const float horizon = 0.36F + 0.10F * noise(220, 0) + 0.05F * noise(900, 500);
  if (v < horizon) {
    const float haze = v / 0.4F;
    return {0.78F - 0.30F * haze + 0.05F * noise(500, 77), 0.01F, 0.20F - 0.14F * haze, -0.09F + 0.10F * haze};
  }
  const float ground = std::clamp(0.5F + 0.8F * noise(420, 211), 0.0F, 1.0F);
  const float rock = std::clamp(1.6F * noise(700, 640), 0.0F, 1.0F);
  CoarsePoint p;
  p.luma = 0.40F + 0.34F * noise(600, 901) + 0.12F * ground;
  p.rough = 0.16F + 0.20F * (1 - ground) + 0.16F * rock;
  p.cb = mix(mix(-0.11F, -0.13F, ground), 0.05F, rock);
  p.cr = mix(mix(-0.09F, 0.10F, ground), 0.06F, rock);
  return p;
}

int even(int value) { return value & ~1; }

}  // namespace

GeneratorCanvas::GeneratorCanvas(const GeneratorLook& look, int width, int height, std::uint32_t seed)
    : width_(width),
      height_(height),
      margin_x_(std::max(2, even(width / 16))),
      margin_y_(std::max(2, even(height / 16))) {
  layout_ = FrameLayout::packed({Chroma::k420, look.depth()}, width + margin_x_, height + margin_y_);
  memory_.resize(layout_.bytes);
  if (look.depth() > 8) {
    paint<std::uint16_t>(look, seed);
  } else {
    paint<std::uint8_t>(look, seed);
  }
  measure(look);
}

const std::byte* GeneratorCanvas::row(int plane, int x, int y) const {
  return memory_.data() + layout_.offset[plane] + layout_.stride[plane] * static_cast<std::size_t>(y) +
         static_cast<std::size_t>(x * layout_.format.bytes_per_sample());
}

template <typename Sample>
void GeneratorCanvas::paint(const GeneratorLook& look, std::uint32_t seed) {
  const std::vector<float> tile = make_tile(seed);
  std::vector<float> grain(kGrainSamples + static_cast<std::size_t>(layout_.width));
  for (std::size_t i = 0; i < grain.size(); ++i) grain[i] = unit_noise(static_cast<std::uint32_t>(i), 7, seed);

  const int columns = layout_.width / kCell + 2, rows = layout_.height / kCell + 2;
  std::vector<CoarsePoint> coarse(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      coarse[static_cast<std::size_t>(j) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(i)] = landscape(
          tile, static_cast<float>(i) / static_cast<float>(columns), static_cast<float>(j) / static_cast<float>(rows));
    }
  }
  const auto at = [&](int i, int j) -> const CoarsePoint& {
    return coarse[static_cast<std::size_t>(j) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(i)];
  };

  // Signal = low + (high - low) * texture, kept where chroma cannot leave the range.
  const auto low = static_cast<float>(look.texture_low()), high = static_cast<float>(look.texture_high());
  const auto scale = static_cast<float>(1 << (look.depth() - 8));
  const float grain_codes = 0.35F * scale;

  for (int y = 0; y < layout_.height; ++y) {
    auto* to =
        reinterpret_cast<Sample*>(memory_.data() + layout_.offset[0] + layout_.stride[0] * static_cast<std::size_t>(y));
    const float* detail = &tile[static_cast<std::size_t>(y & (kTile - 1)) * kTile];
    const float* row_grain = &grain[hash(static_cast<std::uint32_t>(y), 1, seed) % kGrainSamples];
    const float v = static_cast<float>(y % kCell) / kCell;
    for (int i = 0; i * kCell < layout_.width; ++i) {
      const int j = y / kCell;
      const float l0 = mix(at(i, j).luma, at(i, j + 1).luma, v), l1 = mix(at(i + 1, j).luma, at(i + 1, j + 1).luma, v);
      const float r0 = mix(at(i, j).rough, at(i, j + 1).rough, v),
                  r1 = mix(at(i + 1, j).rough, at(i + 1, j + 1).rough, v);
      const int end = std::min(kCell, layout_.width - i * kCell);
      for (int k = 0; k < end; ++k) {
        const int x = i * kCell + k;
        const float u = static_cast<float>(k) / kCell;
        const float base = mix(l0, l1, u);
        const float texture = base + mix(r0, r1, u) * 2 * detail[x & (kTile - 1)];
        // Detail never darkens a place so far that its chroma would leave the R'G'B' range.
        const float signal = low + (high - low) * std::clamp(texture, kDarkest * base, 1.0F);
        to[x] = static_cast<Sample>((16 + 219 * signal) * scale + grain_codes * row_grain[x] + 0.5F);
      }
    }
  }
  const int chroma_width = layout_.format.plane_width(1, layout_.width);
  const int chroma_height = layout_.format.plane_height(1, layout_.height);
  constexpr int kChromaCell = kCell / 2;
  for (int plane = 1; plane < 3; ++plane) {
    for (int y = 0; y < chroma_height; ++y) {
      auto* to = reinterpret_cast<Sample*>(memory_.data() + layout_.offset[plane] +
                                           layout_.stride[plane] * static_cast<std::size_t>(y));
      const float v = static_cast<float>(y % kChromaCell) / kChromaCell;
      const int j = y / kChromaCell;
      const auto chroma = [&](int i, int jj) {
        const CoarsePoint& p = at(i, jj);
        return (plane == 1 ? p.cb : p.cr) * (low + (high - low) * std::clamp(p.luma, 0.0F, 1.0F));
      };
      for (int i = 0; i * kChromaCell < chroma_width; ++i) {
        const float c0 = mix(chroma(i, j), chroma(i, j + 1), v), c1 = mix(chroma(i + 1, j), chroma(i + 1, j + 1), v);
        const int end = std::min(kChromaCell, chroma_width - i * kChromaCell);
        for (int k = 0; k < end; ++k) {
          const float value = mix(c0, c1, static_cast<float>(k) / kChromaCell);
          to[i * kChromaCell + k] = static_cast<Sample>((128 + 224 * value) * scale + 0.5F);
        }
      }
    }
  }
}

void GeneratorCanvas::measure(const GeneratorLook& look) {
  grid_columns_ = (layout_.width + kGridStep - 1) / kGridStep;
  grid_rows_ = (layout_.height + kGridStep - 1) / kGridStep;
  const auto pitch = static_cast<std::size_t>(grid_columns_ + 1);
  sums_.assign(pitch * static_cast<std::size_t>(grid_rows_ + 1), 0.0);
  const auto sample = [&](int plane, int x, int y) {
    const std::byte* at = row(plane, x, y);
    return look.depth() > 8 ? static_cast<int>(*reinterpret_cast<const std::uint16_t*>(at)) : static_cast<int>(*at);
  };
  for (int j = 0; j < grid_rows_; ++j) {
    double line = 0;
    for (int i = 0; i < grid_columns_; ++i) {
      // Not all at the same place in their cells: at the lattice points noise varies most.
      const int x = std::min(layout_.width - 1, i * kGridStep + (3 * i + 5 * j) % kGridStep);
      const int y = std::min(layout_.height - 1, j * kGridStep + (5 * i + 3 * j) % kGridStep);
      line += look.max_rgb_nits(sample(0, x, y), sample(1, x / 2, y / 2), sample(2, x / 2, y / 2));
      const std::size_t at = static_cast<std::size_t>(j + 1) * pitch + static_cast<std::size_t>(i + 1);
      sums_[at] = sums_[at - pitch] + line;
    }
  }
}

double GeneratorCanvas::average_nits(int x, int y) const {
  const auto pitch = static_cast<std::size_t>(grid_columns_ + 1);
  const auto sum = [&](int i, int j) {
    return sums_[static_cast<std::size_t>(j) * pitch + static_cast<std::size_t>(i)];
  };
  const int i0 = x / kGridStep, j0 = y / kGridStep;
  const int i1 = std::min(grid_columns_, (x + width_ + kGridStep - 1) / kGridStep);
  const int j1 = std::min(grid_rows_, (y + height_ + kGridStep - 1) / kGridStep);
  return (sum(i1, j1) - sum(i0, j1) - sum(i1, j0) + sum(i0, j0)) / ((i1 - i0) * static_cast<double>(j1 - j0));
}

}  // namespace jinsha
