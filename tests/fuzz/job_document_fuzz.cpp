// Job documents and presets as anybody may write them: read or refused with a message that names the file,
// and what was read sets options. The first byte chooses between the two syntaxes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "job/setting.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = text.front() == '{' ? jinsha::parse_json(text, "job") : jinsha::parse_toml(text, "job");
  if (!document.ok()) {
    if (!document.error().message.starts_with("job:")) std::abort();
    return 0;
  }
  const auto settings = jinsha::settings_of(*document, {"description", "inherits", "source"});
  if (!settings.ok() && !settings.error().message.starts_with("job")) std::abort();
  return 0;
}
