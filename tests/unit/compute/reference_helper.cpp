#include "compute/reference_helper.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "image/hlg_ootf.h"
#include "image/primaries.h"
#include "image/tone_curve.h"
#include "image/transfer.h"
#include "image/ycbcr.h"

namespace jinsha::test {
namespace {

using image::Vec3;
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

double scaled(const Vec3& weights, const Vec3& rgb) {
  return weights[0] * rgb[0] + weights[1] * rgb[1] + weights[2] * rgb[2];
}

class LightReference {
 public:
  LightReference(const ColorInfo& from, const ColorInfo& to, const ReferenceLight& light)
      : from_(from), to_(to), light_(light) {}

  struct Signal {
    Vec3 rgb, slack;
  };
  // R'G'B' of the source to R'G'B' of the output.
  Signal operator()(Vec3 rgb) const {
    const bool hdr_in = is_hdr(from_.transfer), hdr_out = is_hdr(to_.transfer);
    if (from_.transfer == to_.transfer && from_.primaries == to_.primaries &&
        light_.source_peak_nits <= light_.target_peak_nits) {
      return {rgb, {}};
    }
    decode(rgb, hdr_out);
    if (hdr_in) {
      const double peak = std::max({rgb[0], rgb[1], rgb[2]});
      if (peak > 0) {
        const double mapped =
            image::tone_map_nits(light_.tone_map, peak, light_.source_peak_nits, light_.target_peak_nits);
        if (light_.source_peak_nits > light_.target_peak_nits) scale(rgb, mapped / peak);
      }
    }
    if (from_.primaries != to_.primaries) {
      rgb =
          image::rgb_to_rgb(*image::chromaticities_of(from_.primaries), *image::chromaticities_of(to_.primaries)) * rgb;
    }
    Vec3 less = rgb, more = rgb;
    const bool gamut_matrix = from_.primaries != to_.primaries;
    const double peak = is_hdr(to_.transfer) ? 1000 : light_.target_peak_nits;
    for (std::size_t i = 0; i < 3; ++i) {
      less[i] -= gamut_matrix ? kLightSlack * peak : 0;
      more[i] += gamut_matrix ? kLightSlack * peak : 0;
    }
    encode(rgb, hdr_in);
    encode(less, hdr_in);
    encode(more, hdr_in);
    return {rgb, {std::abs(more[0] - less[0]), std::abs(more[1] - less[1]), std::abs(more[2] - less[2])}};
  }

 private:
  static void scale(Vec3& rgb, double factor) {
    for (double& x : rgb) x *= factor;
  }
  static double headroom(const ColorInfo& color) { return color.range == Range::kFull ? 1 : 1.09; }

  // To cd/m2; SDR white is 100 for SDR outputs, 203 for HDR ones (BT.2408).
  void decode(Vec3& rgb, bool hdr_out) const {
    if (from_.transfer == Transfer::kPq) {
      for (double& x : rgb) x = image::pq_eotf(x);
    } else if (from_.transfer == Transfer::kHlg) {
      for (double& x : rgb) x = image::hlg_inverse_oetf(std::clamp(x, 0.0, headroom(from_)));
      const double y = scaled(image::luminance_weights(from_.primaries), rgb);
      scale(rgb, y > 0 ? 1000 * std::pow(y, 0.2) : 0);
    } else {
      for (double& x : rgb) {
        x = hdr_out ? 203 * image::sdr_eotf(image::model_of(from_.transfer), std::clamp(x, 0.0, headroom(from_)))
                    : 100 * image::sdr_eotf(image::model_of(from_.transfer),
                                            std::clamp(x, -headroom(from_), headroom(from_)));
      }
    }
  }

  void encode(Vec3& rgb, bool hdr_in) const {
    if (to_.transfer == Transfer::kPq) {
      for (double& x : rgb) x = image::pq_inverse_eotf(std::clamp(x, 0.0, 10'000.0));
    } else if (to_.transfer == Transfer::kHlg) {
      const double y = scaled(image::luminance_weights(to_.primaries), rgb);
      scale(rgb, y > 0 ? std::pow(y / 1000, -1 / 6.0) / 1000 : 0);
      for (double& x : rgb) x = std::min(image::hlg_oetf(std::max(x, 0.0)), headroom(to_));
    } else {
      const auto model = image::model_of(to_.transfer);
      for (double& x : rgb) {
        const double v = image::sdr_inverse_eotf(model, x / (hdr_in ? light_.target_peak_nits : 100));
        x = hdr_in ? std::clamp(v, 0.0, 1.0) : std::clamp(v, -headroom(to_), headroom(to_));
      }
    }
  }

  const ColorInfo from_, to_;
  const ReferenceLight light_;
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
  const auto codes_of = [](const ColorInfo& color, int depth) {
    return image::quantiser(color.range, depth, color.matrix != Matrix::kIdentity) *
           image::Affine{*image::rgb_to_planes(color.matrix), {}};
  };
  const image::Affine to_rgb = inverse(codes_of(from, picture.format.depth));
  const image::Affine to_codes = codes_of(to, out.depth);
  const LightReference convert_light(from, to, light);
  Plane slack[3];
  for (std::size_t i = 0; i < planes[0].size(); ++i) {
    const auto signal = convert_light(to_rgb * Vec3{planes[0][i], planes[1][i], planes[2][i]});
    const Vec3 codes = to_codes * signal.rgb;
    for (std::size_t p = 0; p < 3; ++p) {
      planes[p][i] = codes[p];
      double reach = 0;
      for (std::size_t c = 0; c < 3; ++c) reach += std::abs(to_codes.m(p, c)) * signal.slack[c];
      slack[p].push_back(reach);
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

}  // namespace jinsha::test
