// Where chroma samples lie: ITU-T H.273 8.7. Along one axis sample i is at luma position 2 i + siting, siting 0
// co-sited, 0.5 midway, 1 with the second sample. Luma pictures are scaled about their edges.
#pragma once

namespace jinsha::reference {

// Where in the source's chroma samples the first one of a picture lies that is 1 / `scale` as large.
inline double chroma_start_scaled(double scale, double siting) {
  const double luma = scale * (siting + 0.5) - 0.5;
  return (luma - siting) / 2;
}

// The same at equal size, from one siting to another.
inline double chroma_start_resited(double from, double to) { return (to - from) / 2; }

}  // namespace jinsha::reference
