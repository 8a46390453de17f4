// What the planner decides: which steps, which tags, what it says about losses.
#include "image/image_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "image/image_request_helper.h"

namespace jinsha::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

template <typename Op>
int count(const ImagePlan& plan) {
  int found = 0;
  for (const kernels::Step& step : plan.program.steps) {
    if (const auto* color = std::get_if<kernels::ColorProgram>(&step)) {
      for (const kernels::Op& op : color->ops) found += std::holds_alternative<Op>(op) ? 1 : 0;
    }
  }
  return found;
}

TEST(ImagePlan, KeepIsNoStepAndKeepsEverything) {
  ImageRequest r = request(kPq, {});
  r.source.hdr = hdr10(1000);
  const ImagePlan plan = planned(r);
  EXPECT_THAT(plan.program.steps, IsEmpty());
  EXPECT_EQ(plan.output.color, kPq);
  EXPECT_EQ(plan.output.hdr, r.source.hdr);
  EXPECT_EQ(plan.output.format, r.source.format);
  EXPECT_THAT(plan.converted, IsEmpty());
  EXPECT_THAT(plan.dropped, IsEmpty());
  EXPECT_THAT(plan.notes, IsEmpty());
}

TEST(ImagePlan, PqToSdrTagsFollowTheTransformAndMetadataGoes) {
  ImageRequest r = request(kPq, kSdr);
  r.source.hdr = hdr10(1000);
  const ImagePlan plan = planned(r);
  ASSERT_EQ(plan.program.steps.size(), 1U);
  EXPECT_EQ(plan.output.color, kSdr);
  EXPECT_EQ(plan.output.hdr, HdrMetadata{});
  EXPECT_EQ(plan.source_peak_nits, 1000);
  EXPECT_EQ(plan.target_peak_nits, 100);
  EXPECT_THAT(plan.converted, Contains(HasSubstr("PQ bt2020 to SDR bt709, bt2390 tone curve 1000 to 100 cd/m2")));
  EXPECT_THAT(plan.dropped, ElementsAre("mastering display and content light metadata (the output is SDR)"));
  // To R'G'B', to linear, tone curve, to BT.709, to signal, to Y'CbCr.
  EXPECT_EQ(count<kernels::OpMatrix>(plan), 3);
  EXPECT_EQ(count<kernels::OpCurve>(plan), 2);
  EXPECT_EQ(count<kernels::OpScaleByCurve>(plan), 1);
}

TEST(ImagePlan, SourcePeakIsMaxCllThenMasteringDisplayThen1000) {
  ImageRequest r = request(kPq, kSdr);
  r.source.hdr = hdr10(680);
  EXPECT_EQ(planned(r).source_peak_nits, 680);
  r.source.hdr.content_light->max_cll_nits = 0;
  EXPECT_EQ(planned(r).source_peak_nits, 1000);
  r.source.hdr.mastering_display->max_luminance = 40'000'000;
  EXPECT_EQ(planned(r).source_peak_nits, 4000);
  r.source.hdr = {};
  const ImagePlan plan = planned(r);
  EXPECT_EQ(plan.source_peak_nits, 1000);
  EXPECT_THAT(plan.notes, Contains(HasSubstr("peak of the source not stated: assumed 1000 cd/m2")));
  r.source_peak_nits = 250;
  EXPECT_EQ(planned(r).source_peak_nits, 250);
  r.source_peak_nits = 20'000;
  EXPECT_EQ(plan_image(r).error().code, ErrorCode::kUsage);
}

TEST(ImagePlan, PqUpTo1000NeedsNoToneCurveForHlg) {
  ImageRequest r = request(kPq, kHlg);
  r.source.hdr = hdr10(1000);
  const ImagePlan plan = planned(r);
  EXPECT_EQ(count<kernels::OpScaleByCurve>(plan), 1);  // the inverse OOTF
  EXPECT_THAT(plan.dropped, ElementsAre(HasSubstr("metadata (it describes PQ light, the output is HLG)")));
  r.source.hdr = hdr10(4000);
  EXPECT_EQ(count<kernels::OpScaleByCurve>(planned(r)), 2);
}

TEST(ImagePlan, Bt2446GoesBetweenHdrAndSdrBothWays) {
  ImageRequest r = request(kPq, kSdr);
  r.tone_map = ToneMap::kBt2446A;
  EXPECT_THAT(planned(r).converted, Contains(HasSubstr("bt2446a tone curve 1000 to 100 cd/m2")));
  r = request(kSdr, kHlg);
  r.tone_map = ToneMap::kBt2446C;
  EXPECT_THAT(planned(r).converted, Contains(HasSubstr("expanded by the inverse of bt2446c")));
  r.tone_map = ToneMap::kBt2408;
  EXPECT_THAT(planned(r).converted, Contains(HasSubstr("SDR white at 203 cd/m2")));
}

