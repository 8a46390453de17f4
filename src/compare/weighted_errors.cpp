#include "compare/weighted_errors.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "compare/plane_view.h"

namespace jinsha::compare {
namespace {

// Numbers of the paper: blocks of 128 luma samples at UHD and in proportion elsewhere; above HD activity is that of
// a picture of half the width and height; up to VGA weights are smoothed; from 32 pictures a second on changes are
// second differences.
constexpr double kUhdPixels = 3840.0 * 2160.0;
constexpr int kUhdBlock = 128;
constexpr std::int64_t kHalvedAbovePixels = 2048 * 1152;
constexpr std::int64_t kSmoothedUpToPixels = 640 * 480;
constexpr std::int64_t kSecondDifferencesFps = 32;
constexpr double kTemporalGain = 2;

struct Block {
  std::array<std::uint64_t, 3> squared_error{};
  double weight = 1;
};

struct Box {
  int left, top, right, bottom;  // right and bottom are outside
  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

template <typename Sample>
std::uint64_t squared_error(const PlaneView<Sample>& a, const PlaneView<Sample>& b, const Box& box) {
  std::uint64_t sum = 0;
  for (int y = box.top; y < box.bottom; ++y) {
    const Sample *row_a = a.row(y), *row_b = b.row(y);
    for (int x = box.left; x < box.right; ++x) {
      const auto d = static_cast<std::int64_t>(row_a[x]) - static_cast<std::int64_t>(row_b[x]);
      sum += static_cast<std::uint64_t>(d * d);
    }
  }
  return sum;
}

// Mean magnitude of the high-passed luma: 12 in the middle, -2 beside, -1 at the corners.
template <typename Sample>
double spatial_activity(const PlaneView<Sample>& luma, const Box& block) {
  const Box box{std::max(block.left, 1), std::max(block.top, 1), std::min(block.right, luma.width - 1),
                std::min(block.bottom, luma.height - 1)};
  if (box.width() <= 0 || box.height() <= 0) return 0;
  std::uint64_t sum = 0;
  for (int y = box.top; y < box.bottom; ++y) {
    const Sample *above = luma.row(y - 1), *here = luma.row(y), *below = luma.row(y + 1);
    for (int x = box.left; x < box.right; ++x) {
      const int beside = here[x - 1] + here[x + 1] + above[x] + below[x];
      const int corners = above[x - 1] + above[x + 1] + below[x - 1] + below[x + 1];
      sum += static_cast<std::uint64_t>(std::abs(12 * here[x] - 2 * beside - corners));
    }
  }
  return static_cast<double>(sum) / (static_cast<double>(box.width()) * box.height());
}

// The same of a picture of half the size, each of whose samples is 2x2: the filter reaches 2 samples further on
// each side. Its gain is that of the four samples together.
template <typename Sample>
double spatial_activity_halved(const PlaneView<Sample>& luma, const Box& block) {
  const Box box{std::max(block.left, 2), std::max(block.top, 2), std::min(block.right, luma.width - 2),
                std::min(block.bottom, luma.height - 2)};
  if (box.width() <= 0 || box.height() <= 0) return 0;
  std::uint64_t sum = 0;
  for (int y = box.top; y + 1 < box.bottom; y += 2) {
    // Rows at the same distance from the middle have the same weights.
    const std::array<const Sample*, 6> rows{luma.row(y - 2), luma.row(y - 1), luma.row(y),
                                            luma.row(y + 1), luma.row(y + 2), luma.row(y + 3)};
    const auto inner = [&](int x) { return rows[2][x] + rows[3][x]; };
    const auto middle = [&](int x) { return rows[1][x] + rows[4][x]; };
    const auto outer = [&](int x) { return rows[0][x] + rows[5][x]; };
    for (int x = box.left; x + 1 < box.right; x += 2) {
      const int centre = inner(x) + inner(x + 1);
      const int beside = inner(x - 1) + inner(x + 2) + middle(x) + middle(x + 1);
      const int corners = middle(x - 1) + middle(x + 2);
      const int ring = inner(x - 2) + inner(x + 3) + middle(x - 2) + middle(x + 3) + outer(x - 1) + outer(x) +
                       outer(x + 1) + outer(x + 2);
      sum += static_cast<std::uint64_t>(std::abs(12 * centre - 3 * beside - 2 * corners - ring));
    }
  }
  return static_cast<double>(sum) / (static_cast<double>(box.width()) * box.height());
}

// Mean magnitude of the change from picture to picture, of sums of `side` x `side` samples.
template <typename Sample>
double temporal_activity(const std::array<PlaneView<Sample>, 3>& luma, const Box& box, int side, bool second) {
  std::uint64_t sum = 0;
  for (int y = box.top; y + side <= box.bottom; y += side) {
    for (int x = box.left; x + side <= box.right; x += side) {
      int change = 0;
      for (int dy = 0; dy < side; ++dy) {
        for (int dx = 0; dx < side; ++dx) {
          const int now = luma[0].row(y + dy)[x + dx], before = luma[1].row(y + dy)[x + dx];
          change += now - before;
          if (second) change += luma[2].row(y + dy)[x + dx] - before;
        }
      }
      sum += static_cast<std::uint64_t>(std::abs(change));
    }
  }
  return static_cast<double>(sum) / (static_cast<double>(box.width()) * box.height());
}

// Small pictures: no block weighs more than the heaviest of its neighbours to the left, right and above.
void smooth(std::vector<Block>& blocks, int columns) {
  const auto count = static_cast<int>(blocks.size());
  const auto weight = [&](int index) -> double& { return blocks[static_cast<std::size_t>(index)].weight; };
  for (int index = 0; index < count; ++index) {
    double limit = 0;
    if (index % columns > 0) limit = std::max(limit, weight(index - 1));
    if (index % columns < columns - 1) limit = std::max(limit, weight(index + 1));
    if (index >= columns) limit = std::max(limit, weight(index - columns));
    if (limit > 0) weight(index) = std::min(weight(index), limit);
  }
}

template <typename Sample>
Block measure_block(const Moment& moment, const Box& box, bool weighs, bool second_differences) {
  const FrameLayout& layout = moment.reference.layout();
  const PixelFormat& format = layout.format;
  Block block;
  for (int plane = 0; plane < format.planes(); ++plane) {
    const int shift_x = plane > 0 ? format.chroma_shift_x() : 0, shift_y = plane > 0 ? format.chroma_shift_y() : 0;
    const PlaneView<Sample> a(moment.reference, plane), b(moment.other, plane);
    const Box part{box.left >> shift_x, box.top >> shift_y,
                   std::min((box.right + (1 << shift_x) - 1) >> shift_x, a.width),
                   std::min((box.bottom + (1 << shift_y) - 1) >> shift_y, a.height)};
    block.squared_error[static_cast<std::size_t>(plane)] = squared_error(a, b, part);
  }
  if (!weighs) return block;
  const std::array<PlaneView<Sample>, 3> luma{PlaneView<Sample>(moment.reference, 0),
                                              PlaneView<Sample>(moment.before, 0),
                                              PlaneView<Sample>(moment.before_that, 0)};
  const bool halved = static_cast<std::int64_t>(layout.width) * layout.height > kHalvedAbovePixels;
  const double spatial = halved ? spatial_activity_halved(luma[0], box) : spatial_activity(luma[0], box);
  const double temporal = temporal_activity(luma, box, halved ? 2 : 1, second_differences);
  const double least = std::ldexp(1, format.depth - 6);
  block.weight = 1 / std::max(least, spatial + kTemporalGain * temporal);
  return block;
}

}  // namespace

PlaneErrors plane_errors(const Moment& moment, Rational frame_rate, ThreadPool& pool) {
  const FrameLayout& layout = moment.reference.layout();
  const PixelFormat& format = layout.format;
  const int width = layout.width, height = layout.height;
  const double of_uhd = static_cast<double>(width) * height / kUhdPixels;
  const int paper_side = 4 * static_cast<int>(kUhdBlock / 4.0 * std::sqrt(of_uhd) + 0.5);
  const bool weighs = paper_side > 0;  // pictures too small for a block have weight 1 everywhere
  const int side = weighs ? paper_side : std::max(width, height);
  const int columns = (width + side - 1) / side, rows = (height + side - 1) / side;
  const bool second_differences = frame_rate.num / std::max<std::int64_t>(frame_rate.den, 1) >= kSecondDifferencesFps;

  std::vector<Block> blocks(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  pool.run(columns * rows, [&](int index, int) {
    const int left = index % columns * side, top = index / columns * side;
    const Box box{left, top, std::min(left + side, width), std::min(top + side, height)};
    blocks[static_cast<std::size_t>(index)] = with_sample_type(format, [&]<typename Sample>(Sample) {
      return measure_block<Sample>(moment, box, weighs, second_differences);
    });
  });
  if (weighs && static_cast<std::int64_t>(width) * height <= kSmoothedUpToPixels) smooth(blocks, columns);

  // Root of the average activity of pictures of this size and depth, 2^(2d - 5) / sqrt(of_uhd) in the filters' gain.
  const double average = weighs ? std::sqrt(std::ldexp(1, 2 * format.depth - 5) / std::sqrt(of_uhd)) : 1;
  PlaneErrors errors;
  for (std::size_t plane = 0; plane < static_cast<std::size_t>(format.planes()); ++plane) {
    std::uint64_t plain = 0;
    double weighted = 0;
    for (const Block& block : blocks) {
      plain += block.squared_error[plane];
      weighted += static_cast<double>(block.squared_error[plane]) * block.weight;
    }
    const double samples = static_cast<double>(format.plane_width(static_cast<int>(plane), width)) *
                           format.plane_height(static_cast<int>(plane), height);
    errors.mean_square[plane] = static_cast<double>(plain) / samples;
    errors.weighted_mean_square[plane] = weighted * average / samples;
  }
  return errors;
}

}  // namespace jinsha::compare
