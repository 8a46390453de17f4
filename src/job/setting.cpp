#include "job/setting.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace jinsha {
namespace {

// Options whose lists add up over the layers. Any other option is replaced as a whole.
constexpr std::array kAddUp{"encoder_param"};

// What giving `key` makes void in the layers below: the rate modes exclude each other, and asking for a
// quality ends a rate that was to be constant.
struct Replaces {
  const char* key;
  const char* below;
};
constexpr std::array kReplaces{
    Replaces{"crf", "bitrate"}, Replaces{"crf", "qp"},     Replaces{"crf", "cbr"},    Replaces{"qp", "bitrate"},
    Replaces{"qp", "crf"},      Replaces{"qp", "cbr"},     Replaces{"qp", "maxrate"}, Replaces{"qp", "bufsize"},
    Replaces{"bitrate", "crf"}, Replaces{"bitrate", "qp"},
};

bool adds_up(const OptionRow& row) {
  return std::any_of(kAddUp.begin(), kAddUp.end(), [&](std::string_view key) { return key == row.key; });
}

bool makes_void(std::string_view above, std::string_view below) {
  return std::any_of(kReplaces.begin(), kReplaces.end(),
                     [&](const Replaces& row) { return above == row.key && below == row.below; });
}

bool is_other_key(const std::string& key, const std::vector<std::string>& other_keys) {
  return std::any_of(other_keys.begin(), other_keys.end(), [&](const std::string& other) {
    return key == other || (key.starts_with(other) && key[other.size()] == '.');
  });
}

Error error_at(const DocumentEntry& entry, ErrorCode code, const std::string& message) {
  return make_error(code, "{}: {}: {}", entry.place, entry.subject, message);
}

// The row an entry sets. Keys are spelt one way, as the schema has them: with underscores.
Result<const OptionRow*> row_of(const DocumentEntry& entry) {
  const OptionRow* row = find_option(entry.key);
  if (row && entry.key == row->key) return row;
  const std::string near = row ? row->key : nearest_option(entry.key);
  return error_at(entry, ErrorCode::kUsage,
                  fmt::format("there is no such key{} (docs/options.md lists them)",
                              near.empty() ? "" : fmt::format("; did you mean {}?", near)));
}

// An array stands for an option given several times, or for the comma-separated list of one value.
Result<std::vector<std::string>> values_of(const DocumentEntry& entry, const OptionRow& row) {
  if (!entry.is_array || row.repeatable) return entry.texts;
  if (std::string_view(row.value) != "LIST") return error_at(entry, ErrorCode::kUsage, "takes one value, not a list");
  std::string joined;
  for (const std::string& text : entry.texts) {
    if (!joined.empty()) joined += ',';
    joined += text;
  }
  return std::vector<std::string>{joined};
}

std::size_t table_index(const OptionRow* row) { return static_cast<std::size_t>(row - option_table().data()); }

}  // namespace

Result<SettingLayer> settings_of(const Document& document, const std::vector<std::string>& other_keys) {
  SettingLayer settings;
  for (const DocumentEntry& entry : document.entries) {
    if (is_other_key(entry.key, other_keys)) continue;
    JINSHA_ASSIGN(const OptionRow* const row, row_of(entry));
    if (std::any_of(settings.begin(), settings.end(), [&](const Setting& other) { return other.row == row; }))
      return error_at(entry, ErrorCode::kUsage, fmt::format("{} is given twice; keep one", row->key));
    JINSHA_ASSIGN(const std::vector<std::string> values, values_of(entry, *row));
    for (const std::string& value : values) {
      if (value.find('\0') != std::string::npos)
        return error_at(entry, ErrorCode::kUsage, "the text holds a NUL character");
      JobSpec scratch;
      // On the command line an option without value is a flag; in a document it says true or false.
      const Status status = *row->value == 0 && value.empty() ? make_error(ErrorCode::kUsage, "give true or false")
                                                              : row->apply(scratch, value);
      if (!status.ok()) return error_at(entry, status.error().code, status.error().message);
      settings.push_back({row, value, entry.place});
    }
  }
  // Documents have no order of their own; the table's puts shorthands (color) before what refines them.
  std::stable_sort(settings.begin(), settings.end(),
                   [](const Setting& a, const Setting& b) { return table_index(a.row) < table_index(b.row); });
  return settings;
}

std::vector<StandingSetting> standing_settings(std::span<const SettingLayer> layers) {
  std::vector<StandingSetting> standing;
  for (std::size_t index = 0; index < layers.size(); ++index) {
    const std::span<const SettingLayer> above = layers.subspan(index + 1);
    for (const Setting& setting : layers[index]) {
      const bool replaced = std::any_of(above.begin(), above.end(), [&](const SettingLayer& layer) {
        return std::any_of(layer.begin(), layer.end(), [&](const Setting& other) {
          return (other.row == setting.row && !adds_up(*setting.row)) || makes_void(other.row->key, setting.row->key);
        });
      });
      if (!replaced) standing.push_back({setting, index});
    }
  }
  return standing;
}

}  // namespace jinsha
