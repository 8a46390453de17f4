#include "job/level_text.h"

namespace jinsha {

Result<int> parse_level(Codec codec, std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool plain = text.size() == 1 && digit(text[0]);
  const bool dotted = text.size() == 3 && digit(text[0]) && text[1] == '.' && digit(text[2]);
  if (plain || dotted) {
    const int major = text[0] - '0';
    const int minor = dotted ? text[2] - '0' : 0;
    if (codec == Codec::kAv1 && major >= 2 && major <= 7 && minor <= 3) return 4 * (major - 2) + minor;
    if (codec == Codec::kHevc && major >= 1 && major <= 6 && minor <= 2) return 30 * major + 3 * minor;
  }
  return make_error(ErrorCode::kUsage, "--level \"{}\" is no level of {}: give e.g. 4.1, 5.1 or 6.1", text,
                    name_of(codec));
}

std::string level_text(Codec codec, int level_idc) {
  if (codec == Codec::kAv1 && level_idc >= 0 && level_idc < 24)
    return fmt::format("{}.{}", 2 + level_idc / 4, level_idc % 4);
  if (codec == Codec::kHevc && level_idc > 0 && level_idc % 3 == 0)
    return fmt::format("{}.{}", level_idc / 30, level_idc % 30 / 3);
  return "unknown";
}

}  // namespace jinsha
