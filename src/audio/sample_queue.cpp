#include "audio/sample_queue.h"

namespace jinsha {

void SampleQueue::grow(std::size_t count) {
  for (std::vector<float>& plane : planes_) plane.resize(plane.size() + count);  // zeroes
}

std::vector<float*> SampleQueue::tail(std::size_t count) {
  std::vector<float*> pointers;
  for (std::vector<float>& plane : planes_) pointers.push_back(plane.data() + (plane.size() - count));
  return pointers;
}

void SampleQueue::shrink(std::size_t count) {
  for (std::vector<float>& plane : planes_) plane.resize(plane.size() - count);
}

void SampleQueue::remove(std::size_t from, std::size_t count) {
  for (std::vector<float>& plane : planes_) {
    const auto first = plane.begin() + static_cast<std::ptrdiff_t>(begin_ + from);
    plane.erase(first, first + static_cast<std::ptrdiff_t>(count));
  }
}

void SampleQueue::consume(std::size_t count) {
  begin_ += count;
  // Moving what is left only now and then keeps that cheap.
  if (planes_.empty() || begin_ < planes_.front().size() / 2) return;
  for (std::vector<float>& plane : planes_) {
    plane.erase(plane.begin(), plane.begin() + static_cast<std::ptrdiff_t>(begin_));
  }
  begin_ = 0;
}

}  // namespace jinsha
