// JSON documents. nlohmann-json knows the line of a syntax error only, so values are named by their
// pointer (RFC 6901).
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "job/document.h"

namespace jinsha {
namespace {

using nlohmann::json;

// nlohmann-json keeps the last of two equal keys without a word.
class DuplicateKeys {
 public:
  bool operator()(json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) {
      open_.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      open_.pop_back();
    } else if (event == json::parse_event_t::key && !open_.back().insert(value.get<std::string>()).second) {
      if (found_.empty()) found_ = value.get<std::string>();
    }
    return true;
  }
  const std::string& found() const { return found_; }

 private:
  std::vector<std::set<std::string>> open_;
  std::string found_;
};

std::string pointer_token(std::string key) {
  for (std::size_t at = 0; (at = key.find_first_of("~/", at)) != std::string::npos; at += 2)
    key.replace(at, 1, key[at] == '~' ? "~0" : "~1");
  return key;
}

Result<std::string> text_of(const json& value, const std::string& where) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_unsigned()) return fmt::format("{}", value.get<std::uint64_t>());
  if (value.is_number_integer()) return fmt::format("{}", value.get<std::int64_t>());
  if (value.is_number()) return fmt::format("{}", value.get<double>());
  if (value.is_boolean()) return std::string(value.get<bool>() ? "true" : "false");
  if (value.is_null())
    return make_error(ErrorCode::kUsage, "{}: null is no value: leave the key out for the default", where);
  return make_error(ErrorCode::kUsage, "{}: a list holds single values only", where);
}

Status flatten(const json& object, const std::string& group, const std::string& pointer, Document& document) {
  for (const auto& [name, value] : object.items()) {
    const std::string key = group.empty() ? name : fmt::format("{}.{}", group, name);
    const std::string here = fmt::format("{}/{}", pointer, pointer_token(name));
    if (value.is_object()) {
      // Options have one group; a deeper key is unknown, and is not followed to any depth.
      if (std::count(key.begin(), key.end(), '.') > 8)
        return make_error(ErrorCode::kUsage, "{}: {}: nested too deep", document.name, here);
      JINSHA_TRY(flatten(value, key, here, document));
      continue;
    }
    DocumentEntry entry{.key = key, .texts = {}, .is_array = value.is_array(), .place = document.name, .subject = here};
    const auto add = [&](const json& single, const std::string& pointer_of_it) -> Status {
      JINSHA_ASSIGN(std::string text, text_of(single, fmt::format("{}: {}", document.name, pointer_of_it)));
      entry.texts.push_back(std::move(text));
      return {};
    };
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) JINSHA_TRY(add(value[i], fmt::format("{}/{}", here, i)));
    } else {
      JINSHA_TRY(add(value, here));
    }
    document.entries.push_back(std::move(entry));
  }
  return {};
}

std::ptrdiff_t line_at(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte);
  return 1 + std::count(before.begin(), before.end(), '\n');
}

}  // namespace

Result<Document> parse_json(std::string_view text, const std::string& name) {
  DuplicateKeys duplicates;
  json parsed;
  try {
    parsed = json::parse(text, [&](int, json::parse_event_t event, json& value) { return duplicates(event, value); });
  } catch (const json::parse_error& error) {
    // `byte` counts from 1 and stands behind what was read.
    const std::size_t end = error.byte > 0 ? error.byte - 1 : 0;
    const std::string_view what = error.what();
    const std::size_t colon = what.find(": ", std::min(what.find("column"), what.size()));
    return make_error(ErrorCode::kUsage, "{}:{}: this is not JSON: {}", name, line_at(text, end),
                      colon == std::string_view::npos ? what : what.substr(colon + 2));
  } catch (const json::out_of_range& error) {
    // A number beyond double, which the words quote: [json…] number overflow parsing '1e999'.
    const std::string_view what = error.what();
    const std::size_t open = std::min(what.find('\''), what.size());
    const std::string_view number = what.substr(open).substr(open < what.size() ? 1 : 0);
    const std::string_view digits = number.substr(0, number.find('\''));
    return make_error(ErrorCode::kUsage, "{}:{}: the number {} is too large", name, line_at(text, text.find(digits)),
                      digits);
  }
  if (!parsed.is_object()) return make_error(ErrorCode::kUsage, "{}: a document is one object: {{ … }}", name);
  if (!duplicates.found().empty())
    return make_error(ErrorCode::kUsage, "{}: the key \"{}\" is given twice; keep one", name, duplicates.found());
  Document document{.name = name, .entries = {}};
  JINSHA_TRY(flatten(parsed, "", "", document));
  return document;
}

}  // namespace jinsha
