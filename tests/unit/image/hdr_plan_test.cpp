// What becomes of static HDR metadata.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/image_request_helper.h"

namespace jinsha::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(HdrPlan, MetadataOfPqBroughtDownIsConverted) {
  ImageRequest r = request(kPq, kPq);
  r.source.hdr = hdr10(1000);
  r.target_peak_nits = 600;
  const ImagePlan plan = planned(r);
  ASSERT_TRUE(plan.output.hdr.mastering_display && plan.output.hdr.content_light);
  EXPECT_EQ(plan.output.hdr.mastering_display->max_luminance, 6'000'000U);
  EXPECT_EQ(plan.output.hdr.content_light->max_cll_nits, 600);
  EXPECT_EQ(plan.output.hdr.content_light->max_fall_nits, 0);
  EXPECT_THAT(plan.dropped, ElementsAre(HasSubstr("MaxFALL")));
  // On luminance, what becomes of the brightest component depends on its colour.
  r.tone_map_on = ToneMapOn::kLuminance;
  EXPECT_FALSE(planned(r).output.hdr.content_light);
  EXPECT_THAT(planned(r).dropped, ElementsAre(HasSubstr("content light metadata")));
}

TEST(HdrPlan, MeasuredLightGoesBeforeWhatTheSourceStates) {
  ImageRequest r = request(kPq, kPq);
  r.source.hdr = hdr10(1000);
  r.target_peak_nits = 600;
  r.measured_light = ContentLight{590, 120};
  const ImagePlan plan = planned(r);
  EXPECT_EQ(plan.source_peak_nits, 1000) << "the curve is that of the source's own statement";
  EXPECT_EQ(plan.output.hdr.content_light, r.measured_light);
  EXPECT_TRUE(plan.output.hdr.mastering_display);
  EXPECT_THAT(plan.dropped, ElementsAre());
  EXPECT_THAT(plan.converted, Contains("content light measured: MaxCLL 590, MaxFALL 120 cd/m2"));
}

TEST(HdrPlan, MetadataIsDroppedWhenNotWanted) {
  ImageRequest r = request(kPq, {});
  r.source.hdr = hdr10(1000);
  r.keep_hdr_metadata = false;
  const ImagePlan plan = planned(r);
  EXPECT_THAT(plan.program.steps, IsEmpty());
  EXPECT_EQ(plan.output.hdr, HdrMetadata{});
  EXPECT_THAT(plan.dropped, ElementsAre(HasSubstr("not wanted")));
}

}  // namespace
}  // namespace jinsha::test
