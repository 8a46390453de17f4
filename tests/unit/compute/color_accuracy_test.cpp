// What the device writes against the formulas in double precision. A code is within half a step of
// the exact value, plus what tables and float arithmetic add. That excess is below a twentieth of a
// 12-bit step, light that a gamut matrix took to nearly nothing excepted (ExactPicture::slack).
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compute/reference_helper.h"

namespace jinsha::test {
namespace {

struct Case {
  const char* name;
  Chroma in_chroma, out_chroma;
  int in_depth, out_depth;
  ColorInfo from, to;
  ReferenceLight light;
};

ColorInfo with(ColorInfo color, Range range, ChromaLocation location) {
  color.range = range;
  color.chroma_location = location;
  return color;
}
const ColorInfo kRgb709{Primaries::kBt709, Transfer::kSrgb, Matrix::kIdentity, Range::kFull,
                        ChromaLocation::kUnspecified};
const ColorInfo kP3Pq{Primaries::kP3D65, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited, ChromaLocation::kTopLeft};

ColorInfo as_ictcp(ColorInfo color) {
  color.matrix = Matrix::kIctcp;
  return color;
}
ColorInfo camera(Primaries primaries, Transfer transfer, Range range) {
  return {primaries, transfer, range == Range::kFull ? Matrix::kIdentity : Matrix::kBt709, range,
          ChromaLocation::kUnspecified};
}
const ColorInfo kSLog3 = camera(Primaries::kSGamut3, Transfer::kSLog3, Range::kLimited),
                kSLog3Cine = camera(Primaries::kSGamut3Cine, Transfer::kSLog3, Range::kFull),
                kLogC3 = camera(Primaries::kArriWideGamut3, Transfer::kLogC3, Range::kLimited),
                kLogC4 = camera(Primaries::kArriWideGamut4, Transfer::kLogC4, Range::kLimited),
                kVLog = camera(Primaries::kVGamut, Transfer::kVLog, Range::kLimited),
                kCanonLog3 = camera(Primaries::kCanonCinemaGamut, Transfer::kCanonLog3, Range::kLimited),
                kAcesCct = camera(Primaries::kAcesAp1, Transfer::kAcesCct, Range::kFull),
                kAp0Linear = camera(Primaries::kAcesAp0, Transfer::kLinear, Range::kFull);

const std::vector<Case>& cases() {
  using enum Chroma;
  static const std::vector<Case> rows{
      {"PqToSdr12", k444, k444, 12, 12, kPq2020, kSdr709, {}},
      {"PqToSdr12From4000", k444, k444, 12, 12, kPq2020, kSdr709, {ToneMap::kBt2390, 4000, 100}},
      {"PqToSdr420", k420, k420, 10, 10, kPq2020, kSdr709, {}},
      {"PqToSdr8", k420, k420, 10, 8, kPq2020, kSdr709, {}},
      {"PqToSdr2020", k444, k444, 12, 12, kPq2020, kSdr2020, {}},
      {"PqToSdrHable", k444, k444, 12, 12, kPq2020, kSdr709, {ToneMap::kHable, 1000, 100}},
      {"PqToSdrReinhard", k444, k444, 12, 12, kPq2020, kSdr709, {ToneMap::kReinhard, 1000, 100}},
      {"PqToSdrMobius", k444, k444, 12, 12, kPq2020, kSdr709, {ToneMap::kMobius, 1000, 100}},
      {"PqToSdrClip", k444, k444, 12, 12, kPq2020, kSdr709, {ToneMap::kClip, 1000, 100}},
      {"PqToSdrBt2446A", k444, k444, 12, 12, kPq2020, kSdr709, {ToneMap::kBt2446A, 1000, 100}},
      {"PqToSdr2020Bt2446AFrom4000", k444, k444, 12, 12, kPq2020, kSdr2020, {ToneMap::kBt2446A, 4000, 100}},
      {"HlgToSdrBt2446A", k420, k420, 10, 10, kHlg2020, kSdr709, {ToneMap::kBt2446A, 1000, 100}},
      {"PqToSdrBt2446C", k444, k444, 12, 12, kPq2020, kSdr709, {ToneMap::kBt2446C, 1000, 100}},
      {"HlgToSdr2020Bt2446C", k444, k444, 12, 12, kHlg2020, kSdr2020, {ToneMap::kBt2446C, 1000, 100}},
      {"SdrToPqBt2446A", k444, k444, 12, 12, kSdr709, kPq2020, {ToneMap::kBt2446A, 100, 1000}},
      {"Sdr2020ToHlgBt2446A", k444, k444, 12, 12, kSdr2020, kHlg2020, {ToneMap::kBt2446A, 100, 1000}},
      {"SdrToPqBt2446C", k444, k444, 12, 12, kSdr709, kPq2020, {ToneMap::kBt2446C, 100, 1000}},
      {"SdrToHlgBt2446C", k444, k444, 12, 12, kSdr709, kHlg2020, {ToneMap::kBt2446C, 100, 1000}},
      {"PqToSdrCompressed", k444, k444, 12, 12, kPq2020, kSdr709, {ToneMap::kBt2390, 1000, 100, GamutMap::kCompress}},
      {"HlgToSdrBt2446CCompressed",
       k420,
       k420,
       10,
       10,
       kHlg2020,
       kSdr709,
       {ToneMap::kBt2446C, 1000, 100, GamutMap::kCompress}},
      {"Sdr2020To709Compressed",
       k444,
       k444,
       12,
       12,
       kSdr2020,
       kSdr709,
       {ToneMap::kBt2390, 100, 100, GamutMap::kCompress}},
      {"PqToSdrInIctcp", k444, k444, 12, 12, kPq2020, kSdr709, {ToneMap::kBt2390, 1000, 100, GamutMap::kIctcp}},
      {"PqToPqP3InIctcp", k444, k444, 12, 12, kPq2020, kP3Pq, {ToneMap::kBt2390, 1000, 1000, GamutMap::kIctcp}},
      {"HlgToSdrBt2446CInIctcp",
       k420,
       k420,
       10,
       10,
       kHlg2020,
       kSdr709,
       {ToneMap::kBt2446C, 1000, 100, GamutMap::kIctcp}},
      {"Sdr2020To709InIctcp", k444, k444, 12, 12, kSdr2020, kSdr709, {ToneMap::kBt2390, 100, 100, GamutMap::kIctcp}},
      {"HlgToSdr", k444, k444, 12, 12, kHlg2020, kSdr709, {}},
      {"PqToHlg", k444, k444, 12, 12, kPq2020, kHlg2020, {ToneMap::kBt2390, 1000, 1000}},
      {"PqToHlgFrom4000", k444, k444, 12, 12, kPq2020, kHlg2020, {ToneMap::kBt2390, 4000, 1000}},
      {"HlgToPq", k444, k444, 12, 12, kHlg2020, kPq2020, {ToneMap::kBt2390, 1000, 1000}},
      {"P3PqToPq2020", k444, k444, 12, 12, kP3Pq, kPq2020, {ToneMap::kBt2390, 1000, 1000}},
      {"PqToPq600", k444, k444, 12, 12, kPq2020, kPq2020, {ToneMap::kBt2390, 1000, 600}},
      {"PqToSdrOnLuminance", k444, k444, 12, 12, kPq2020, kSdr709, tone_mapped_on(ToneMapOn::kLuminance, 1000, 100)},
      {"PqToSdrOnIctcp", k444, k444, 12, 12, kPq2020, kSdr709, tone_mapped_on(ToneMapOn::kIctcp, 1000, 100)},
      {"PqToPq600OnIctcp", k444, k444, 12, 12, kPq2020, kPq2020, tone_mapped_on(ToneMapOn::kIctcp, 1000, 600)},
      {"P3PqToHlgOnIctcp", k444, k444, 12, 12, kP3Pq, kHlg2020, tone_mapped_on(ToneMapOn::kIctcp, 4000, 1000)},
      {"HlgToSdrOnIctcp", k420, k420, 10, 8, kHlg2020, kSdr709, tone_mapped_on(ToneMapOn::kIctcp, 1000, 100)},
      {"SLog3ToSdrOnIctcp", k444, k444, 12, 12, kSLog3, kSdr709, tone_mapped_on(ToneMapOn::kIctcp, 4000, 100)},
      {"SdrToPq", k444, k444, 12, 12, kSdr709, kPq2020, {ToneMap::kBt2390, 100, 1000}},
      {"SdrToHlg", k444, k444, 12, 12, kSdr709, kHlg2020, {ToneMap::kBt2390, 100, 1000}},
      {"Sdr709To2020", k444, k444, 12, 12, kSdr709, kSdr2020, {ToneMap::kBt2390, 100, 100}},
      {"Sdr2020To709", k444, k444, 12, 12, kSdr2020, kSdr709, {ToneMap::kBt2390, 100, 100}},
      {"Sdr8To10Hlg420", k420, k420, 8, 10, kSdr709, kHlg2020, {ToneMap::kBt2390, 100, 1000}},
      {"RgbToYcc", k444, k420, 16, 12, kRgb709, kSdr709, {ToneMap::kBt2390, 100, 100}},
      {"YccToRgb", k422, k444, 10, 12, kSdr709, kRgb709, {ToneMap::kBt2390, 100, 100}},
      {"IctcpToPq", k444, k444, 12, 12, as_ictcp(kPq2020), kPq2020, {ToneMap::kBt2390, 1000, 1000}},
      {"PqToIctcp", k420, k420, 10, 12, kPq2020, as_ictcp(kPq2020), {ToneMap::kBt2390, 1000, 1000}},
      {"IctcpToSdr", k444, k444, 12, 12, as_ictcp(kPq2020), kSdr709, {}},
      {"IctcpToHlg", k444, k444, 12, 12, as_ictcp(kPq2020), kHlg2020, {ToneMap::kBt2390, 1000, 1000}},
      {"HlgIctcpToHlg", k444, k444, 12, 12, as_ictcp(kHlg2020), kHlg2020, {ToneMap::kBt2390, 1000, 1000}},
      {"HlgToHlgIctcp", k444, k444, 12, 12, kHlg2020, as_ictcp(kHlg2020), {ToneMap::kBt2390, 1000, 1000}},
      {"HlgIctcpToPqIctcp", k444, k444, 12, 12, as_ictcp(kHlg2020), as_ictcp(kPq2020), {ToneMap::kBt2390, 1000, 1000}},
      {"SLog3ToPq", k444, k444, 12, 12, kSLog3, kPq2020, {ToneMap::kBt2390, 1000, 1000}},
      {"SLog3ToSdr", k422, k420, 10, 8, kSLog3, kSdr709, {}},
      {"SLog3CineFullToHlg", k444, k444, 12, 12, kSLog3Cine, kHlg2020, {ToneMap::kBt2390, 1000, 1000}},
      {"LogC3ToPq", k444, k444, 12, 12, kLogC3, kPq2020, {ToneMap::kBt2390, 1000, 1000}},
      {"LogC4ToSdr", k444, k444, 12, 12, kLogC4, kSdr709, {ToneMap::kBt2390, 4000, 100}},
      {"VLogToHlg", k444, k444, 12, 12, kVLog, kHlg2020, {ToneMap::kBt2390, 4000, 1000}},
      {"CanonLog3ToPq", k444, k444, 12, 12, kCanonLog3, kPq2020, {ToneMap::kBt2390, 1000, 1000}},
      {"CanonLog3ToSdr", k444, k444, 12, 12, kCanonLog3, kSdr709, {ToneMap::kBt2390, 4000, 100}},
      {"AcesCctToPq", k444, k444, 12, 12, kAcesCct, kPq2020, {ToneMap::kBt2390, 1000, 1000}},
      {"AcesAp0LinearToSdr", k444, k444, 16, 12, kAp0Linear, kSdr709, {ToneMap::kBt2390, 100, 100}},
      {"PqToSLog3", k444, k444, 12, 12, kPq2020, kSLog3, {ToneMap::kBt2390, 1000, 1000}},
      {"PqToLogC4", k444, k444, 12, 12, kPq2020, kLogC4, {ToneMap::kBt2390, 1000, 1000}},
      {"HlgToCanonLog3", k444, k444, 12, 12, kHlg2020, kCanonLog3, {ToneMap::kBt2390, 1000, 1000}},
      {"SdrToVLog", k444, k444, 12, 12, kSdr709, kVLog, {ToneMap::kBt2390, 100, 1000}},
      {"SdrToAcesCct", k444, k444, 12, 12, kSdr709, kAcesCct, {ToneMap::kBt2390, 100, 1000}},
      {"SLog3ToLogC3", k444, k444, 12, 12, kSLog3, kLogC3, {ToneMap::kBt2390, 1000, 1000}},
      {"Center",
       k420,
       k420,
       10,
       12,
       with(kPq2020, Range::kFull, ChromaLocation::kCenter),
       with(kSdr709, Range::kLimited, ChromaLocation::kBottomLeft),
       {}},
  };
  return rows;
}

class ColorAccuracy : public testing::TestWithParam<Case> {};

Picture converted(const Case& c, const Picture& picture) {
  ImageRequest request = request_for(picture, c.from, c.to, format_of(c.out_chroma, c.out_depth));
  request.tone_map = c.light.tone_map;
  request.tone_map_on = c.light.tone_map_on;
  request.gamut = c.light.gamut;
  if (is_hdr(c.from.transfer) || is_camera_log(c.from.transfer)) {
    request.source_peak_nits = c.light.source_peak_nits;
    request.target_peak_nits = c.light.target_peak_nits;
  }
  return convert(request, picture);
}

TEST_P(ColorAccuracy, ExcessOverRoundingIsBounded) {
  const Case& c = GetParam();
  const PixelFormat out = format_of(c.out_chroma, c.out_depth);
  double worst = 0;
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    const PixelFormat in = format_of(c.in_chroma, c.in_depth);
    const Picture picture = seed % 2 ? smooth_picture(in, 211, 95, seed) : random_picture(in, 211, 95, seed);
    worst = std::max(worst, excess_error(converted(c, picture), reference(picture, c.from, c.to, out, c.light)));
  }
  RecordProperty("excess", std::to_string(worst));
  EXPECT_LE(worst, 0.05);
}

INSTANTIATE_TEST_SUITE_P(All, ColorAccuracy, testing::ValuesIn(cases()),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace jinsha::test
