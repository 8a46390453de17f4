#include "input/generator_counter.h"

#include <cstddef>

#include "input/generator.h"

namespace jinsha {

std::optional<std::uint32_t> read_frame_number(const Frame& frame) {
  const FrameLayout& layout = frame.layout();
  if (layout.width < 40) return std::nullopt;
  const int rows = std::max(1, layout.height / 30);
  const auto level = [&](int cell) {
    const int x = (counter_cell_begin(cell, layout.width) + counter_cell_begin(cell + 1, layout.width)) / 2;
    const std::byte* row = frame.plane(0) + layout.stride[0] * static_cast<std::size_t>(rows / 2);
    return layout.format.depth > 8 ? static_cast<int>(reinterpret_cast<const std::uint16_t*>(row)[x])
                                   : static_cast<int>(row[x]);
  };
  const int white = level(0), black = level(1);
  const int quarter = 1 << (layout.format.depth - 4);  // less contrast than 1/16 of the range is no counter
  if (white - black < quarter) return std::nullopt;
  const auto bit = [&](int cell) { return level(cell) > (white + black) / 2 ? 1U : 0U; };
  std::uint32_t number = 0, parity = 0;
  for (int i = 0; i < kCounterBits; ++i) {
    number = number << 1 | bit(2 + i);
    parity ^= bit(2 + i);
  }
  if (bit(2 + kCounterBits) != parity || bit(3 + kCounterBits) == 0) return std::nullopt;
  return number;
}

}  // namespace jinsha
