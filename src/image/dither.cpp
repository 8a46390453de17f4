#include "image/dither.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace jinsha {

const char* name_of(DitherMode dither) {
  switch (dither) {
    case DitherMode::kNone: return "none";
    case DitherMode::kOrdered: return "ordered";
    case DitherMode::kBlueNoise: return "blue-noise";
    case DitherMode::kTpdf: return "tpdf";
    case DitherMode::kAuto: break;
  }
  return "auto";
}

namespace image {
namespace {

constexpr int kSide = kernels::kDitherSide;
constexpr int kCells = kSide * kSide;
using Ranks = std::array<int, kCells>;  // each of 0 ... kCells - 1 once

// SplitMix64's output function: bits that follow from a position and from nothing else.
std::uint64_t hash_of(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

// Bayer's matrix: bits of x ^ y and of y, the lowest first.
int bayer_rank(int x, int y) {
  constexpr int kBits = 4;
  int rank = 0;
  for (int bit = 0; bit < kBits; ++bit) rank = rank << 2 | ((x ^ y) >> bit & 1) << 1 | (y >> bit & 1);
  return rank;
}

// Ulichney, "The void-and-cluster method for dither array generation", SPIE 1913 (1993), on a torus. Each point that is
// set adds a Gaussian of deviation 1.5 to its surroundings: a cluster is where their sum is highest, a void where it is
// lowest.
class VoidAndCluster {
 public:
  Ranks ranks() {
    constexpr int kStart = kCells / 10;
    for (int i = 0, count = 0; count < kStart; ++i) {
      const int cell = static_cast<int>(hash_of(static_cast<std::uint64_t>(i)) % kCells);
      if (set_[cell_index(cell)]) continue;
      change(cell, true);
      ++count;
    }
    for (;;) {  // until the tightest cluster is the largest void
      const int cluster = extreme(true);
      change(cluster, false);
      const int largest_void = extreme(false);
      change(largest_void, true);
      if (largest_void == cluster) break;
    }
    const auto sums = sums_;
    const auto set = set_;
    Ranks ranks{};
    for (int rank = kStart; rank-- > 0;) {
      const int cell = extreme(true);
      change(cell, false);
      ranks[cell_index(cell)] = rank;
    }
    sums_ = sums;
    set_ = set;
    for (int rank = kStart; rank < kCells; ++rank) {
      const int cell = extreme(false);
      change(cell, true);
      ranks[cell_index(cell)] = rank;
    }
    return ranks;
  }

 private:
  static std::size_t cell_index(int cell) { return static_cast<std::size_t>(cell); }

  void change(int cell, bool to) {
    constexpr std::array kGauss{4096, 3280, 1684, 554, 117, 16, 1};
    constexpr int kReach = static_cast<int>(kGauss.size()) - 1;
    set_[cell_index(cell)] = to;
    const int x = cell % kSide, y = cell / kSide;
    for (int dy = -kReach; dy <= kReach; ++dy) {
      for (int dx = -kReach; dx <= kReach; ++dx) {
        const int at = (y + dy + kSide) % kSide * kSide + (x + dx + kSide) % kSide;
        const int weight = kGauss[cell_index(std::abs(dx))] * kGauss[cell_index(std::abs(dy))];
        sums_[cell_index(at)] += to ? weight : -weight;
      }
    }
  }

  // The set cell with the highest sum, or the free one with the lowest; of equals the first.
  int extreme(bool cluster) const {
    int best = -1;
    for (int cell = 0; cell < kCells; ++cell) {
      const auto i = cell_index(cell);
      if (set_[i] != cluster) continue;
      if (best < 0 || (cluster ? sums_[i] > sums_[cell_index(best)] : sums_[i] < sums_[cell_index(best)])) best = cell;
    }
    return best;
  }

  std::array<std::int64_t, kCells> sums_{};
  std::array<bool, kCells> set_{};
};

const Ranks& blue_ranks() {
  static const Ranks ranks = VoidAndCluster().ranks();  // takes 20 ms
  return ranks;
}

// Spread evenly within half a step.
float even(int rank, int count) { return (static_cast<float>(rank) + 0.5F) / static_cast<float>(count) - 0.5F; }

}  // namespace

kernels::Dither dither_tile(DitherMode mode) {
  kernels::Dither tile;
  if (mode == DitherMode::kNone) return tile;
  tile.reserve(kCells);
  for (int cell = 0; cell < kCells; ++cell) {
    const int x = cell % kSide, y = cell / kSide;
    if (mode == DitherMode::kTpdf) {
      constexpr int kBits = 12;
      const std::uint64_t bits = hash_of(static_cast<std::uint64_t>(cell));
      const int first = static_cast<int>(bits >> (64 - kBits)), second = static_cast<int>(bits & ((1 << kBits) - 1));
      tile.push_back(even(first, 1 << kBits) + even(second, 1 << kBits));
    } else {
      tile.push_back(mode == DitherMode::kOrdered ? even(bayer_rank(x & 15, y & 15), 256)
                                                  : even(blue_ranks()[static_cast<std::size_t>(cell)], kCells));
    }
  }
  return tile;
}

}  // namespace image
}  // namespace jinsha
