#include "input/black_bars.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace jinsha {
namespace {

// Sums of the rows and of the columns of one plane.
struct Sums {
  std::vector<std::uint64_t> rows, columns;
};

template <typename Sample>
Sums sums_of(const Frame& picture, int plane) {
  const FrameLayout& layout = picture.layout();
  const auto width = static_cast<std::size_t>(layout.width), height = static_cast<std::size_t>(layout.height);
  Sums sums{std::vector<std::uint64_t>(height), std::vector<std::uint64_t>(width)};
  std::vector<std::uint32_t> columns(width);  // of so many rows that they cannot overflow:
  constexpr std::size_t kRowsAtOnce = 65'536;
  const std::byte* row = picture.plane(plane);
  for (std::size_t y = 0; y < height; ++y, row += layout.stride[plane]) {
    const auto* samples = reinterpret_cast<const Sample*>(row);
    std::uint64_t sum = 0;
    for (std::size_t x = 0; x < width; ++x) {
      sum += samples[x];
      columns[x] += samples[x];
    }
    sums.rows[y] = sum;
    if ((y + 1) % kRowsAtOnce != 0 && y + 1 != height) continue;
    for (std::size_t x = 0; x < width; ++x) sums.columns[x] += std::exchange(columns[x], 0);
  }
  return sums;
}

// Leading and trailing sums of `count` samples each that stay within `limit` a sample.
std::pair<int, int> dark_ends(const std::vector<std::uint64_t>& sums, std::uint64_t limit, std::size_t count) {
  const auto bright = [&](std::uint64_t sum) { return sum > limit * count; };
  const auto first = std::find_if(sums.begin(), sums.end(), bright);
  const auto last = std::find_if(sums.rbegin(), sums.rend(), bright);
  return {static_cast<int>(first - sums.begin()), static_cast<int>(last - sums.rbegin())};
}

}  // namespace

BlackBars BlackBars::common_with(const BlackBars& other) const {
  return {std::min(left, other.left), std::min(top, other.top), std::min(right, other.right),
          std::min(bottom, other.bottom)};
}

BlackBars BlackBars::turned(int degrees, bool mirrored) const {
  BlackBars bars = *this;
  for (int turn = 0; turn < degrees; turn += 90) bars = {bars.bottom, bars.left, bars.top, bars.right};
  if (mirrored) std::swap(bars.left, bars.right);
  return bars;
}

std::optional<BlackBars> black_bars_of(const Frame& picture) {
  const FrameLayout& layout = picture.layout();
  const FrameInfo& info = picture.info();
  const bool rgb = info.color.matrix == Matrix::kIdentity && layout.format.planes() == 3;
  const int black = info.color.range == Range::kFull ? 0 : 16;
  const auto limit = static_cast<std::uint64_t>(black + 8) << (layout.format.depth - 8);
  std::optional<BlackBars> bars;
  for (int plane = 0; plane < (rgb ? 3 : 1); ++plane) {
    const Sums sums = layout.format.bytes_per_sample() == 1 ? sums_of<std::uint8_t>(picture, plane)
                                                            : sums_of<std::uint16_t>(picture, plane);
    const auto [top, bottom] = dark_ends(sums.rows, limit, sums.columns.size());
    const auto [left, right] = dark_ends(sums.columns, limit, sums.rows.size());
    // Where a picture has no bright row it may still have a bright column: a thin line in the dark.
    if (top == layout.height || left == layout.width) continue;
    const BlackBars found{left, top, right, bottom};
    bars = bars ? bars->common_with(found) : found;
  }
  return bars;
}

}  // namespace jinsha