TEST(ImagePlan, CurvesThatDoNotFitTheWayAreRefused) {
  ImageRequest r = request(kPq, kPq);
  r.target_peak_nits = 600;
  r.tone_map = ToneMap::kBt2446A;
  EXPECT_EQ(plan_image(r).error().code, ErrorCode::kUsage);
  EXPECT_THAT(plan_image(r).error().message, HasSubstr("both sides are HDR"));
  r = request(kPq, kSdr);
  r.tone_map = ToneMap::kBt2408;
  EXPECT_THAT(plan_image(r).error().message, HasSubstr("--tone-map bt2408: it places SDR in HDR"));
  r = request(kPq, kSdr);
  r.tone_map = ToneMap::kBt2446C;
  r.tone_map_on = ToneMapOn::kIctcp;
  EXPECT_EQ(plan_image(r).error().code, ErrorCode::kUsage);
  EXPECT_THAT(plan_image(r).error().message, HasSubstr("--tone-map-on ictcp: --tone-map bt2446c has its own rule"));
}

TEST(ImagePlan, DepthAloneMixesNoPlanesAndShifts) {
  ImageRequest r = request(kPq, {});
  r.format.depth = 12;
  const ImagePlan plan = planned(r);
  ASSERT_EQ(plan.program.steps.size(), 1U);
  const auto* step = std::get_if<kernels::PlaneProgram>(&plan.program.steps[0]);
  ASSERT_NE(step, nullptr);
  EXPECT_EQ(step->scale, (std::array{4.0F, 4.0F, 4.0F}));
  EXPECT_EQ(step->bias, (std::array{0.0F, 0.0F, 0.0F}));
  EXPECT_EQ(step->chroma_x, kernels::ChromaAxis{});
  EXPECT_EQ(step->chroma_y, kernels::ChromaAxis{});
}

TEST(ImagePlan, ChromaFormatAloneFiltersOnlyTheAxisThatChanges) {
  ImageRequest r = request(kSdr, {}, 8);
  r.format.chroma = Chroma::k422;
  const ImagePlan plan = planned(r);
  const auto* step = std::get_if<kernels::PlaneProgram>(&plan.program.steps.at(0));
  ASSERT_NE(step, nullptr);
  EXPECT_EQ(step->chroma_x, kernels::ChromaAxis{});
  EXPECT_EQ(step->chroma_y.kind, kernels::ChromaAxis::Kind::kUp2);
  EXPECT_EQ(plan.output.color.chroma_location, ChromaLocation::kUnspecified);
}

TEST(ImagePlan, TransfersOfOneDisplayAreATagOnly) {
  ColorInfo wanted = kSdr;
  wanted.transfer = Transfer::kBt2020Ten;
  const ImagePlan plan = planned(request(kSdr, wanted));
  EXPECT_THAT(plan.program.steps, IsEmpty());
  EXPECT_EQ(plan.output.color.transfer, Transfer::kBt2020Ten);
  EXPECT_THAT(plan.converted, ElementsAre("transfer characteristics bt709 to bt2020-10"));
}

TEST(ImagePlan, CodePointsOfTheSameNumbersAreATagOnly) {
  ColorInfo from = kSdr, to = kSdr;
  from.matrix = Matrix::kBt470Bg;
  to.matrix = Matrix::kSmpte170M;
  from.primaries = Primaries::kSmpte170M;
  to.primaries = Primaries::kSmpte240M;
  const ImagePlan plan = planned(request(from, to));
  EXPECT_THAT(plan.program.steps, IsEmpty());
  EXPECT_EQ(plan.output.color, to);
  EXPECT_THAT(plan.converted, ElementsAre("colour primaries smpte170m to smpte240m", "matrix bt470bg to smpte170m"));
}

TEST(ImagePlan, MatrixFollowsPrimariesWhenOnlyThoseAreAskedFor) {
  ColorInfo wanted;
  wanted.primaries = Primaries::kBt709;
  wanted.transfer = Transfer::kBt709;
  EXPECT_EQ(planned(request(kPq, wanted)).output.color.matrix, Matrix::kBt709);
  wanted.primaries = Primaries::kBt2020;
  wanted.transfer = Transfer::kPq;
  EXPECT_EQ(planned(request(kSdr, wanted)).output.color.matrix, Matrix::kBt2020Ncl);
}

