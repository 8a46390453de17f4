#include "verify/captions.h"

#include <algorithm>
#include <array>

namespace jinsha::verify {

std::optional<std::uint64_t> read_captions(ByteView message, std::uint64_t before) {
  // Country USA, provider ATSC, user_identifier 'GA94', user_data_type_code of cc_data.
  constexpr std::array<std::uint8_t, 8> kHead{0xB5, 0x00, 0x31, 0x47, 0x41, 0x39, 0x34, 0x03};
  if (message.size() < kHead.size() || !std::equal(kHead.begin(), kHead.end(), message.begin())) return before;
  message = message.subspan(kHead.size());
  if (message.size() < 2) return std::nullopt;
  const std::size_t bytes = std::size_t{3} * (message[0] & 0x1FU);
  const bool process = (message[0] & 0x40) != 0;
  if (message.size() < 2 + bytes + 1 || message[2 + bytes] != 0xFF) return std::nullopt;
  if (!process || bytes == 0) return before;
  std::uint64_t hash = before == 0 ? 0xcbf29ce484222325 : before;
  for (const std::uint8_t byte : message.subspan(2, bytes)) hash = (hash ^ byte) * std::uint64_t{0x100000001b3};
  return hash;
}

}  // namespace jinsha::verify
