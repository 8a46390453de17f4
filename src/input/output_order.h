// OutputOrder: when each picture of a stream without times is shown. Pictures come in decoding order with their
// picture order counts; the k-th in output order gets number k.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace jinsha {

class OutputOrder {
 public:
  // A picture is shown before at most so many that are decoded before it: no decoded picture buffer is larger
  // (ITU-T H.264 A.3.1, H.265 A.4.2).
  static constexpr std::size_t kMostReordered = 16;

  // `sequence_start`: order counts begin anew here (IDR, BLA), so that all pictures before are shown before.
  void add(std::int64_t order_count, bool sequence_start);
  void end() { ended_ = true; }
  // The number of the oldest picture not taken yet, in decoding order; empty while it cannot be known.
  std::optional<std::int64_t> take();

 private:
  struct Entry {
    std::int64_t order_count = 0;
    std::int64_t sequence = 0;
    std::optional<std::int64_t> shown;
  };
  bool show_next();

  std::deque<Entry> entries_;  // decoding order, from the oldest not taken
  std::int64_t sequence_ = 0;
  std::int64_t next_ = 0;
  bool ended_ = false;
};

}  // namespace jinsha
