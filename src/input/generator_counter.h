// The frame number of a generated picture as a row of black and white cells along its top edge:
// white, black (to find the levels), 24 bits of the number with the highest first, their parity, white.
#pragma once

#include <algorithm>
#include <cstdint>

namespace jinsha {

inline constexpr int kCounterBits = 24;
inline constexpr int kCounterCells = kCounterBits + 4;

// Cell i covers the columns from this one to that of cell i + 1.
inline int counter_cell_begin(int cell, int width) { return cell * width / 40; }
inline int counter_cell_height(int height) { return std::max(2, (height / 30) & ~1); }

// Bit i: cell i is white.
inline std::uint32_t counter_cells(std::uint32_t number) {
  std::uint32_t cells = 1;
  std::uint32_t parity = 0;
  for (int i = 0; i < kCounterBits; ++i) {
    const std::uint32_t bit = number >> (kCounterBits - 1 - i) & 1;
    cells |= bit << (2 + i);
    parity ^= bit;
  }
  cells |= parity << (2 + kCounterBits);
  return cells | 1U << (3 + kCounterBits);
}

}  // namespace jinsha
