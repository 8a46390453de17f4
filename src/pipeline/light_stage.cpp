#include "pipeline/light_stage.h"

#include <algorithm>
#include <variant>

namespace jinsha {
namespace {

void count(const Frame& frame, LightHistogram& histogram) {
  const FrameLayout& layout = frame.layout();
  histogram.pixels.fill(0);
  for (int y = 0; y < layout.height; ++y) {
    const auto row = [&](int plane) {
      const auto at = static_cast<std::size_t>(plane);
      return reinterpret_cast<const std::uint16_t*>(frame.plane(plane) +
                                                    static_cast<std::size_t>(y) * layout.stride[at]);
    };
    const std::uint16_t *g = row(0), *b = row(1), *r = row(2);
    for (int x = 0; x < layout.width; ++x) {
      const std::size_t most = std::max({r[x], g[x], b[x]});
      ++histogram.pixels[std::min(most, LightHistogram::kLevels - 1)];
    }
  }
}

class LightStage final : public Stage {
 public:
  explicit LightStage(LightScan& scan) : scan_(scan) {}
  const char* name() const override { return "measure"; }

  Status process(Item item, const Emit& emit) override {
    if (const Frame* frame = std::get_if<Frame>(&item)) {
      count(*frame, histogram_);
      scan_.add(histogram_);
    }
    return emit(std::move(item));
  }
  Status flush(const Emit&) override { return {}; }

 private:
  LightScan& scan_;
  LightHistogram histogram_;
};

}  // namespace

std::unique_ptr<Stage> make_light_stage(LightScan& scan) { return std::make_unique<LightStage>(scan); }

}  // namespace jinsha
