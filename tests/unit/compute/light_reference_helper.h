// What becomes of the light of one pixel: in double precision, one formula after the other.
#pragma once

#include <functional>

#include "compute/reference_helper.h"
#include "reference/linear.h"

namespace jinsha::test {

struct ReferenceSignal {
  reference::Vec3 rgb;
  reference::Vec3 slack;  // by how much each component may move (ExactPicture)
};
// R'G'B' of the source to R'G'B' of the output; of ICtCp it is L'M'S'. Both sides with every member specified.
std::function<ReferenceSignal(const reference::Vec3& rgb)> light_reference(const ColorInfo& from, const ColorInfo& to,
                                                                           const ReferenceLight& light);

}  // namespace jinsha::test
