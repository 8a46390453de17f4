#include "input/caption_queue.h"

#include <algorithm>
#include <cmath>

namespace jinsha {
namespace {

constexpr double kConstructsPerSecond = 600;
constexpr std::size_t kConstructBytes = 3;
constexpr std::size_t kMostWaiting = 9'000;  // bytes: five seconds; more is damage

}  // namespace

CaptionQueue::CaptionQueue(Rational rate, bool spread) {
  if (!spread || !rate.valid()) return;
  const auto share = static_cast<std::size_t>(std::llround(kConstructsPerSecond / rate.to_double()));
  most_ = std::clamp<std::size_t>(share, 1, kMostConstructs);
}

void CaptionQueue::take(std::int64_t ticks, const Bytes& constructs) {
  if (constructs) waiting_.push_back({ticks, constructs});
}

Bytes CaptionQueue::give(std::int64_t ticks) {
  for (; !waiting_.empty() && waiting_.front().ticks <= ticks; waiting_.pop_front())
    due_.insert(due_.end(), waiting_.front().constructs->begin(), waiting_.front().constructs->end());
  while (due_.size() > kMostWaiting) due_.pop_front();
  const std::size_t bytes = std::min(due_.size(), most_ * kConstructBytes);
  if (bytes == 0) return nullptr;
  const auto end = due_.begin() + static_cast<std::ptrdiff_t>(bytes);
  std::vector<std::uint8_t> given(due_.begin(), end);
  due_.erase(due_.begin(), end);
  return make_bytes(std::move(given));
}

void CaptionQueue::skip(std::int64_t ticks) {
  while (!waiting_.empty() && waiting_.front().ticks <= ticks) waiting_.pop_front();
  due_.clear();
}

}  // namespace jinsha
