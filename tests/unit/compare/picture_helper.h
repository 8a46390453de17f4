// Pictures made from a function of plane and place.
#pragma once

#include <functional>

#include "media/frame.h"

namespace jinsha::test {

using Sampler = std::function<int(int plane, int x, int y)>;
Frame make_picture(PixelFormat format, int width, int height, const Sampler& sample);

// Seeded noise around the middle of the range.
Frame make_noise(PixelFormat format, int width, int height, unsigned seed);

}  // namespace jinsha::test
