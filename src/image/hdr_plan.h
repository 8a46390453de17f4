// What becomes of static HDR metadata (SMPTE ST 2086, CTA-861.3) when the picture is converted.
#pragma once

#include "image/color_plan.h"

namespace jinsha::image {

// Peak of the source by `request` (MaxCLL, else the mastering display, else 1000 cd/m2) and of the
// target; kUsage when a given one is outside 1..10000 cd/m2.
struct Peaks {
  double source_nits = 0;
  double target_nits = 0;
};
Result<Peaks> choose_peaks(const ImageRequest& request, const ColorInfo& in, const ColorInfo& out,
                           std::vector<std::string>& notes);

// Metadata of the output; what happened goes into plan.converted and plan.dropped.
HdrMetadata convert_metadata(const ImageRequest& request, const ColorRequest& color, ImagePlan& plan);

}  // namespace jinsha::image
