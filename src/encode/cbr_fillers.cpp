#include "encode/cbr_fillers.h"

#include <algorithm>

namespace jinsha {
namespace {

constexpr std::int64_t kLeastFiller = 3;  // header and trailing bits
constexpr std::int64_t kRateUnit = 64, kSizeUnit = 16;

std::int64_t initial_room(std::int64_t buffer_bits, double initial_share, std::int64_t bits_a_frame) {
  const auto held = static_cast<std::int64_t>(static_cast<double>(buffer_bits) * initial_share);
  return buffer_bits - std::clamp(held, std::min(bits_a_frame, buffer_bits), buffer_bits);
}

}  // namespace

CbrFillers::CbrFillers(std::int64_t rate_bits_per_s, std::int64_t buffer_bits, double initial_share,
                       Rational frame_rate)
    : rate_bits_per_s_(rate_bits_per_s / kRateUnit * kRateUnit),
      frame_rate_(frame_rate),
      room_(Int128{initial_room(buffer_bits / kSizeUnit * kSizeUnit, initial_share,
                                rate_bits_per_s * frame_rate.den / frame_rate.num)} *
            frame_rate.num) {}

std::int64_t CbrFillers::filler_bytes(const Unit& unit) {
  const Int128 scale = Int128{8} * frame_rate_.num;
  // The picture leaves, and as much as there is time for arrives.
  room_ += unit.bytes * scale - Int128{rate_bits_per_s_} * frame_rate_.den;
  if (unit.filler_bytes == 0) return 0;
  const Int128 missing = room_ < 0 ? -room_ / scale : 0;
  // Never beyond what x265 sends by much: a stream that lacks more than a filler has other faults.
  const auto bytes = static_cast<std::int64_t>(std::min<Int128>(missing, Int128{unit.filler_bytes} + 64));
  if (bytes < kLeastFiller) return 0;
  room_ += bytes * scale;
  return bytes;
}

}  // namespace jinsha
