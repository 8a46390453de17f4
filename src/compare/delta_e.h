// The colour difference of ITU-R BT.2124-0, Delta E ITP: 720 sqrt(dI^2 + dT^2 + dP^2). 1 is about what an observer
// who adapts to each colour can just tell apart.
#pragma once

#include <cstdint>
#include <vector>

#include "base/thread_pool.h"
#include "compare/itp.h"

namespace jinsha::compare {

double delta_e_itp(const Itp& a, const Itp& b);

struct DeltaESummary {
  double mean = 0;
  double p99 = 0;  // what 99 % of the pixels do not exceed, up to the next hundredth
  double max = 0;
};

// Differences of many pixels, counted in classes of a hundredth.
class DeltaEHistogram {
 public:
  DeltaEHistogram();
  void add(double difference);
  void merge(const DeltaEHistogram& other);
  // At most 0.01 above the smallest value that `share` (0 ... 1) of the pixels do not exceed; 0 for no pixels.
  double percentile(double share) const;
  std::uint64_t count() const { return count_; }

 private:
  std::vector<std::uint64_t> classes_;
  std::uint64_t count_ = 0;
};

// Compares pictures of one size, each decoded by its own tags. One caller at a time.
class DeltaE {
 public:
  DeltaE(ItpDecoder reference, ItpDecoder other) : reference_(std::move(reference)), other_(std::move(other)) {}

  // Does not depend on the threads of `pool`.
  DeltaESummary measure(const Frame& reference, const Frame& other, ThreadPool& pool);
  // Of all pixels measured so far.
  DeltaESummary overall() const;
  // The difference of each pixel, row after row.
  std::vector<float> map(const Frame& reference, const Frame& other, ThreadPool& pool) const;

 private:
  struct Scratch;
  void row(const Frame& reference, const Frame& other, int y, Scratch& scratch) const;

  ItpDecoder reference_, other_;
  DeltaEHistogram all_;
  double sum_ = 0;  // of the means of frames
  double max_ = 0;
  std::int64_t frames_ = 0;
};

}  // namespace jinsha::compare
