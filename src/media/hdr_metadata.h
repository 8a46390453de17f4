// Static HDR metadata in the units of HEVC SEI 137 and 144 (ITU-T H.265 D.3.28, D.3.35), which the
// other carriers (AV1 OBU, ISOBMFF mdcv/clli) are converted from and to.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace jinsha {

struct MasteringDisplay {
  // x, y in units of 0.00002, in the order R, G, B (writers reorder to G, B, R where asked to).
  std::array<std::array<std::uint16_t, 2>, 3> primaries_rgb{};
  std::array<std::uint16_t, 2> white_point{};
  std::uint32_t max_luminance = 0;  // units of 0.0001 cd/m2
  std::uint32_t min_luminance = 0;  // units of 0.0001 cd/m2

  friend bool operator==(const MasteringDisplay&, const MasteringDisplay&) = default;
};

struct ContentLight {
  std::uint16_t max_cll_nits = 0;   // 0: unknown
  std::uint16_t max_fall_nits = 0;  // 0: unknown

  friend bool operator==(const ContentLight&, const ContentLight&) = default;
};

struct HdrMetadata {
  std::optional<MasteringDisplay> mastering_display;
  std::optional<ContentLight> content_light;

  friend bool operator==(const HdrMetadata&, const HdrMetadata&) = default;
};

}  // namespace jinsha
