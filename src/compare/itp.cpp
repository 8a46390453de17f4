#include "compare/itp.h"

#include <algorithm>
#include <cmath>

#include "compare/octave_table.h"
#include "compare/plane_view.h"
#include "image/hlg_ootf.h"
#include "image/primaries.h"
#include "image/transfer.h"
#include "image/ycbcr.h"

namespace jinsha::compare {
namespace {

using image::Affine;
using image::Mat3;
using image::TransferKind;
using image::TransferModel;
using image::Vec3;

const Mat3 kRgbToLms = image::rgb_to_lms();

// White of an SDR display in the studio (ITU-R BT.2035), its black 0.
constexpr double kSdrWhiteNits = 100;
// Limited range reaches 109 % (BT.2100-2 Table 9), PQ ends at 1; chroma may ask for more, displays do not show it.
constexpr double kSuperWhite = 1.09;

Itp itp_of_lms(double l, double m, double s) {
  const double ct = (6610 * l - 13613 * m + 7003 * s) / 4096, cp = (17933 * l - 17390 * m - 543 * s) / 4096;
  return {0.5 * l + 0.5 * m, 0.5 * ct, cp};
}

// cd/m2 of a signal; for HLG scene light 0 ... 1, before the OOTF.
double light_of(const TransferModel& model, double signal) {
  if (model.kind == TransferKind::kPq) return image::pq_eotf(signal);
  if (model.kind == TransferKind::kHlg) return image::hlg_inverse_oetf(signal);
  return kSdrWhiteNits * image::sdr_eotf(model, signal);
}

}  // namespace

Itp itp_of_light(const Vec3& bt2020_nits) {
  const Vec3 lms = kRgbToLms * bt2020_nits;
  return itp_of_lms(image::pq_inverse_eotf(lms[0]), image::pq_inverse_eotf(lms[1]), image::pq_inverse_eotf(lms[2]));
}

// Below their ends the tables are as good as black: 2^-24 of a signal, 2^-40 of HLG's white, 2^-40 cd/m2.
struct ItpDecoder::Tables {
  explicit Tables(const TransferModel& model)
      : light([&](double signal) { return light_of(model, signal); }, -24, 1),
        ootf_gain([](double y) { return image::hlg_ootf_gain(y, image::kHlgBridgeNits, image::kHlgBridgeGamma); }, -40,
                  2),
        pq(image::pq_inverse_eotf, -40, 14) {}

