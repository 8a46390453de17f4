// Whether a coded audio packet is a whole frame: audio is passed on as it is, so pieces must not be.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace jinsha {

// `codec` is libavcodec's name. False when the packet does not begin with the codec's sync word or is
// shorter than its header says (MPEG audio layers II and III); true for codecs not known here.
bool is_whole_frame(std::string_view codec, std::span<const std::uint8_t> packet);

}  // namespace jinsha
