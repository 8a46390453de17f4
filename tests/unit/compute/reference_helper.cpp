#include "compute/reference_helper.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "compute/light_reference_helper.h"
#include "reference/ictcp.h"
#include "reference/ycbcr.h"

namespace jinsha::test {
namespace {

using reference::inverse;
using reference::Mat3;
using reference::times;
using reference::Vec3;
using Plane = std::vector<double>;

struct Grid {
  int width, height;
  double value(const Plane& plane, int x, int y) const {
    const int cx = std::clamp(x, 0, width - 1), cy = std::clamp(y, 0, height - 1);
    return plane[static_cast<std::size_t>(cy) * static_cast<std::size_t>(width) + static_cast<std::size_t>(cx)];
  }
};

double keys(double d) {
  d = std::abs(d);
  if (d <= 1) return 1.5 * d * d * d - 2.5 * d * d + 1;
  return d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2 : 0;
}
double lanczos2(double d) {
  const auto sinc = [](double x) { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); };
  return std::abs(d) < 2 ? sinc(d) * sinc(d / 2) : 0;
}

struct Offset {
  double x, y;
};
Offset siting(ChromaLocation location) {
  switch (location) {
    case ChromaLocation::kCenter: return {0.5, 0.5};
    case ChromaLocation::kTopLeft: return {0, 0};
    case ChromaLocation::kTop: return {0.5, 0};
    case ChromaLocation::kBottomLeft: return {0, 1};
    case ChromaLocation::kBottom: return {0.5, 1};
    default: return {0, 0.5};
  }
}

// Values of a chroma plane at luma positions.
Plane upsample(const Plane& in, Grid grid, PixelFormat format, Offset at, int width, int height) {
  if (!format.chroma_shift_x()) return in;
  Plane out;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double px = format.chroma_shift_x() ? (x - at.x) / 2 : x, py = format.chroma_shift_y() ? (y - at.y) / 2 : y;
      double sum = 0;
      for (int j = static_cast<int>(std::floor(py)) - 1; j <= std::floor(py) + 2; ++j) {
        for (int i = static_cast<int>(std::floor(px)) - 1; i <= std::floor(px) + 2; ++i) {
          sum += keys(px - i) * keys(py - j) * grid.value(in, i, j);
        }
      }
      out.push_back(sum);
    }
  }
  return out;
}

// Low-pass of a full-resolution plane at the chroma positions.
// `magnitudes`: with the weights' magnitudes, for slack.
Plane downsample(const Plane& in, Grid grid, PixelFormat format, Offset at, int width, int height, bool magnitudes) {
  if (!format.chroma_shift_x()) return in;
  Plane out;
  const auto weight = [](bool subsampled, double d) { return subsampled ? lanczos2(d / 2) : d == 0 ? 1.0 : 0.0; };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool sx = format.chroma_shift_x() > 0, sy = format.chroma_shift_y() > 0;
      const double cx = sx ? 2 * x + at.x : x, cy = sy ? 2 * y + at.y : y;
      double sum = 0, total = 0;
      for (int j = static_cast<int>(cy) - 4; j <= cy + 4; ++j) {
        for (int i = static_cast<int>(cx) - 4; i <= cx + 4; ++i) {
          const double w = weight(sx, i - cx) * weight(sy, j - cy);
          sum += (magnitudes ? std::abs(w) : w) * grid.value(in, i, j);
          total += w;
        }
      }
      out.push_back(sum / total);
    }
  }
  return out;
}

