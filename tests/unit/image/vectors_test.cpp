// The formulas of this layer against tests/reference/vectors.csv. kNotYet and kElsewhere say which rows this cannot
// check, so that no row is left out in silence.
#include "reference/vectors.h"

#include <gtest/gtest.h>

#include <set>

#include "image/bt2446.h"
#include "image/chroma_filter.h"
#include "image/hlg_ootf.h"
#include "image/primaries.h"
#include "image/tone_curve.h"
#include "image/transfer.h"
#include "image/ycbcr.h"

namespace jinsha::image {
namespace {

using reference::Functions;
using reference::Numbers;
using In = const Numbers&;

// No such function in src/image.
const std::set<std::string> kNotYet{"hlg_system_gamma", "hlg_eotf_lifted", "bt709_oetf",     "dcdm_code",
                                    "bt2020_cl",        "bt2020_cl_codes", "ictcp_pq",       "ictcp_hlg",
                                    "bt2446_a",  // as a whole: ops, in color_accuracy_test.cpp
                                    "narkowicz",        "st2094_40_curve", "hdr_vivid_base", "chroma_start_scaled"};
// Not the business of src/image.
const std::set<std::string> kElsewhere{"mastering_display_sei", "mastering_display_av1", "tstd_hevc", "pcr_of_packet",
                                       "luma_sample_rate"};

Numbers list(const Vec3& v) { return {v[0], v[1], v[2]}; }
Vec3 vec(In in) { return {in.at(0), in.at(1), in.at(2)}; }

Vec3 hlg_eotf(const Vec3& signal, double peak_nits, double gamma) {
  Vec3 light{hlg_inverse_oetf(signal[0]), hlg_inverse_oetf(signal[1]), hlg_inverse_oetf(signal[2])};
  const Vec3 w = luminance_weights(Primaries::kBt2020);
  const double gain = hlg_ootf_gain(w[0] * light[0] + w[1] * light[1] + w[2] * light[2], peak_nits, gamma);
  for (double& x : light) x *= gain;
  return light;
}
double hlg_grey(double signal, double peak_nits, double gamma) {
  return hlg_eotf({signal, signal, signal}, peak_nits, gamma)[0];
}

Numbers codes(Matrix matrix, const Vec3& rgb, double bits, bool full) {
  const int depth = static_cast<int>(bits);
  const Range range = full ? Range::kFull : Range::kLimited;
  Numbers out;
  for (const double code : quantiser(range, depth, true) * (*rgb_to_planes(matrix) * rgb)) {
    out.push_back(std::clamp(std::round(code), 0.0, static_cast<double>((1 << depth) - 1)));
  }
  return out;
}

Numbers to_other(Primaries from, Primaries to, In in) {
  return list(rgb_to_rgb(*chromaticities_of(from), *chromaticities_of(to)) * vec(in));
}

const Functions& functions() {
  static const Functions table{
      {"pq_eotf", [](In in) { return Numbers{pq_eotf(in.at(0))}; }},
      {"pq_inverse_eotf", [](In in) { return Numbers{pq_inverse_eotf(in.at(0))}; }},
      {"pq_grey_codes",
       [](In in) {
         Numbers out;
         const double e = pq_inverse_eotf(in.at(0));
         for (const int bits : {8, 10, 12}) out.push_back(codes(Matrix::kBt2020Ncl, {e, e, e}, bits, false)[0]);
         return out;
       }},
      {"hlg_oetf", [](In in) { return Numbers{hlg_oetf(in.at(0))}; }},
      {"hlg_eotf_grey", [](In in) { return Numbers{hlg_grey(in.at(0), in.at(1), in.at(2))}; }},
      {"hlg_eotf", [](In in) { return list(hlg_eotf(vec(in), kHlgBridgeNits, kHlgBridgeGamma)); }},
      {"pq_to_hlg_grey",
       [](In in) {
         const double nits = pq_eotf(in.at(0));
         return Numbers{hlg_oetf(nits * hlg_inverse_ootf_gain(nits, kHlgBridgeNits, kHlgBridgeGamma))};
       }},
      {"hlg_to_pq_grey",
       [](In in) { return Numbers{pq_inverse_eotf(hlg_grey(in.at(0), kHlgBridgeNits, kHlgBridgeGamma))}; }},
      {"hlg_to_pq",
       [](In in) {
         const Vec3 nits = hlg_eotf(vec(in), kHlgBridgeNits, kHlgBridgeGamma);
         return Numbers{pq_inverse_eotf(nits[0]), pq_inverse_eotf(nits[1]), pq_inverse_eotf(nits[2])};
       }},
      {"bt1886_eotf", [](In in) { return Numbers{bt1886_eotf(in.at(0), in.at(1), in.at(2))}; }},
      {"srgb_eotf", [](In in) { return Numbers{srgb_eotf(in.at(0))}; }},
      {"bt2020_to_bt709", [](In in) { return to_other(Primaries::kBt2020, Primaries::kBt709, in); }},
      {"bt709_to_bt2020", [](In in) { return to_other(Primaries::kBt709, Primaries::kBt2020, in); }},
      {"p3d65_to_bt2020", [](In in) { return to_other(Primaries::kP3D65, Primaries::kBt2020, in); }},
      {"p3d65_to_bt709", [](In in) { return to_other(Primaries::kP3D65, Primaries::kBt709, in); }},
      {"bt2020_to_xyz", [](In in) { return list(rgb_to_xyz(*chromaticities_of(Primaries::kBt2020)) * vec(in)); }},
      {"bt709_codes", [](In in) { return codes(Matrix::kBt709, vec(in), in.at(3), in.at(4) > 0); }},
      {"bt2020_codes", [](In in) { return codes(Matrix::kBt2020Ncl, vec(in), in.at(3), in.at(4) > 0); }},
      {"grey_codes_full",
       [](In in) {
         Numbers out;
         for (const double bits : {in.at(1), in.at(2)}) {
           for (const double code : codes(Matrix::kBt2020Ncl, {in.at(0), in.at(0), in.at(0)}, bits, true)) {
             out.push_back(code);
           }
         }
         return out;
       }},
      {"bt2390_eetf",
       [](In in) {
         return Numbers{apply(Eetf{in.at(1), in.at(2), in.at(3), in.at(4)}, in.at(0))};
       }},
      {"bt2446_a_luma", [](In in) { return Numbers{bt2446a_luma(in.at(0), in.at(1), in.at(2))}; }},
      {"bt2446_a_inverse_grey",
       [](In in) {
         const double luma = bt2446a_inverse_luma(in.at(0));
         return Numbers{kBt2446HdrPeakNits * luma, kBt2446HdrPeakNits * std::pow(luma, 2.4)};
       }},
      {"bt2446_c_luminance", [](In in) { return Numbers{bt2446c(in.at(0))}; }},
      {"bt2446_c_inverse_luminance", [](In in) { return Numbers{bt2446c_inverse(in.at(0))}; }},
      {"hable", [](In in) { return Numbers{hable_curve(in.at(0), in.at(2) / in.at(1))}; }},
      {"reinhard", [](In in) { return Numbers{reinhard_curve(in.at(0), in.at(2) / in.at(1))}; }},
      {"mobius", [](In in) { return Numbers{mobius_curve(in.at(0), in.at(2) / in.at(1))}; }},
      {"chroma_start_resited",
       [](In in) {
         // An interpolator gives linear functions exactly: of the positions themselves, where it looks.
         Numbers out;
         for (std::size_t i = 0; i < in.size(); i += 2) {
           const kernels::Fir fir = chroma_axis(1, in.at(i), 1, in.at(i + 1)).phase[0];
           double position = 0;
           for (int k = 0; k < fir.count; ++k) {
             position += static_cast<double>(fir.taps[static_cast<std::size_t>(k)]) * (fir.first + k);
           }
           out.push_back(position);
         }
         return out;
       }},
  };
  return table;
}

TEST(Vectors, EveryRowHoldsForTheFormulasOfThisLayer) {
  std::set<std::string> seen;
  for (const reference::Vector& row : reference::read_vectors()) {
    seen.insert(row.function);
    if (kNotYet.contains(row.function) || kElsewhere.contains(row.function)) continue;
    const auto function = functions().find(row.function);
    ASSERT_NE(function, functions().end()) << row.id << " is of " << row.function << ", which no table here names";
    EXPECT_EQ(mismatch(row, function->second(row.input)), "") << row.id << " " << row.function;
  }
  EXPECT_EQ(seen.size(), functions().size() + kNotYet.size() + kElsewhere.size())
      << "a name stands twice, or has no row";
}

}  // namespace
}  // namespace jinsha::image
