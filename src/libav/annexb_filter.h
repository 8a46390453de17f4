// AnnexbFilter: coded video as a container holds it, turned into what Packet is made of: NAL units behind start codes
// (ITU-T H.264 and H.265 annex B) instead of behind their lengths (ISO/IEC 14496-15); AV1 stays as it is.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "libav/handles.h"
#include "media/packet.h"

struct AVStream;

namespace jinsha::libav {

// With start codes where the standard puts them: zero_byte before the first NAL unit, nothing behind the last, none
// that is empty. Demultiplexers leave the zeros between two access units with either.
struct AnnexbUnit {
  std::vector<std::uint8_t> bytes;
  int empty_units = 0;   // left out
  bool damaged = false;  // cut short: lengths point beyond the end
};

class AnnexbFilter {
 public:
  // HEVC, AVC or AV1. kInput when the configuration of the stream is damaged.
  static Result<AnnexbFilter> open(const AVStream& stream);

  // VPS, SPS and PPS as Annex B, or AV1's sequence header OBU; empty where the container has none.
  const Bytes& headers() const { return headers_; }
  // The same, out of an access unit; empty when there are none.
  Bytes headers_in(std::span<const std::uint8_t> access_unit) const;
  AnnexbUnit access_unit(std::span<const std::uint8_t> packet) const;

 private:
  int codec_id_ = 0;      // AVCodecID
  int length_bytes_ = 0;  // in front of each NAL unit; 0: start codes
  Bytes headers_;
};

}  // namespace jinsha::libav