TEST(ImagePlan, RgbSourceForSubsampledOutputGetsAMatrix) {
  ColorInfo rgb{Primaries::kBt709, Transfer::kSrgb, Matrix::kIdentity, Range::kUnspecified, {}};
  rgb.chroma_location = ChromaLocation::kUnspecified;
  ImageRequest r = request(rgb, {});
  r.source.format.chroma = Chroma::k444;
  const ImagePlan plan = planned(r);
  EXPECT_EQ(plan.output.color.matrix, Matrix::kBt709);
  EXPECT_EQ(plan.output.color.range, Range::kLimited);
  EXPECT_EQ(plan.output.color.chroma_location, ChromaLocation::kLeft);
  EXPECT_THAT(plan.notes, Contains(HasSubstr("assumed full")));
}

struct Untagged {
  int width, height;
  ColorInfo expected;
};
class UntaggedSource : public testing::TestWithParam<Untagged> {};

TEST_P(UntaggedSource, IsReadByConvention) {
  ImageRequest r = request({}, {}, 8);
  r.source.width = r.width = GetParam().width;
  r.source.height = r.height = GetParam().height;
  const ImagePlan plan = planned(r);
  EXPECT_EQ(plan.output.color, GetParam().expected) << describe(plan.output.color);
  EXPECT_EQ(plan.notes.size(), 5U);
}

INSTANTIATE_TEST_SUITE_P(BySize, UntaggedSource,
                         testing::Values(Untagged{720,
                                                  480,
                                                  {Primaries::kSmpte170M, Transfer::kSmpte170M, Matrix::kSmpte170M,
                                                   Range::kLimited, ChromaLocation::kLeft}},
                                         Untagged{720,
                                                  576,
                                                  {Primaries::kBt470Bg, Transfer::kSmpte170M, Matrix::kBt470Bg,
                                                   Range::kLimited, ChromaLocation::kLeft}},
                                         Untagged{1280, 720, kSdr}, Untagged{7680, 4320, kSdr}));

TEST(ImagePlan, TransferAloneImpliesItsSystem) {
  ColorInfo color;
  color.transfer = Transfer::kPq;
  const ImagePlan plan = planned(request(color, {}));
  EXPECT_EQ(plan.output.color, kPq);
  color = {};
  color.primaries = Primaries::kBt2020;
  EXPECT_EQ(planned(request(color, {})).output.color.transfer, Transfer::kBt2020Ten);
  EXPECT_EQ(planned(request(color, {})).output.color.matrix, Matrix::kBt2020Ncl);
}

TEST(ImagePlan, WhatCannotBeConvertedIsRefusedByName) {
  ColorInfo from = kPq;
  from.matrix = Matrix::kBt2020Cl;
  auto plan = plan_image(request(from, kSdr));
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, ErrorCode::kNotPossible);
  EXPECT_THAT(plan.error().message, HasSubstr("source: matrix coefficients bt2020c"));

  from = kPq;
  from.primaries = static_cast<Primaries>(4);
  EXPECT_THAT(plan_image(request(from, kSdr)).error().message, HasSubstr("colour primaries 4"));

  ColorInfo to = kSdr;
  to.transfer = static_cast<Transfer>(11);
  EXPECT_THAT(plan_image(request(kPq, to)).error().message, HasSubstr("output: transfer characteristics 11"));

  to = kSdr;
  to.matrix = Matrix::kIctcp;
  EXPECT_THAT(plan_image(request(kPq, to)).error().message, HasSubstr("ICtCp is defined for PQ and HLG"));
  from = kPq;
  from.matrix = Matrix::kIctcp;
  from.primaries = Primaries::kP3D65;
  EXPECT_THAT(plan_image(request(from, kSdr)).error().message,
              HasSubstr("for the primaries bt2020, they are smpte432"));

  to = kSdr;
  to.matrix = Matrix::kIdentity;
  EXPECT_THAT(plan_image(request(kPq, to)).error().message, HasSubstr("needs 4:4:4"));
}

TEST(ImagePlan, WhatNoStreamCanSayIsLeftUnsaid) {
  ColorInfo camera = kSdr;
  camera.primaries = Primaries::kSGamut3Cine;
  camera.transfer = Transfer::kSLog3;
  const ImagePlan kept = planned(request(camera, {}));
  EXPECT_THAT(kept.program.steps, IsEmpty());
  EXPECT_EQ(kept.output.color.primaries, Primaries::kUnspecified);
  EXPECT_EQ(kept.output.color.transfer, Transfer::kUnspecified);
  EXPECT_EQ(kept.output.color.matrix, Matrix::kBt709);
  EXPECT_THAT(kept.dropped, ElementsAre(HasSubstr("colour primaries s-gamut3-cine (H.273"),
                                        HasSubstr("transfer characteristics s-log3 (H.273")));
  const ImagePlan plan = planned(request(camera, kPq));
  EXPECT_EQ(plan.output.color, kPq);
  EXPECT_THAT(plan.dropped, IsEmpty());
  EXPECT_THAT(plan.converted, Contains(HasSubstr("s-log3 s-gamut3-cine to PQ bt2020, scene white at 203 cd/m2")));
}

