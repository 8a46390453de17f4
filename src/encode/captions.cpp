#include "encode/captions.h"

#include <algorithm>

namespace jinsha {

std::vector<std::uint8_t> caption_message(std::span<const std::uint8_t> constructs) {
  constexpr std::size_t kMost = 31;
  const std::size_t count = std::min(constructs.size() / 3, kMost);
  // itu_t_t35_country_code: USA; provider: ATSC; user_identifier 'GA94'; user_data_type_code: cc_data.
  std::vector<std::uint8_t> message{0xB5, 0x00, 0x31, 'G', 'A', '9', '4', 0x03};
  message.push_back(static_cast<std::uint8_t>(0xC0 | count));  // reserved, process_cc_data_flag, cc_count
  message.push_back(0xFF);                                     // reserved
  message.insert(message.end(), constructs.begin(), constructs.begin() + static_cast<std::ptrdiff_t>(3 * count));
  message.push_back(0xFF);  // marker_bits
  return message;
}

}  // namespace jinsha
