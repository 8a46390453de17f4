#include "compute/picture_helper.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <stop_token>

namespace jinsha::test {
namespace {

constexpr std::byte kGuard{0xA5};

template <typename T>
void copy_in(const Picture& picture, FrameMut& frame) {
  for (int plane = 0; plane < picture.format.planes(); ++plane) {
    for (int y = 0; y < picture.plane_height(plane); ++y) {
      std::byte* row = frame.plane(plane) + frame.layout().stride[plane] * static_cast<std::size_t>(y);
      for (int x = 0; x < picture.plane_width(plane); ++x) {
        const auto code = static_cast<T>(picture.at(plane, x, y));
        std::memcpy(row + static_cast<std::size_t>(x) * sizeof(T), &code, sizeof(T));
      }
    }
  }
}

FrameMut new_frame(PixelFormat format, int width, int height, std::size_t extra_bytes) {
  FrameLayout layout = FrameLayout::packed(format, width, height);
  if (extra_bytes > 0) {
    std::size_t at = extra_bytes;
    for (int plane = 0; plane < format.planes(); ++plane) {
      layout.offset[plane] = at;
      layout.stride[plane] += extra_bytes;
      at += layout.stride[plane] * static_cast<std::size_t>(format.plane_height(plane, height)) + extra_bytes;
    }
    layout.bytes = at + 64;
  }
  auto pool = FramePool::create(layout, 1);
  EXPECT_TRUE(pool.ok());
  return std::move(*pool->acquire(std::stop_token{}));
}

}  // namespace

Picture::Picture(PixelFormat picture_format, int w, int h) : format(picture_format), width(w), height(h) {
  for (int plane = 0; plane < format.planes(); ++plane) {
    planes[plane].resize(static_cast<std::size_t>(plane_width(plane)) * static_cast<std::size_t>(plane_height(plane)));
  }
}

Picture random_picture(PixelFormat format, int width, int height, std::uint32_t seed) {
  Picture picture(format, width, height);
  std::mt19937 random(seed);
  for (auto& plane : picture.planes) {
    for (auto& code : plane) code = static_cast<std::uint16_t>(random() & ((1U << format.depth) - 1));
  }
  return picture;
}

Picture smooth_picture(PixelFormat format, int width, int height, std::uint32_t seed) {
  Picture picture(format, width, height);
  const double unit = 1 << (format.depth - 8);
  const double phase = seed;
  for (int plane = 0; plane < format.planes(); ++plane) {
    for (int y = 0; y < picture.plane_height(plane); ++y) {
      for (int x = 0; x < picture.plane_width(plane); ++x) {
        const double u = static_cast<double>(x) / picture.plane_width(plane);
        const double v = static_cast<double>(y) / picture.plane_height(plane);
        double value = plane == 0 ? u * 0.9 + 0.1 * std::sin(9 * v + phase) * u
                                  : 0.25 * std::sin(5 * u + phase + plane) * std::cos(7 * v);
        if (plane == 0 && x / 24 % 3 == 2) value = 1 - value;
        value = std::clamp(value, plane == 0 ? 0.0 : -0.5, plane == 0 ? 1.0 : 0.5);
        const double code = plane == 0 ? (219 * value + 16) * unit : (224 * value + 128) * unit;
        picture.at(plane, x, y) = static_cast<std::uint16_t>(std::lround(code));
      }
    }
  }
  return picture;
}

Picture from_frame(const Frame& frame) {
  const FrameLayout& layout = frame.layout();
  Picture picture(layout.format, layout.width, layout.height);
  for (int plane = 0; plane < layout.format.planes(); ++plane) {
    for (int y = 0; y < picture.plane_height(plane); ++y) {
      const std::byte* row = frame.plane(plane) + layout.stride[plane] * static_cast<std::size_t>(y);
      for (int x = 0; x < picture.plane_width(plane); ++x) {
        if (layout.format.bytes_per_sample() == 1) {
          picture.at(plane, x, y) = std::to_integer<std::uint16_t>(row[x]);
        } else {
          std::memcpy(&picture.at(plane, x, y), row + static_cast<std::size_t>(x) * 2, 2);
        }
      }
    }
  }
  return picture;
}

Frame to_frame(const Picture& picture, std::size_t extra_bytes) {
  FrameMut frame = new_frame(picture.format, picture.width, picture.height, extra_bytes);
  picture.format.bytes_per_sample() == 1 ? copy_in<std::uint8_t>(picture, frame)
                                         : copy_in<std::uint16_t>(picture, frame);
  return std::move(frame).publish();
}

Picture convert(const ImageRequest& request, const Picture& picture, SimdTarget target, int threads,
                std::size_t extra_bytes) {
  const auto plan = plan_image(request);
  EXPECT_TRUE(plan.ok()) << plan.error().message;
  if (!plan.ok()) return {};
  return run(plan->program, plan->output, picture, target, threads, extra_bytes);
}

Picture run(const kernels::PictureProgram& program, const PictureSide& output, const Picture& picture,
            SimdTarget target, int threads, std::size_t extra_bytes) {
  auto device = open_cpu_device(threads, target, Log());
  EXPECT_TRUE(device.ok()) << device.error().message;
  const Status loaded = (*device)->load(program);
  EXPECT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ((*device)->memory_bytes(),
            target == SimdTarget::kAuto ? cpu_device_memory_bytes(program, threads) : (*device)->memory_bytes());
  const Frame in = to_frame(picture, extra_bytes);
  FrameMut out = new_frame(output.format, output.width, output.height, extra_bytes);
  std::memset(out.plane(0) - out.layout().offset[0], std::to_integer<int>(kGuard), out.layout().bytes);
  (*device)->process(in, out);
  if (extra_bytes > 0) {
    for (int plane = 0; plane < out.layout().format.planes(); ++plane) {
      const auto row_bytes = static_cast<std::size_t>(out.layout().format.plane_width(plane, out.layout().width)) *
                             static_cast<std::size_t>(out.layout().format.bytes_per_sample());
      for (int y = 0; y < out.layout().format.plane_height(plane, out.layout().height); ++y) {
        const std::byte* row = out.plane(plane) + out.layout().stride[plane] * static_cast<std::size_t>(y);
        for (std::size_t i = row_bytes; i < out.layout().stride[plane]; ++i) {
          if (row[i] != kGuard) {
            ADD_FAILURE() << "written past the end of row " << y << " of plane " << plane;
            return {};
          }
        }
      }
    }
  }
  return from_frame(std::move(out).publish());
}

PixelFormat format_of(Chroma chroma, int depth) {
  PixelFormat format;
  format.chroma = chroma;
  format.depth = depth;
  return format;
}

ImageRequest request_for(const Picture& picture, const ColorInfo& from, const ColorInfo& to, PixelFormat out) {
  ImageRequest request;
  request.source.format = picture.format;
  request.source.width = picture.width;
  request.source.height = picture.height;
  request.source.color = from;
  request.format = out;
  request.width = picture.width;
  request.height = picture.height;
  request.color = to;
  request.dither = DitherMode::kNone;
  return request;
}

}  // namespace jinsha::test
