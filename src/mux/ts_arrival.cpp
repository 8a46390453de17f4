#include "mux/ts_arrival.h"

#include <algorithm>

namespace jinsha {
namespace {

constexpr std::size_t kTsBytes = 188;
constexpr std::int64_t kTimeWrap = std::int64_t{1} << 33;  // of 90 kHz times

// 33 bits in 3 + 15 + 15 with marker bits, 2.4.3.7.
std::int64_t read_timestamp(std::span<const std::uint8_t> b) {
  return static_cast<std::int64_t>(b[0] & 0x0e) << 29 | static_cast<std::int64_t>(b[1]) << 22 |
         static_cast<std::int64_t>(b[2] & 0xfe) << 14 | static_cast<std::int64_t>(b[3]) << 7 | b[4] >> 1;
}

// DTS of a PES header, its PTS where that is the same; empty when it has neither.
std::optional<std::int64_t> decoding_time(std::span<const std::uint8_t> pes) {
  if (pes.size() < 14 || pes[0] != 0 || pes[1] != 0 || pes[2] != 1 || (pes[6] & 0xc0) != 0x80) return std::nullopt;
  const int flags = pes[7] >> 6;
  if (flags == 3 && pes.size() >= 19) return read_timestamp(pes.subspan(14, 5));
  if (flags == 2) return read_timestamp(pes.subspan(9, 5));
  return std::nullopt;
}

// a - b on the 33-bit circle.
std::int64_t circular_difference(std::int64_t a, std::int64_t b) {
  std::int64_t d = (a - b) % kTimeWrap;
  if (d < -kTimeWrap / 2) d += kTimeWrap;
  if (d >= kTimeWrap / 2) d -= kTimeWrap;
  return d;
}

}  // namespace

TsArrivalCheck::TsArrivalCheck(std::int64_t muxrate_bits_per_s, int first_es_pid, int es_count)
    : muxrate_bits_per_s_(muxrate_bits_per_s), first_es_pid_(first_es_pid), dts_(static_cast<std::size_t>(es_count)) {}

Status TsArrivalCheck::feed(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const std::size_t taken = std::min(kTsBytes - rest_bytes_, bytes.size());
    if (taken == kTsBytes) {
      JINSHA_TRY(packet(bytes.first(kTsBytes)));
    } else {
      std::copy_n(bytes.begin(), taken, rest_.begin() + static_cast<std::ptrdiff_t>(rest_bytes_));
      rest_bytes_ = (rest_bytes_ + taken) % kTsBytes;
      if (rest_bytes_ == 0) JINSHA_TRY(packet(rest_));
    }
    bytes = bytes.subspan(taken);
  }
  return {};
}

Status TsArrivalCheck::packet(std::span<const std::uint8_t> p) {
  const std::int64_t index = packets_++;
  const int pid = (p[1] & 0x1f) << 8 | p[2];
  const bool has_adaptation = (p[3] & 0x20) != 0;
  const std::size_t adaptation_bytes = has_adaptation ? std::size_t{1} + p[4] : 0;
  if (4 + adaptation_bytes > kTsBytes) return make_error(ErrorCode::kInternal, "TS packet {} is malformed", index);
  if (!first_pcr_ && adaptation_bytes >= 8 && (p[5] & 0x10) != 0) {
    const std::int64_t base = static_cast<std::int64_t>(p[6]) << 25 | static_cast<std::int64_t>(p[7]) << 17 |
                              static_cast<std::int64_t>(p[8]) << 9 | static_cast<std::int64_t>(p[9]) << 1 | p[10] >> 7;
    first_pcr_ = base * 300 + ((p[10] & 1) << 8 | p[11]);
    first_pcr_packet_ = index;
  }
  const std::size_t stream = static_cast<std::size_t>(pid - first_es_pid_);
  if (pid < first_es_pid_ || stream >= dts_.size() || (p[3] & 0x10) == 0 || !first_pcr_) return {};
  if ((p[1] & 0x40) != 0) dts_[stream] = decoding_time(p.subspan(4 + adaptation_bytes));
  if (!dts_[stream]) return {};
  // A PCR names the arrival of its own byte, number 10 of its packet; this packet is in with its
  // last byte, number 187.
  const Int128 bytes = static_cast<Int128>(index - first_pcr_packet_) * kTsBytes + (187 - 10);
  const auto arrival = static_cast<std::int64_t>(*first_pcr_ / 300 + bytes * 8 * 90'000 / muxrate_bits_per_s_);
  const std::int64_t late = circular_difference(arrival % kTimeWrap, *dts_[stream]);
  if (late <= 0) return {};
  return make_error(
      ErrorCode::kOutput,
      "MPEG-TS at {} bit/s is too slow: at byte {}, PID 0x{:x}, an access unit is {} ms past its decoding "
      "time (DTS {}) and not complete; raise --mux.muxrate, or lower --bitrate or --bufsize",
      muxrate_bits_per_s_, index * static_cast<std::int64_t>(kTsBytes), pid, (late + 89) / 90, *dts_[stream]);
}

}  // namespace jinsha
