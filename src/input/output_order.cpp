#include "input/output_order.h"

#include <algorithm>

namespace jinsha {

void OutputOrder::add(std::int64_t order_count, bool sequence_start) {
  if (sequence_start) ++sequence_;
  entries_.push_back({order_count, sequence_, std::nullopt});
}

// Numbers the picture that is shown next, once no later one can come before it.
bool OutputOrder::show_next() {
  Entry* first = nullptr;
  std::size_t waiting = 0;
  for (Entry& entry : entries_) {
    if (entry.shown) continue;
    ++waiting;
    const bool before = first == nullptr || entry.sequence < first->sequence ||
                        (entry.sequence == first->sequence && entry.order_count < first->order_count);
    if (before) first = &entry;
  }
  if (first == nullptr) return false;
  const bool sequence_over = first->sequence < sequence_;
  if (!ended_ && !sequence_over && waiting <= kMostReordered) return false;
  first->shown = next_++;
  return true;
}

std::optional<std::int64_t> OutputOrder::take() {
  if (entries_.empty()) return std::nullopt;
  while (!entries_.front().shown) {
    if (!show_next()) return std::nullopt;
  }
  const std::int64_t number = *entries_.front().shown;
  entries_.pop_front();
  return number;
}

}  // namespace jinsha
