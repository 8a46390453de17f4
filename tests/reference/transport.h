// Rates, buffers and clocks of HEVC in MPEG-TS: Rec. ITU-T H.222.0 2.4.2.2 and 2.17.2, H.265 Annex A.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace jinsha::reference {

// Leak rate Rx (bit/s), overhead and multiplex parts of the buffer, MBS and EBS (bytes), Rbx (bit/s). max_br and
// max_cpb as in Table A.8, `bits_per_s` and `cpb_bits` of the stream's NAL HRD.
inline std::vector<double> tstd_hevc(double max_br, double max_cpb, double bits_per_s, double cpb_bits) {
  constexpr double kNalFactor = 1100, kVclFactor = 1000;
  const double level_rate = kNalFactor * max_br, overhead_rate = std::max(level_rate, 2e6);
  const double overhead = overhead_rate / 750 / 8, multiplex = 0.004 * overhead_rate / 8;
  return {kNalFactor / kVclFactor * bits_per_s,
          overhead,
          multiplex,
          overhead + multiplex + (kNalFactor * max_cpb - cpb_bits) / 8,
          cpb_bits / 8,
          level_rate};
}

// PCR of packet `index` of a constant rate, 27 MHz; its base and extension.
inline std::vector<double> pcr_of_packet(std::uint64_t index, std::uint64_t bits_per_s, std::uint64_t first) {
  const std::uint64_t pcr = (first + index * 188 * 8 * 27'000'000 / bits_per_s) % (300ULL << 33);
  return {static_cast<double>(pcr), static_cast<double>(pcr / 300), static_cast<double>(pcr % 300)};
}

}  // namespace jinsha::reference
