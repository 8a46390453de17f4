// CaptionQueue: captions of decoded pictures on their way to the pictures that are delivered.
#pragma once

#include <cstdint>
#include <deque>

#include "base/time.h"
#include "media/packet.h"

namespace jinsha {

// Each construct of cc_data leaves once and in order, whatever becomes of the picture it came with: two of one
// (fields), none (left out), the same again (repeated). One thread.
class CaptionQueue {
 public:
  // As a picture message can hold, ATSC A/53 part 4 6.2.3.1: cc_count has 5 bits.
  static constexpr std::size_t kMostConstructs = 31;

  CaptionQueue() = default;
  // `spread`: of the pictures delivered, at `rate`, each gets its share of the 600 constructs a second (CEA-708
  // 4.4.1); else all that has come by its time.
  CaptionQueue(Rational rate, bool spread);

  // Constructs of a picture decoded, of the time `ticks`; null: none.
  void take(std::int64_t ticks, const Bytes& constructs);
  // Those that go with the picture of the time `ticks`; null: none.
  Bytes give(std::int64_t ticks);
  // Those before a picture that is not wanted, and its own, are not wanted either.
  void skip(std::int64_t ticks);

 private:
  struct Entry {
    std::int64_t ticks = 0;
    Bytes constructs;
  };
  std::deque<Entry> waiting_;
  std::deque<std::uint8_t> due_;  // of pictures whose time has come
  std::size_t most_ = kMostConstructs;
};

}  // namespace jinsha
