// Colour words as a user or a job document gives them: any text is accepted or refused, and a
// property that was read from text is written as text that reads back as the same property.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "media/color.h"

namespace {

template <typename Parse>
void check(std::string_view text, Parse parse) {
  const auto value = parse(text);
  if (!value) return;
  const auto again = parse(jinsha::name_of(*value));
  if (!again || *again != *value) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text, jinsha::parse_primaries);
  check(text, jinsha::parse_transfer);
  check(text, jinsha::parse_matrix);
  check(text, jinsha::parse_range);
  check(text, jinsha::parse_chroma_location);
  return 0;
}
