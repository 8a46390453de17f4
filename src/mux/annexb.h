// NAL units of an Annex B byte stream (ITU-T H.264 and H.265 annex B): finding and leaving out.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "media/coding.h"

namespace jinsha {

struct NalUnit {
  std::span<const std::uint8_t> with_start_code;
  std::span<const std::uint8_t> bytes;  // header and payload, without trailing zero bytes
  int type = 0;
};

// The NAL units before and including the first slice of an access unit; the last one spans the rest
// of it, so that the slices of a large picture are not searched. Empty when there is no start code.
std::vector<NalUnit> leading_nal_units(Codec codec, std::span<const std::uint8_t> access_unit);

// VPS, SPS, PPS (H.264: SPS, SPS extension, PPS).
bool is_parameter_set(Codec codec, int nal_type);
// A coded slice.
bool is_slice(Codec codec, int nal_type);

// Whether a sequence parameter set stands before the first slice.
bool begins_with_parameter_sets(Codec codec, std::span<const std::uint8_t> access_unit);
// The access unit with `sets` (Annex B) before its first NAL unit that is no access unit delimiter.
std::vector<std::uint8_t> with_parameter_sets(Codec codec, std::span<const std::uint8_t> access_unit,
                                              std::span<const std::uint8_t> sets);

// The parameter sets of a stream's headers.
class ParameterSets {
 public:
  ParameterSets(Codec codec, std::span<const std::uint8_t> headers);

  // As Annex B, nothing else in it.
  const std::vector<std::uint8_t>& annexb() const { return annexb_; }
  bool complete() const;  // every kind the codec needs

  struct Stripped {
    std::vector<std::uint8_t> access_unit;  // empty: nothing had to be left out
    bool foreign = false;                   // parameter sets other than these are in it and were kept
  };
  // Leaves out the copies of these sets, which the sample entries hvc1 and avc1 do not allow in a
  // sample (ISO/IEC 14496-15 8.3.2).
  Stripped strip(std::span<const std::uint8_t> access_unit) const;

 private:
  Codec codec_;
  std::vector<std::vector<std::uint8_t>> sets_;
  std::vector<std::uint8_t> annexb_;
};

}  // namespace jinsha
