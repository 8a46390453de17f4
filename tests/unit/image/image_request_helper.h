// Requests for images and their plans, for tests.
#pragma once

#include <gtest/gtest.h>

#include "image/image_plan.h"

namespace jinsha::test {

inline constexpr ColorInfo kPq{Primaries::kBt2020, Transfer::kPq, Matrix::kBt2020Ncl, Range::kLimited,
                               ChromaLocation::kTopLeft};
inline constexpr ColorInfo kHlg{Primaries::kBt2020, Transfer::kHlg, Matrix::kBt2020Ncl, Range::kLimited,
                                ChromaLocation::kTopLeft};
inline constexpr ColorInfo kSdr{Primaries::kBt709, Transfer::kBt709, Matrix::kBt709, Range::kLimited,
                                ChromaLocation::kLeft};

inline HdrMetadata hdr10(std::uint16_t max_cll) {
  HdrMetadata hdr;
  hdr.mastering_display = MasteringDisplay{};
  hdr.mastering_display->max_luminance = 10'000'000;
  hdr.content_light = ContentLight{max_cll, 400};
  return hdr;
}

inline ImageRequest request(const ColorInfo& from, const ColorInfo& to, int depth = 10) {
  ImageRequest r;
  r.source.format.depth = r.format.depth = depth;
  r.source.width = r.width = 3840;
  r.source.height = r.height = 2160;
  r.source.color = from;
  r.color = to;
  return r;
}

inline ImagePlan planned(const ImageRequest& r) {
  auto plan = plan_image(r);
  EXPECT_TRUE(plan.ok()) << plan.error().message;
  return plan.ok() ? *plan : ImagePlan{};
}

}  // namespace jinsha::test
