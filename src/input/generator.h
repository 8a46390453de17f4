// The generator: moving, textured, seeded pictures with audio, for demos, tests and benchmarks.
// Equal specs give equal pictures.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "input/source.h"
#include "media/frame.h"

namespace jinsha {

enum class GeneratorColor { kPq, kHlg, kSdr };

struct GeneratorSpec {
  int width = 0;
  int height = 0;
  Rational frame_rate{50, 1};
  std::int64_t frames = 250;
  GeneratorColor color = GeneratorColor::kPq;
  std::uint32_t seed = 1;
  int depth = 10;
};

// "generate:SIZE[@FPS][,frames=N][,color=pq|hlg|sdr][,seed=N][,depth=N]"; kUsage with the wrong word.
inline constexpr const char* kGeneratorPrefix = "generate:";
Result<GeneratorSpec> parse_generator_spec(const std::string& path);

Result<std::unique_ptr<Source>> open_generator(const std::string& path, bool use_audio);

// The number coded into a generated picture by the row of black and white cells at its top, still
// readable after scaling, coding and tone mapping; empty where the cells are not there.
std::optional<std::uint32_t> read_frame_number(const Frame& frame);

}  // namespace jinsha
