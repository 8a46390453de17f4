#include "compare/picture_helper.h"

#include <cstring>
#include <random>

namespace jinsha::test {

Frame make_picture(PixelFormat format, int width, int height, const Sampler& sample) {
  const auto pool = FramePool::create(FrameLayout::packed(format, width, height), 1);
  auto frame = pool->try_acquire();
  const FrameLayout layout = frame->layout();
  for (int plane = 0; plane < format.planes(); ++plane) {
    for (int y = 0; y < format.plane_height(plane, height); ++y) {
      std::byte* row = frame->plane(plane) + static_cast<std::size_t>(y) * layout.stride[plane];
      for (int x = 0; x < format.plane_width(plane, width); ++x) {
        const auto value = static_cast<std::uint16_t>(sample(plane, x, y));
        if (format.bytes_per_sample() == 1) {
          row[x] = static_cast<std::byte>(value);
        } else {
          std::memcpy(row + 2 * static_cast<std::ptrdiff_t>(x), &value, sizeof value);
        }
      }
    }
  }
  return std::move(*frame).publish();
}

Frame make_noise(PixelFormat format, int width, int height, unsigned seed) {
  std::mt19937 random(seed);
  const int middle = 1 << (format.depth - 1);
  std::uniform_int_distribution<int> noise(-middle / 2, middle / 2);
  return make_picture(format, width, height, [&](int, int, int) { return middle + noise(random); });
}

}  // namespace jinsha::test
