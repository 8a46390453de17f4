// Pictures for tests: frames with samples as plain numbers.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "compute/device.h"
#include "image/image_plan.h"
#include "media/frame.h"

namespace jinsha::test {

// Planes of codes, rows without gaps.
struct Picture {
  PixelFormat format;
  int width = 0;
  int height = 0;
  std::vector<std::uint16_t> planes[3];

  Picture() = default;
  Picture(PixelFormat picture_format, int w, int h);

  int plane_width(int plane) const { return format.plane_width(plane, width); }
  int plane_height(int plane) const { return format.plane_height(plane, height); }
  std::uint16_t& at(int plane, int x, int y) {
    return planes[plane][static_cast<std::size_t>(y) * static_cast<std::size_t>(plane_width(plane)) +
                         static_cast<std::size_t>(x)];
  }
  std::uint16_t at(int plane, int x, int y) const { return const_cast<Picture&>(*this).at(plane, x, y); }

  friend bool operator==(const Picture&, const Picture&) = default;
};

// Every code of the depth, independent from sample to sample.
Picture random_picture(PixelFormat format, int width, int height, std::uint32_t seed);
// Smooth gradients with edges, inside the nominal range: what pictures look like.
Picture smooth_picture(PixelFormat format, int width, int height, std::uint32_t seed);

Picture from_frame(const Frame& frame);
// A frame of its own pool. `extra_bytes` > 0 moves every plane and stride off alignment by so many.
Frame to_frame(const Picture& picture, std::size_t extra_bytes = 0);

// Plans, runs, and checks that nothing outside the output's samples was written.
Picture convert(const ImageRequest& request, const Picture& picture, SimdTarget target = SimdTarget::kAuto,
                int threads = 1, std::size_t extra_bytes = 0);

// The same from the planned program on; `output` says the size and format of what it writes.
Picture run(const kernels::PictureProgram& program, const PictureSide& output, const Picture& picture,
            SimdTarget target = SimdTarget::kAuto, int threads = 1, std::size_t extra_bytes = 0);

PixelFormat format_of(Chroma chroma, int depth);

// Usual descriptions.
inline constexpr ColorInfo kPq2020{Primaries::kBt2020, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited,
                                   ChromaLocation::kTopLeft};
inline constexpr ColorInfo kHlg2020{Primaries::kBt2020, Transfer::kHlg, Matrix::kBt2020Ncl, Range::kLimited,
                                    ChromaLocation::kTopLeft};
inline constexpr ColorInfo kSdr709{Primaries::kBt709, Transfer::kBt709, Matrix::kBt709, Range::kLimited,
                                   ChromaLocation::kLeft};
inline constexpr ColorInfo kSdr2020{Primaries::kBt2020, Transfer::kBt2020Ten, Matrix::kBt2020Ncl, Range::kLimited,
                                    ChromaLocation::kTopLeft};

// Without dither.
ImageRequest request_for(const Picture& picture, const ColorInfo& from, const ColorInfo& to, PixelFormat out);

}  // namespace jinsha::test
