// Look-up tables in .cube files: Adobe's Cube LUT specification 1.0 (IRIDAS), and the shaper that DaVinci Resolve puts
// before a cube in one file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "image/matrix3.h"

namespace jinsha {

struct CubeLutPart {
  int size = 0;                             // entries, or nodes along one axis
  image::Vec3 low{0, 0, 0}, high{1, 1, 1};  // input of the first and the last entry; what is outside is held there
  std::vector<float> rgb;                   // size, or size^3 triples, red fastest
  friend bool operator==(const CubeLutPart&, const CubeLutPart&) = default;
};
struct CubeLut {
  using Part = CubeLutPart;
  std::string name;            // for messages and reports
  std::optional<Part> curves;  // first, when both are there
  std::optional<Part> cube;    // one of the two is there
  friend bool operator==(const CubeLut&, const CubeLut&) = default;
};

// 1D tables of 2 to 65536 entries, cubes of 2 to 129 nodes. kUsage with the line where the text is none.
Result<CubeLut> parse_cube(std::string_view text, std::string name);
// kUsage where the file cannot be read.
Result<CubeLut> read_cube(const std::string& path);

}  // namespace jinsha
