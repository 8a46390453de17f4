#include "compare/delta_e.h"

#include <algorithm>
#include <cmath>

namespace jinsha::compare {
namespace {

constexpr double kScale = 720;
constexpr double kClass = 0.01;
// From black to 10 000 cd/m2 is 720; larger ones are counted in the last class.
constexpr std::size_t kClasses = 102'400;
constexpr double kShare = 0.99;
constexpr int kStripRows = 16;

}  // namespace

double delta_e_itp(const Itp& a, const Itp& b) {
  const double i = a.i - b.i, t = a.t - b.t, p = a.p - b.p;
  return kScale * std::sqrt(i * i + t * t + p * p);
}

DeltaEHistogram::DeltaEHistogram() : classes_(kClasses) {}

void DeltaEHistogram::add(double difference) {
  const double place = std::ceil(difference / kClass);
  ++classes_[place > 0 ? std::min(static_cast<std::size_t>(place), kClasses - 1) : 0];
  ++count_;
}

void DeltaEHistogram::merge(const DeltaEHistogram& other) {
  for (std::size_t i = 0; i < kClasses; ++i) classes_[i] += other.classes_[i];
  count_ += other.count_;
}

double DeltaEHistogram::percentile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < kClasses; ++i) {
    below += classes_[i];
    if (below >= wanted) return kClass * static_cast<double>(i);
  }
  return 0;
}

struct DeltaE::Scratch {
  ItpDecoder::Scratch decoding;
  std::vector<Itp> reference, other;
  std::vector<double> differences;
  DeltaEHistogram histogram;
};

void DeltaE::row(const Frame& reference, const Frame& other, int y, Scratch& scratch) const {
  reference_.row(reference, y, scratch.decoding, scratch.reference);
  other_.row(other, y, scratch.decoding, scratch.other);
  scratch.differences.resize(scratch.reference.size());
  for (std::size_t x = 0; x < scratch.differences.size(); ++x) {
    scratch.differences[x] = delta_e_itp(scratch.reference[x], scratch.other[x]);
  }
}

DeltaESummary DeltaE::measure(const Frame& reference, const Frame& other, ThreadPool& pool) {
  const int width = reference.layout().width, height = reference.layout().height;
  const int strips = (height + kStripRows - 1) / kStripRows;
  std::vector<Scratch> scratch(static_cast<std::size_t>(pool.threads()));
  struct Strip {
    double sum = 0, max = 0;
  };
  std::vector<Strip> sums(static_cast<std::size_t>(strips));
  pool.run(strips, [&](int strip, int thread) {
    Scratch& mine = scratch[static_cast<std::size_t>(thread)];
    Strip& sum = sums[static_cast<std::size_t>(strip)];
    for (int y = strip * kStripRows; y < std::min((strip + 1) * kStripRows, height); ++y) {
      row(reference, other, y, mine);
      for (const double difference : mine.differences) {
        sum.sum += difference;
        sum.max = std::max(sum.max, difference);
        mine.histogram.add(difference);
      }
    }
  });
  DeltaEHistogram histogram;
  for (const Scratch& part : scratch) histogram.merge(part.histogram);
  DeltaESummary summary;
  for (const Strip& strip : sums) {
    summary.mean += strip.sum;
    summary.max = std::max(summary.max, strip.max);
  }
  summary.mean /= static_cast<double>(width) * height;
  summary.p99 = std::min(histogram.percentile(kShare), summary.max);
  all_.merge(histogram);
  sum_ += summary.mean;
  max_ = std::max(max_, summary.max);
  ++frames_;
  return summary;
}

DeltaESummary DeltaE::overall() const {
  if (frames_ == 0) return {};
  return {sum_ / static_cast<double>(frames_), std::min(all_.percentile(kShare), max_), max_};
}

std::vector<float> DeltaE::map(const Frame& reference, const Frame& other, ThreadPool& pool) const {
  const FrameLayout& layout = reference.layout();
  std::vector<float> differences(static_cast<std::size_t>(layout.width) * static_cast<std::size_t>(layout.height));
  std::vector<Scratch> scratch(static_cast<std::size_t>(pool.threads()));
  pool.run(layout.height, [&](int y, int thread) {
    Scratch& mine = scratch[static_cast<std::size_t>(thread)];
    row(reference, other, y, mine);
    std::transform(mine.differences.begin(), mine.differences.end(),
                   differences.begin() + static_cast<std::ptrdiff_t>(y) * layout.width,
                   [](double value) { return static_cast<float>(value); });
  });
  return differences;
}

}  // namespace jinsha::compare