TEST(ImagePlan, DcdmWhiteIs48) {
  const ColorInfo dcdm{Primaries::kXyz, Transfer::kDcdm, Matrix::kIdentity, Range::kFull, ChromaLocation::kUnspecified};
  ImageRequest r = request(kPq, dcdm);
  r.format.chroma = Chroma::k444;
  EXPECT_EQ(planned(r).target_peak_nits, 48);
}

TEST(ImagePlan, WhatCannotBeConvertedIsKept) {
  ColorInfo from = kPq;
  from.matrix = Matrix::kBt2020Cl;
  const ImagePlan plan = planned(request(from, {}));
  EXPECT_THAT(plan.program.steps, IsEmpty());
  EXPECT_EQ(plan.output.color, from);
}

TEST(ImagePlan, ImpossibleSizesAndDepthsAreRefused) {
  ImageRequest r = request(kSdr, kSdr);
  r.source.width = 0;
  EXPECT_EQ(plan_image(r).error().code, ErrorCode::kUsage);
  r = request(kSdr, kSdr);
  r.height = 40'000;
  EXPECT_EQ(plan_image(r).error().code, ErrorCode::kUsage);
  r = request(kSdr, kSdr);
  r.format.depth = 17;
  EXPECT_EQ(plan_image(r).error().code, ErrorCode::kUsage);
}

TEST(ImagePlan, ScalesDownBeforeColourAndUpAfterIt) {
  ImageRequest r = request(kPq, kSdr);
  r.width = 1920;
  r.height = 1080;
  ImagePlan plan = planned(r);
  ASSERT_EQ(plan.program.steps.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<kernels::ScaleProgram>(plan.program.steps[0]));
  EXPECT_EQ(std::get<kernels::ColorProgram>(plan.program.steps[1]).in.width, 1920);
  r.width = 7680;
  r.height = 4320;
  plan = planned(r);
  ASSERT_EQ(plan.program.steps.size(), 2U);
  EXPECT_EQ(std::get<kernels::ColorProgram>(plan.program.steps[0]).in.width, 3840);
  EXPECT_TRUE(std::holds_alternative<kernels::ScaleProgram>(plan.program.steps[1]));
  EXPECT_EQ(plan.output.width, 7680);
}

TEST(ImagePlan, OneRequestGivesOneProgram) {
  const ImageRequest r = request(kPq, kSdr);
  EXPECT_EQ(planned(r).program, planned(r).program);
  EXPECT_NE(planned(r).program, planned(request(kPq, kHlg)).program);
}

TEST(Orientation, SwapsSidesAndAspect) {
  ImageRequest r = request(kSdr, {}, 8);
  r.width = r.height = 0;
  r.source.sample_aspect = {4, 3};
  r.orientation = {270, true};
  const ImagePlan plan = planned(r);
  EXPECT_EQ(plan.output.width, 2160);
  EXPECT_EQ(plan.output.height, 3840);
  EXPECT_EQ(plan.output.sample_aspect, (Rational{3, 4}));
  EXPECT_EQ(plan.output.format, r.format);
  EXPECT_EQ(plan.output.color.chroma_location, ChromaLocation::kLeft);
  EXPECT_THAT(plan.converted, ElementsAre("turned for display: 270 degrees clockwise, mirrored"));
}

TEST(Crop, IsTheSizeUnlessAnotherIsAsked) {
  ImageRequest r = request(kSdr, {}, 8);
  r.width = r.height = 0;
  r.crop = Rectangle{.width = 1920, .height = 800, .x = 0, .y = 140};
  EXPECT_EQ(planned(r).output.height, 800);
  EXPECT_THAT(planned(r).converted, ElementsAre("cropped from 3840x2160 to 1920x800 at 0,140"));
  EXPECT_THAT(planned(r).dropped, IsEmpty());
  r.width = 3840;
  r.height = 1600;
  EXPECT_THAT(planned(r).converted, Contains("size 1920x800 to 3840x1600"));
}

TEST(Crop, MustLieInsideOnWholeChromaSamples) {
  ImageRequest r = request(kSdr, {}, 8);
  r.crop = Rectangle{.width = 1921, .height = 800, .x = 0, .y = 0};
  EXPECT_EQ(plan_image(r).error().code, ErrorCode::kUsage);
  r.crop = Rectangle{.width = 3840, .height = 2160, .x = 2, .y = 0};
  EXPECT_THAT(plan_image(r).error().message, HasSubstr("not inside the picture of 3840x2160"));
  r.crop = Rectangle{.width = 100, .height = 100, .x = 1, .y = 0};
  EXPECT_THAT(plan_image(r).error().message, HasSubstr("multiples"));
}

}  // namespace
}  // namespace jinsha::test
