// CEA-608/708 captions in coded streams: ATSC A/53 part 4 6.2.3, in ITU-T T.35 messages.
#pragma once

#include <cstdint>
#include <optional>

#include "verify/bit_reader.h"

namespace jinsha::verify {

// FNV-1a of the cc_data constructs of an ITU-T T.35 message (country code first), folded into `before` where a picture
// has several messages (0: none yet). Empty where the message is damaged; `before` where it is none of captions.
std::optional<std::uint64_t> read_captions(ByteView message, std::uint64_t before);

}  // namespace jinsha::verify
