// Colour primaries (ITU-T H.273 Table 2) and the matrices that follow from them, for linear light.
#pragma once

#include <optional>

#include "image/matrix3.h"
#include "media/color.h"

namespace jinsha::image {

struct Chromaticities {
  double rx, ry, gx, gy, bx, by, wx, wy;
  friend bool operator==(const Chromaticities&, const Chromaticities&) = default;
};
// Empty where no conversion from or to these primaries is known.
std::optional<Chromaticities> chromaticities_of(Primaries primaries);
// Code points that mean the same numbers count as the same: SMPTE 170M and 240M.
bool same_primaries(Primaries a, Primaries b);

// SMPTE RP 177: columns are the primaries' XYZ for unit white luminance. Of kXyz: the identity.
Mat3 rgb_to_xyz(const Chromaticities& c);

// Linear RGB of one set to linear RGB of the other; whites that differ are adapted with the
// Bradford cone response (ICC.1:2010 Annex E), so that white stays white. X, Y, Z have no white of their own:
// from and to them nothing is adapted.
Mat3 rgb_to_rgb(const Chromaticities& from, const Chromaticities& to);

// Luminance of linear R, G, B. BT.2020 and BT.2100 print theirs with four digits (0.2627, 0.6780,
// 0.0593), which the HLG OOTF uses; the others follow from the primaries.
Vec3 luminance_weights(Primaries primaries);

}  // namespace jinsha::image
