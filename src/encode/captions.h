// CEA-608/708 captions as coded streams carry them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace jinsha {

// user_data_registered_itu_t_t35 of ATSC A/53 part 4 6.2.3, from the country code on: the payload of an SEI message of
// type 4 (ITU-T H.265 D.2.6) and of a metadata OBU of type 4 (AV1 5.8.2). `constructs`: 3 bytes each, at most 31.
std::vector<std::uint8_t> caption_message(std::span<const std::uint8_t> constructs);

}  // namespace jinsha
