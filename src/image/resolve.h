// Unspecified colour properties, resolved by the conventions of the field.
#pragma once

#include <string>
#include <vector>

#include "image/image_plan.h"

namespace jinsha::image {

// Every member but chroma_location of a format that has none is specified afterwards. What was
// assumed is added to `notes`.
//   primaries, transfer, matrix: from each other where one is given (BT.2020 with PQ and HLG);
//     otherwise by size: up to 1024x576 SMPTE 170M / BT.470 BG (625 lines), else BT.709
//   range: limited, full for R'G'B'
//   chroma_location (4:2:0): top left for PQ and HLG (BT.2100-2 Table 6), else left (H.265 E.3.1)
ColorInfo resolve_source(const PictureSide& source, std::vector<std::string>& notes);

// The wanted colour, unspecified members as in the resolved source; the matrix follows the primaries
// when only those are asked for, and R'G'B' from a Y'CbCr matrix is never assumed.
ColorInfo resolve_target(const ImageRequest& request, const ColorInfo& source, const PixelFormat& format);

}  // namespace jinsha::image
