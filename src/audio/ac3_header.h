// The dialogue level (dialnorm) in the headers of AC-3 and E-AC-3, ETSI TS 102 366 4.3 and E.1.2.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace jinsha {

// dB below full scale as 1 to 31, of the frame that `packet` begins with; empty when it begins with
// none or states the reserved value.
std::optional<int> dialogue_level_of(std::span<const std::uint8_t> packet);

}  // namespace jinsha