  OctaveTable light, ootf_gain, pq;
};

Result<ItpDecoder> ItpDecoder::create(const FrameLayout& layout, const ColorInfo& color) {
  const TransferModel model = image::model_of(color.transfer);
  if (model.kind == TransferKind::kUnknown || model.kind == TransferKind::kCamera) {
    return make_error(ErrorCode::kNotPossible, "what light transfer characteristics {} mean is not known here",
                      name_of(color.transfer));
  }
  const auto primaries = image::chromaticities_of(color.primaries);
  if (!primaries) {
    return make_error(ErrorCode::kNotPossible, "colour primaries {} cannot be converted", name_of(color.primaries));
  }
  const auto planes = image::rgb_to_planes(color.matrix);
  if (!planes) {
    return make_error(ErrorCode::kNotPossible, "matrix coefficients {} cannot be undone", name_of(color.matrix));
  }
  const PixelFormat& format = layout.format;
  const bool color_difference = color.matrix != Matrix::kIdentity;
  const Affine quantiser = image::quantiser(color.range, format.depth, color_difference);
  ItpDecoder decoder;
  decoder.to_rgb_ = inverse(quantiser * Affine{*planes, {}});
  decoder.to_lms_ = kRgbToLms * image::rgb_to_rgb(*primaries, *image::chromaticities_of(Primaries::kBt2020));
  decoder.highest_signal_ = model.kind == TransferKind::kPq ? 1 : kSuperWhite;
  decoder.hlg_ = model.kind == TransferKind::kHlg;
  decoder.luminance_ = image::luminance_weights(color.primaries);
  decoder.neutral_code_ = quantiser.offset[1];
  const kernels::Siting siting = image::siting_of(color.chroma_location);
  decoder.chroma_x_ = image::chroma_axis(format.chroma_shift_x(), static_cast<double>(siting.x), 0, 0);
  decoder.chroma_y_ = image::chroma_axis(format.chroma_shift_y(), static_cast<double>(siting.y), 0, 0);
  decoder.tables_ = std::make_shared<const Tables>(model);
  return decoder;
}

namespace {

// Which filter gives sample `index` of the finer grid, and the coarser sample its taps begin at.
struct Taps {
  const kernels::Fir& fir;
  int first;
};
Taps taps_of(const kernels::ChromaAxis& axis, int index) {
  const bool doubled = axis.kind == kernels::ChromaAxis::Kind::kUp2;
  const kernels::Fir& fir = axis.phase[doubled ? static_cast<std::size_t>(index % 2) : 0];
  return {fir, (doubled ? index / 2 : index) + fir.first};
}

// Samples of a row that the filters may reach for beyond its ends, where the edge samples are repeated.
constexpr int kMargin = 4;

// Row `y` of the fully resolved height.
template <typename Sample>
void filter_vertically(const PlaneView<Sample>& view, const kernels::ChromaAxis& axis, int y,
                       std::vector<double>& out) {
  const Taps taps = taps_of(axis, y);
  out.assign(static_cast<std::size_t>(view.width + 2 * kMargin), 0);
  for (int tap = 0; tap < taps.fir.count; ++tap) {
    const auto weight = static_cast<double>(taps.fir.taps[static_cast<std::size_t>(tap)]);
    const Sample* row = view.row(std::clamp(taps.first + tap, 0, view.height - 1));
    double* to = out.data() + kMargin;
    for (int x = 0; x < view.width; ++x) to[x] += weight * row[x];
  }
  std::fill_n(out.begin(), kMargin, out[kMargin]);
  std::fill_n(out.end() - kMargin, kMargin, out[out.size() - kMargin - 1]);
}

void filter_horizontally(const std::vector<double>& row, const kernels::ChromaAxis& axis, std::vector<double>& out) {
  for (std::size_t x = 0; x < out.size(); ++x) {
    const Taps taps = taps_of(axis, static_cast<int>(x));
    const double* from = row.data() + kMargin + taps.first;
    double sum = 0;
    for (int tap = 0; tap < taps.fir.count; ++tap) {
      sum += static_cast<double>(taps.fir.taps[static_cast<std::size_t>(tap)]) * from[tap];
    }
    out[x] = sum;
  }
}

}  // namespace

void ItpDecoder::read_codes(const Frame& frame, int y, Scratch& scratch) const {
  const FrameLayout& layout = frame.layout();
  const auto width = static_cast<std::size_t>(layout.width);
  for (auto& row : scratch.codes) row.resize(width);
  with_sample_type(layout.format, [&]<typename Sample>(Sample) {
    std::copy_n(PlaneView<Sample>(frame, 0).row(y), width, scratch.codes[0].begin());
    for (int plane = 1; plane < 3; ++plane) {
      std::vector<double>& out = scratch.codes[static_cast<std::size_t>(plane)];
      if (plane >= layout.format.planes()) {
        std::fill(out.begin(), out.end(), neutral_code_);
        continue;
      }
      filter_vertically(PlaneView<Sample>(frame, plane), chroma_y_, y, scratch.chroma_row);
      filter_horizontally(scratch.chroma_row, chroma_x_, out);
    }
  });
}

void ItpDecoder::row(const Frame& frame, int y, Scratch& scratch, std::vector<Itp>& out) const {
  read_codes(frame, y, scratch);
  const OctaveTable &light = tables_->light, &pq = tables_->pq;
  const std::size_t width = scratch.codes[0].size();
  out.resize(width);
  for (std::size_t x = 0; x < width; ++x) {
    Vec3 rgb = to_rgb_ * Vec3{scratch.codes[0][x], scratch.codes[1][x], scratch.codes[2][x]};
    for (double& component : rgb) component = component > 0 ? light(std::min(component, highest_signal_)) : 0;
    if (hlg_) {
      const double scene = luminance_[0] * rgb[0] + luminance_[1] * rgb[1] + luminance_[2] * rgb[2];
      const double gain = scene > 0 ? tables_->ootf_gain(scene) : 0;
      for (double& component : rgb) component *= gain;
    }
    const Vec3 lms = to_lms_ * rgb;
    out[x] = itp_of_lms(pq(lms[0]), pq(lms[1]), pq(lms[2]));
  }
}

}  // namespace jinsha::compare
