#include "job/language.h"

namespace jinsha {

std::string language_code(const std::string& text) {
  constexpr std::size_t kLetters = 3;
  if (text.size() < kLetters || (text.size() > kLetters && text[kLetters] != ',')) return "";
  std::string code = text.substr(0, kLetters);
  for (char& c : code) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c < 'a' || c > 'z') return "";
  }
  return code;
}

}  // namespace jinsha