// R'G'B' to the planes in their order; L'M'S' of ICtCp.
Mat3 planes_matrix(Matrix matrix, Transfer transfer) {
  switch (matrix) {
    case Matrix::kIdentity: return {{{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}};
    case Matrix::kBt709: return ycbcr_matrix(reference::kBt709Luma);
    case Matrix::kBt470Bg:
    case Matrix::kSmpte170M: return ycbcr_matrix(reference::kBt601Luma);
    case Matrix::kSmpte240M: return ycbcr_matrix(reference::kSmpte240MLuma);
    case Matrix::kBt2020Ncl: return ycbcr_matrix(reference::kBt2020Luma);
    case Matrix::kIctcp: return transfer == Transfer::kPq ? reference::kPqToIctcp : reference::kHlgToIctcp;
    default: throw std::invalid_argument("no reference for this matrix");
  }
}

// Codes of the planes, not rounded, from R'G'B' and back.
struct PlaneCodes {
  PlaneCodes(const ColorInfo& color, int bits)
      : to_planes(planes_matrix(color.matrix, color.transfer)),
        to_rgb(inverse(to_planes)),
        luma(reference::luma_codes(bits, color.range == Range::kFull)),
        chroma(color.matrix == Matrix::kIdentity ? luma : reference::chroma_codes(bits, color.range == Range::kFull)) {}

  Vec3 rgb(const Vec3& codes) const {
    return times(to_rgb, Vec3{luma.inverse(codes[0]), chroma.inverse(codes[1]), chroma.inverse(codes[2])});
  }
  Vec3 codes(const Vec3& rgb) const {
    const Vec3 planes = times(to_planes, rgb);
    return {luma(planes[0]), chroma(planes[1]), chroma(planes[2])};
  }
  // By how much the code of a plane may move when the components do.
  double reach(std::size_t plane, const Vec3& slack) const {
    const double scale = (plane == 0 ? luma : chroma).scale;
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i) sum += std::abs(scale * to_planes[plane][i]) * slack[i];
    return sum;
  }

  const Mat3 to_planes, to_rgb;
  const reference::Quantiser luma, chroma;
};

}  // namespace

ExactPicture reference(const Picture& picture, const ColorInfo& from, const ColorInfo& to, PixelFormat out,
                       const ReferenceLight& light) {
  const int width = picture.width, height = picture.height;
  Plane planes[3];
  for (int p = 0; p < 3; ++p) {
    const Plane codes(picture.planes[p].begin(), picture.planes[p].end());
    const Grid grid{picture.plane_width(p), picture.plane_height(p)};
    PixelFormat full;
    full.chroma = Chroma::k444;
    planes[p] = upsample(codes, grid, p == 0 ? full : picture.format, siting(from.chroma_location), width, height);
  }
  const PlaneCodes in_codes(from, picture.format.depth), out_codes(to, out.depth);
  const auto convert_light = light_reference(from, to, light);
  Plane slack[3];
  for (std::size_t i = 0; i < planes[0].size(); ++i) {
    const auto signal = convert_light(in_codes.rgb({planes[0][i], planes[1][i], planes[2][i]}));
    const Vec3 codes = out_codes.codes(signal.rgb);
    for (std::size_t p = 0; p < 3; ++p) {
      planes[p][i] = codes[p];
      slack[p].push_back(out_codes.reach(p, signal.slack));
    }
  }
  ExactPicture exact;
  exact.format = out;
  exact.width = width;
  exact.height = height;
  const bool limited = to.range != Range::kFull;
  const double low = limited ? 1 << (out.depth - 8) : 0;
  const double high = limited ? (255 << (out.depth - 8)) - 1 : (1 << out.depth) - 1;
  for (int p = 0; p < out.planes(); ++p) {
    const auto at_output = [&](const Plane& plane, bool magnitudes) {
      return p == 0 ? plane
                    : downsample(plane, {width, height}, out, siting(to.chroma_location), out.plane_width(p, width),
                                 out.plane_height(p, height), magnitudes);
    };
    exact.planes[p] = at_output(planes[p], false);
    exact.slack[p] = at_output(slack[p], true);
    for (double& code : exact.planes[p]) code = std::clamp(code, low, high);
  }
  return exact;
}

double excess_error(const Picture& picture, const ExactPicture& exact) {
  double worst = 0;
  for (int p = 0; p < picture.format.planes(); ++p) {
    if (picture.planes[p].size() != exact.planes[p].size()) return 1e9;
    for (std::size_t i = 0; i < picture.planes[p].size(); ++i) {
      worst = std::max(worst, std::abs(picture.planes[p][i] - exact.planes[p][i]) - 0.5 - exact.slack[p][i]);
    }
  }
  return worst;
}

Deviation deviation(const Picture& picture, const ExactPicture& exact) {
  Deviation d;
  std::size_t count = 0;
  for (int p = 0; p < picture.format.planes(); ++p) {
    count += picture.planes[p].size();
    if (picture.planes[p].size() != exact.planes[p].size()) return {1e9, 1e9};
    for (std::size_t i = 0; i < picture.planes[p].size(); ++i) {
      const double distance = std::abs(picture.planes[p][i] - std::round(exact.planes[p][i]));
      d.worst = std::max(d.worst, distance);
      d.mean += distance;
    }
  }
  d.mean /= static_cast<double>(count);
  return d;
}

}  // namespace jinsha::test
