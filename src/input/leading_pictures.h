// LeadingPictures: counts what a decoder had to leave out before the first random access point.
#pragma once

#include <cstdint>
#include <vector>

namespace jinsha {

// Packets whose picture would be shown before the first picture that was decoded.
class LeadingPictures {
 public:
  void sent(std::int64_t time, bool key) {
    key_seen_ = key_seen_ || key;
    if (!first_known_) {
      if (waiting_.size() < kMost) waiting_.push_back(time);
    } else if (time < first_) {
      ++count_;
    }
  }
  void decoded_first(std::int64_t time) {
    if (first_known_) return;
    first_known_ = true;
    first_ = time;
    for (const std::int64_t waiting : waiting_) count_ += waiting < time ? 1 : 0;
    waiting_.clear();
    waiting_.shrink_to_fit();
  }
  bool key_seen() const { return key_seen_; }
  std::int64_t count() const { return count_; }

 private:
  static constexpr std::size_t kMost = 1'000'000;  // packets remembered while nothing decodes
  bool key_seen_ = false;
  bool first_known_ = false;
  std::int64_t first_ = 0;
  std::int64_t count_ = 0;
  std::vector<std::int64_t> waiting_;
};

}  // namespace jinsha
