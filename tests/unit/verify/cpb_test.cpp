// The coded picture buffer's replay, on streams longer than those of tests/data.
#include <gtest/gtest.h>

#include "verify/cpb_replay.h"

namespace jinsha::verify_test {
namespace {

// At a variable rate the buffer starts anew after each pause: what rounding of the rate may shift
// does not grow with the stream.
TEST(CpbReplay, ALateUnderflowAtAVariableRateIsFound) {
  verify::HrdInfo hrd;
  hrd.nal = true;
  hrd.bit_rate = 1'048'576;
  hrd.bit_rate_unit = 65'536;
  hrd.cpb_size = 1'048'576;
  hrd.cpb_size_unit = 16;
  verify::CpbResult result;
  verify::CpbReplay replay(hrd, {1, 50}, result);
  verify::hevc::BufferingPeriod period{};
  period.initial_delay = 81'000;
  constexpr std::int64_t kUnits = 5000;
  for (std::int64_t i = 0; i <= kUnits; ++i) {
    verify::hevc::PictureTiming timing{};
    timing.removal_delay = static_cast<std::uint32_t>(i);
    const std::int64_t bytes = i == kUnits ? 250'000 : 100;
    EXPECT_EQ(result.underflows.count, 0);
    replay.unit({i, 0}, bytes, i == 0 ? std::optional(period) : std::nullopt, timing);
  }
  EXPECT_EQ(result.underflows.count, 1);
}

}  // namespace
}  // namespace jinsha::verify_test
