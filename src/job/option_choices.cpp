#include "job/option_choices.h"

#include "job/copy_plan.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "encode/encoder.h"
#include "job/preset.h"
#include "mux/muxer.h"

namespace jinsha {
namespace {

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + separator.size(), text.size()));
  }
  return parts;
}

// A word as a user types it; FILE and NITS stand for something, pq and 420 for themselves.
bool is_word(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '-' || c == '_' || c == '.';
  });
}

// The words a refusal of this row lists.
OptionChoices words_of_refusal(const OptionRow& row) {
  JobSpec scratch;
  const Status refused = row.apply(scratch, "\x01");
  if (refused.ok()) return {};
  std::string_view message = refused.error().message;
  for (const std::string_view lead : {" is not one of ", " nor one of "}) {
    const std::size_t at = message.find(lead);
    if (at == std::string_view::npos) continue;
    message.remove_prefix(at + lead.size());
    OptionChoices choices{.words = split(message.substr(0, message.find(" (")), ", "),
                          .closed = lead == " is not one of "};
    return choices;
  }
  return {};
}

// Names that are known only to the layers below, and checked while planning.
std::vector<std::string> names_of_table(std::string_view key) {
  std::vector<std::string> names;
  if (key == "encoder") {
    for (const EncoderBackend& backend : encoder_backends()) names.emplace_back(backend.name);
    names.emplace_back(kCopyEncoder);
  } else if (key == "format") {
    for (const ContainerRow& container : container_table()) names.emplace_back(container.format_name);
  } else if (key == "preset") {
    names = preset_names();
  }
  return names;
}

}  // namespace

OptionChoices option_choices(const OptionRow& row) {
  if (*row.value == 0) return {};
  if (OptionChoices choices = words_of_refusal(row); !choices.words.empty()) return choices;
  OptionChoices choices{.words = names_of_table(row.key), .closed = false};
  if (!choices.words.empty()) return choices;
  const std::vector<std::string> parts = split(row.value, "|");
  std::copy_if(parts.begin(), parts.end(), std::back_inserter(choices.words), is_word);
  choices.closed = choices.words.size() == parts.size();
  return choices;
}

}  // namespace jinsha
