// Whether a constant-rate transport stream delivers every access unit before its decoding time.
//
// libavformat only logs "dts < pcr, TS is invalid"; such a stream must fail instead. Reads the
// finished packets: their position gives the arrival time (ISO/IEC 13818-1 2.4.2.2), the PES
// headers the decoding time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace jinsha {

class TsArrivalCheck {
 public:
  TsArrivalCheck(std::int64_t muxrate_bits_per_s, int first_es_pid, int es_count);

  // Whole or broken packets, in order. kOutput at the first access unit that is late.
  Status feed(std::span<const std::uint8_t> bytes);

 private:
  Status packet(std::span<const std::uint8_t> packet);

  std::int64_t muxrate_bits_per_s_;
  int first_es_pid_;
  std::vector<std::optional<std::int64_t>> dts_;  // of the PES packet under way, 90 kHz, 33 bit
  std::array<std::uint8_t, 188> rest_{};          // of a packet cut between two calls
  std::size_t rest_bytes_ = 0;
  std::int64_t packets_ = 0;
  std::optional<std::int64_t> first_pcr_;  // 27 MHz
  std::int64_t first_pcr_packet_ = 0;
};

}  // namespace jinsha
