// The reference against vectors.csv, row by row.
#include "reference/vectors.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "reference/bt2390.h"
#include "reference/bt2446.h"
#include "reference/hdr_vivid.h"
#include "reference/hlg.h"
#include "reference/ictcp.h"
#include "reference/mastering_display.h"
#include "reference/pq.h"
#include "reference/primaries.h"
#include "reference/sdr.h"
#include "reference/siting.h"
#include "reference/st2094_40.h"
#include "reference/tone_curves.h"
#include "reference/transport.h"
#include "reference/ycbcr.h"

namespace jinsha::reference {
namespace {

using In = const Numbers&;

Numbers list(const Vec3& v) { return {v[0], v[1], v[2]}; }
Vec3 vec(In in) { return {in.at(0), in.at(1), in.at(2)}; }
Vec3 grey(double value) { return {value, value, value}; }
Chromaticities chromaticities(In in) {
  return {{in.at(0), in.at(1)}, {in.at(2), in.at(3)}, {in.at(4), in.at(5)}, {in.at(6), in.at(7)}};
}
Numbers codes(const Vec3& planes, In in) { return list(ycbcr_codes(planes, static_cast<int>(in.at(3)), in.at(4) > 0)); }

const Functions& functions() {
  static const Functions table{
      {"pq_eotf", [](In in) { return Numbers{pq_eotf(in.at(0))}; }},
      {"pq_inverse_eotf", [](In in) { return Numbers{pq_inverse_eotf(in.at(0))}; }},
      {"pq_grey_codes",
       [](In in) {
         Numbers out;
         for (const int bits : {8, 10, 12})
           out.push_back(ycbcr_codes({pq_inverse_eotf(in.at(0)), 0, 0}, bits, false)[0]);
         return out;
       }},
      {"hlg_oetf", [](In in) { return Numbers{hlg_oetf(in.at(0))}; }},
      {"hlg_eotf_grey", [](In in) { return Numbers{hlg_eotf(grey(in.at(0)), in.at(1), in.at(2))[0]}; }},
      {"hlg_system_gamma",
       [](In in) {
         return Numbers{hlg_gamma(in.at(0)), hlg_gamma_extended(in.at(0))};
       }},
      {"hlg_eotf", [](In in) { return list(hlg_eotf(vec(in))); }},
      {"hlg_eotf_lifted",
       [](In in) {
         const auto nits = [&](double e) { return hlg_eotf(grey(e), in.at(2), hlg_gamma(in.at(2)), in.at(3))[0]; };
         return Numbers{nits(in.at(0)), nits(in.at(1))};
       }},
      {"pq_to_hlg_grey", [](In in) { return Numbers{hlg_oetf(hlg_inverse_ootf(grey(pq_eotf(in.at(0))))[0])}; }},
      {"hlg_to_pq_grey", [](In in) { return Numbers{pq_inverse_eotf(hlg_eotf(grey(in.at(0)))[0])}; }},
      {"hlg_to_pq", [](In in) { return list(each(hlg_eotf(vec(in)), pq_inverse_eotf)); }},
      {"bt1886_eotf", [](In in) { return Numbers{bt1886_eotf(in.at(0), in.at(1), in.at(2))}; }},
      {"srgb_eotf", [](In in) { return Numbers{srgb_eotf(in.at(0))}; }},
      {"bt709_oetf", [](In in) { return Numbers{bt709_oetf(in.at(0))}; }},
      {"dcdm_code", [](In in) { return Numbers{rounded(4095 * dcdm_inverse_eotf(in.at(0)), 12)}; }},
      {"bt2020_to_bt709", [](In in) { return list(times(rgb_to_rgb(kBt2020, kBt709), vec(in))); }},
      {"bt709_to_bt2020", [](In in) { return list(times(rgb_to_rgb(kBt709, kBt2020), vec(in))); }},
      {"p3d65_to_bt2020", [](In in) { return list(times(rgb_to_rgb(kP3D65, kBt2020), vec(in))); }},
      {"p3d65_to_bt709", [](In in) { return list(times(rgb_to_rgb(kP3D65, kBt709), vec(in))); }},
      {"bt2020_to_xyz", [](In in) { return list(times(rgb_to_xyz(kBt2020), vec(in))); }},
      {"bt709_codes", [](In in) { return codes(times(ycbcr_matrix(kBt709Luma), vec(in)), in); }},
      {"bt2020_codes", [](In in) { return codes(times(ycbcr_matrix(kBt2020Luma), vec(in)), in); }},
      {"grey_codes_full",
       [](In in) {
         Numbers out;
         for (const double bits : {in.at(1), in.at(2)}) {
           const Vec3 planes = times(ycbcr_matrix(kBt2020Luma), grey(in.at(0)));
           for (const double code : ycbcr_codes(planes, static_cast<int>(bits), true)) out.push_back(code);
         }
         return out;
       }},
      {"bt2020_cl", [](In in) { return list(bt2020_cl(vec(in))); }},
      {"bt2020_cl_codes", [](In in) { return list(ycbcr_codes(bt2020_cl(vec(in)), 10, false)); }},
      {"ictcp_pq", [](In in) { return list(ictcp_pq(vec(in))); }},
      {"ictcp_hlg", [](In in) { return list(ictcp_hlg(vec(in))); }},
      {"bt2390_eetf", [](In in) { return Numbers{bt2390_eetf(in.at(0), in.at(1), in.at(2), in.at(3), in.at(4))}; }},
      {"bt2446_a_luma", [](In in) { return Numbers{bt2446_a_luma(in.at(0), in.at(1), in.at(2))}; }},
      {"bt2446_a", [](In in) { return list(bt2446_a(vec(in))); }},
      {"bt2446_a_inverse_grey",
       [](In in) {
         const double luma = bt2446_a_inverse_luma(in.at(0));
         return Numbers{luma, 1000 * std::pow(luma / 1000, 2.4)};
       }},
      {"bt2446_c_luminance", [](In in) { return Numbers{bt2446_c_luminance(in.at(0))}; }},
      {"bt2446_c_inverse_luminance", [](In in) { return Numbers{bt2446_c_inverse_luminance(in.at(0))}; }},
      {"hable", [](In in) { return Numbers{hable(in.at(0), in.at(2) / in.at(1))}; }},
      {"reinhard", [](In in) { return Numbers{reinhard(in.at(0), in.at(2) / in.at(1))}; }},
      {"mobius", [](In in) { return Numbers{mobius(in.at(0), in.at(2) / in.at(1))}; }},
      {"narkowicz", [](In in) { return Numbers{narkowicz(in.at(0))}; }},
      {"st2094_40_curve",
       [](In in) { return Numbers{st2094_40_curve(in.at(0), in.at(1), in.at(2), Numbers(in.begin() + 3, in.end()))}; }},
      {"hdr_vivid_base",
       [](In in) {
         return Numbers{hdr_vivid_base(
             in.at(0), {in.at(1), in.at(2), in.at(3), in.at(4), in.at(5), in.at(6), in.at(7), in.at(8)})};
       }},
      {"chroma_start_scaled",
       [](In in) {
         return Numbers{chroma_start_scaled(in.at(0), in.at(1)), chroma_start_scaled(in.at(0), in.at(2))};
       }},
      {"chroma_start_resited",
       [](In in) {
         Numbers out;
         for (std::size_t i = 0; i < in.size(); i += 2) out.push_back(chroma_start_resited(in.at(i), in.at(i + 1)));
         return out;
       }},
      {"mastering_display_sei", [](In in) { return mastering_display_sei(chromaticities(in), in.at(8), in.at(9)); }},
      {"mastering_display_av1", [](In in) { return mastering_display_av1(chromaticities(in), in.at(8), in.at(9)); }},
      {"tstd_hevc", [](In in) { return tstd_hevc(in.at(0), in.at(1), in.at(2), in.at(3)); }},
      {"pcr_of_packet",
       [](In in) {
         const auto count = [&](std::size_t i) { return static_cast<std::uint64_t>(in.at(i)); };
         return pcr_of_packet(count(0), count(1), count(2));
       }},
      {"luma_sample_rate",
       [](In in) {
         return Numbers{in.at(0) * in.at(1), in.at(0) * in.at(1) * in.at(2)};
       }},
  };
  return table;
}

TEST(Vectors, EveryRowHoldsForTheReference) {
  std::set<std::string> ids, checked;
  for (const Vector& row : read_vectors()) {
    const auto function = functions().find(row.function);
    ASSERT_NE(function, functions().end()) << row.id << " is of " << row.function << ", which is not here";
    EXPECT_EQ(mismatch(row, function->second(row.input)), "") << row.id << " " << row.function;
    ids.insert(row.id);
    checked.insert(row.function);
  }
  EXPECT_EQ(ids.size(), 201U);
  EXPECT_EQ(*ids.begin(), "V001");
  EXPECT_EQ(*ids.rbegin(), "V201");
  EXPECT_EQ(checked.size(), functions().size()) << "a function has no row";
}

TEST(Vectors, AWrongAnswerIsSeen) {
  const Vector relative{"", "", {}, {2000}, 1e-9, "rel"}, absolute{"", "", {}, {0.5}, 1e-9, "abs"},
      code{"", "", {}, {512}, 0, "int"};
  EXPECT_EQ(mismatch(relative, {2000 + 1e-6}), "");
  EXPECT_NE(mismatch(relative, {2000 + 3e-6}), "");
  EXPECT_NE(mismatch(absolute, {0.5 + 2e-9}), "");
  EXPECT_NE(mismatch(code, {511}), "");
  EXPECT_NE(mismatch(code, {}), "");
  EXPECT_NE(mismatch(code, {512, 512}), "");
  EXPECT_NE(mismatch(code, {std::numeric_limits<double>::quiet_NaN()}), "");
}

// What no row is about.
TEST(Reference, DeltaEItpOfGreysIsTheirDistanceInPq) {
  EXPECT_NEAR(delta_e_itp(grey(100), grey(101)), 720 * (pq_inverse_eotf(101) - pq_inverse_eotf(100)), 1e-9);
  // A step along Cp alone counts double of one along Ct: BT.2124-0 halves Ct.
  const Vec3 red{100, 0, 0}, white = grey(100);
  const Vec3 a = ictcp_pq(red), b = ictcp_pq(white);
  EXPECT_NEAR(delta_e_itp(red, white),
              720 * std::sqrt(std::pow(a[0] - b[0], 2) + std::pow(a[1] - b[1], 2) / 4 + std::pow(a[2] - b[2], 2)),
              1e-9);
}

TEST(Reference, BradfordKeepsWhiteWhite) {
  // DCI-P3 to BT.2020, row-major.
  const double expected[] = {0.711783230689, 0.243660316930,  0.044556452381, 0.041615163646, 0.949841629659,
                             0.008543206695, -0.000844728364, 0.019109507176, 0.981735221188};
  const Mat3 m = rgb_to_rgb(kP3Dci, kBt2020);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(m[i / 3][i % 3], expected[i], 1e-11);
  for (const double x : times(m, grey(1))) EXPECT_NEAR(x, 1, 1e-12);
}

TEST(Reference, InversesUndo) {
  for (double signal = 0; signal <= 1; signal += 1.0 / 64) {
    EXPECT_NEAR(pq_inverse_eotf(pq_eotf(signal)), std::max(signal, pq_inverse_eotf(0)), 1e-12);
    EXPECT_NEAR(hlg_oetf(hlg_inverse_oetf(signal)), signal, 1e-12);
    EXPECT_NEAR(srgb_inverse_eotf(srgb_eotf(signal)), signal, 1e-7);  // the two parts do not meet exactly
    EXPECT_NEAR(bt2446_c_inverse_luminance(bt2446_c_luminance(1000 * signal)), 1000 * signal, 1e-4);
  }
  const Vec3 light{700, 20, 90};
  const Vec3 scene = hlg_inverse_ootf(light), again = hlg_ootf(scene);
  const Vec3 sdr = bt2446_c(light, 0.05), hdr = bt2446_c_inverse(sdr, 0.05);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(again[i], light[i], 1e-9);
    EXPECT_NEAR(hdr[i], light[i], 1e-4);
  }
}

TEST(Reference, MethodAInverseKeepsHueAndPeak) {
  const Vec3 white = bt2446_a_inverse(grey(1)), red = bt2446_a_inverse({0.6, 0.3, 0.3});
  for (const double nits : white) EXPECT_NEAR(nits, 999.524661419, 1e-6);
  EXPECT_GT(red[0], red[1]);
  EXPECT_NEAR(red[1], red[2], 1e-9);
}

}  // namespace
}  // namespace jinsha::reference
