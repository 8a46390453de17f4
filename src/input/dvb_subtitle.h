// What of a packet of DVB subtitles is subtitles.
#pragma once

#include <cstdint>
#include <span>

namespace jinsha {

// The segments of a PES data field (ETSI EN 300 743 7.1.1, 7.2), without the identifiers before and the marker behind
// them, which a muxer writes anew; libavformat leaves them on where packets have the same time. Empty where there is
// no whole segment.
std::span<const std::uint8_t> dvb_subtitle_segments(std::span<const std::uint8_t> packet);

}  // namespace jinsha
