#include "encode/cbr_fillers.h"

#include <algorithm>

namespace jinsha {
namespace {

constexpr std::int64_t kLeastFiller = 3;     // header and trailing bits
constexpr std::int64_t kModelOverhead = 24;  // bits that x265 counts of each filler beyond what it has

}  // namespace

std::int64_t CbrFillers::filler_bytes(const Unit& unit) {
  sei_bits_ += unit.sei_bytes * 8;
  ahead_ += Int128{unit.bytes} * 8 * frame_rate_.num - Int128{rate_bits_per_s_} * frame_rate_.den;
  if (unit.filler_bytes == 0) return 0;
  const Int128 scale = Int128{8} * frame_rate_.num;
  if (!level_) {
    level_ = ahead_ + unit.filler_bytes * scale + Int128{kModelOverhead - sei_bits_} * frame_rate_.num;
  }
  const Int128 missing = *level_ > ahead_ ? (*level_ - ahead_) / scale : 0;
  // Never beyond what x265 sends by much: a stream that lacks more than a filler has other faults.
  const auto bytes = static_cast<std::int64_t>(std::min<Int128>(missing, Int128{unit.filler_bytes} + 64));
  if (bytes < kLeastFiller) return 0;
  ahead_ += bytes * scale;
  return bytes;
}

}  // namespace jinsha
