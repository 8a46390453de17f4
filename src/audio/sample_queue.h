// SampleQueue: samples of every channel on their way to the encoder, oldest first.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace jinsha {

class SampleQueue {
 public:
  explicit SampleQueue(int channels = 0) : planes_(static_cast<std::size_t>(channels)) {}

  std::size_t size() const { return planes_.empty() ? 0 : planes_.front().size() - begin_; }
  int channels() const { return static_cast<int>(planes_.size()); }
  std::span<const float> channel(int index) const {
    return std::span<const float>(planes_[static_cast<std::size_t>(index)]).subspan(begin_);
  }

  // Adds `count` samples of silence to every channel.
  void grow(std::size_t count);
  // Where the last `count` samples of every channel stand.
  std::vector<float*> tail(std::size_t count);
  // Takes back the last `count` samples.
  void shrink(std::size_t count);
  // Removes `count` samples behind the oldest `from`.
  void remove(std::size_t from, std::size_t count);
  // Removes the oldest `count`.
  void consume(std::size_t count);

 private:
  std::vector<std::vector<float>> planes_;
  std::size_t begin_ = 0;  // of the samples still there, in every plane
};

}  // namespace jinsha
