#include "job/schema.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "job/option_choices.h"
#include "job/options.h"

namespace jinsha {
namespace {

using Json = nlohmann::ordered_json;

// What a placeholder of the option table means for the type. One that is not here takes texts and numbers.
struct ValueKind {
  std::string_view placeholder;
  bool number;  // a JSON number is taken too
  const char* pattern;
};
constexpr const char* kNumber = "^(0x[0-9A-Fa-f]+|-?[0-9]+(\\.[0-9]+)?)$";
constexpr const char* kRate = "^[0-9]+(\\.[0-9]+)?[kKmMgG]?$";
constexpr std::array kValueKinds{
    ValueKind{"N", true, kNumber},    ValueKind{"PID", true, kNumber},
    ValueKind{"NITS", true, kNumber}, ValueKind{"SECONDS", true, kNumber},
    ValueKind{"RATE", true, kRate},   ValueKind{"BITS", true, kRate},
    ValueKind{"SIZE", true, kRate},   ValueKind{"WxH", false, "^[0-9]+x[0-9]+$"},
};

Json free_value(const OptionRow& row) {
  std::string_view placeholder = row.value;
  if (const std::size_t bar = placeholder.rfind('|'); bar != std::string_view::npos)
    placeholder.remove_prefix(bar + 1);  // auto|NITS
  for (const ValueKind& kind : kValueKinds) {
    if (kind.placeholder != placeholder) continue;
    Json json;
    json["type"] = kind.number ? Json{"number", "string"} : Json("string");
    json["pattern"] = kind.pattern;
    return json;
  }
  return Json{{"type", {"string", "number"}}};
}

// Words, and numbers where a word is one: depth = 10.
Json word_list(const std::vector<std::string>& words) {
  Json list = Json::array();
  for (const std::string& word : words) {
    list.push_back(word);
    if (std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; }))
      list.push_back(std::stoi(word));
  }
  return Json{{"enum", list}};
}

Json value_of(const OptionRow& row) {
  if (*row.value == 0) return Json{{"enum", {true, false, "true", "false", "yes", "no", "1", "0"}}};
  const OptionChoices choices = option_choices(row);
  if (choices.closed) return word_list(choices.words);
  if (choices.words.empty()) return free_value(row);
  return Json{{"anyOf", {word_list(choices.words), free_value(row)}}};
}

Json option_schema(const OptionRow& row) {
  std::string description = row.help;
  if (*row.default_text) description += fmt::format(" Default: {}.", row.default_text);
  Json json{{"description", description}};
  Json value = value_of(row);
  if (row.repeatable || std::string_view(row.value) == "LIST") {
    json["anyOf"] = {value, Json{{"type", "array"}, {"items", value}}};
  } else {
    json.update(value);
  }
  return json;
}

}  // namespace

std::string job_schema() {
  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
              {"title", "Jinsha job"},
              {"description", "Made by ./dev docs from the option table; docs/options.md has the same in words."},
              {"type", "object"},
              {"additionalProperties", false}};
  Json& properties = schema["properties"];
  properties["$schema"] = Json{{"type", "string"}, {"description", "This schema, for editors."}};
  properties["description"] = Json{{"type", "string"}, {"description", "What the job is for."}};
  for (const OptionRow& row : option_table()) {
    const std::string_view key = row.key;
    const std::size_t dot = key.find('.');
    if (dot == std::string_view::npos) {
      properties[row.key] = option_schema(row);
      continue;
    }
    Json& group = properties[std::string(key.substr(0, dot))];
    if (group.is_null()) group = Json{{"type", "object"}, {"additionalProperties", false}};
    group["properties"][std::string(key.substr(dot + 1))] = option_schema(row);
  }
  return schema.dump(2);
}

}  // namespace jinsha
