// TOML documents; the only place that knows toml++. Its tables come sorted by key, which is why the
// order of keys in a document has no meaning.
//
// toml++ up to 3.4 takes "[=" and "[[[a]]]" for a broken invariant of its own: it aborts in debug builds and
// goes on with undefined behaviour in others (fixed upstream in 2026). Its assertions are made exceptions here,
// in every build, and those become errors like the ones it throws itself.
#undef NDEBUG
namespace {
struct BrokenInvariant {};
constexpr void require(bool holds) {
  if (!holds) throw BrokenInvariant();
}
}  // namespace
#define TOML_ASSERT(expression) require(static_cast<bool>(expression))
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "job/document.h"

namespace jinsha {
namespace {

// toml++ up to 3.4 recurses once for each part of a dotted key, without a limit. The line of a key with more
// parts than any option has; 0 when there is none. Dots of texts count too: no option has so many either.
std::size_t line_of_long_key(std::string_view text) {
  constexpr int kMaxDots = 64;
  std::size_t line = 1;
  int dots = 0;
  for (const char c : text) {
    if (c == '.' && ++dots > kMaxDots) return line;
    if (std::string_view("=,{[]}\"'#\n").find(c) != std::string_view::npos) dots = 0;
    if (c == '\n') ++line;
  }
  return 0;
}

std::string place(const std::string& name, const toml::node& node) {
  return fmt::format("{}:{}", name, node.source().begin.line);
}

Result<std::string> text_of(const toml::node& node, const std::string& at, const std::string& key) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return std::string(flag->get() ? "true" : "false");
  if (node.is_table() || node.is_array())
    return make_error(ErrorCode::kUsage, "{}: {}: a list holds single values only", at, key);
  return make_error(ErrorCode::kUsage, "{}: {}: dates and times are texts here: put quotes around it", at, key);
}

Status flatten(const toml::table& table, const std::string& group, Document& document) {
  for (const auto& [name, node] : table) {
    const std::string key = group.empty() ? std::string(name.str()) : fmt::format("{}.{}", group, name.str());
    if (const toml::table* inner = node.as_table()) {
      JINSHA_TRY(flatten(*inner, key, document));
      continue;
    }
    DocumentEntry entry{
        .key = key, .texts = {}, .is_array = node.is_array(), .place = place(document.name, node), .subject = key};
    if (const toml::array* list = node.as_array()) {
      for (const toml::node& element : *list) {
        JINSHA_ASSIGN(std::string text, text_of(element, place(document.name, element), key));
        entry.texts.push_back(std::move(text));
      }
    } else {
      JINSHA_ASSIGN(std::string text, text_of(node, entry.place, key));
      entry.texts.push_back(std::move(text));
    }
    document.entries.push_back(std::move(entry));
  }
  return {};
}

}  // namespace

Result<Document> parse_toml(std::string_view text, const std::string& name) {
  if (const std::size_t line = line_of_long_key(text); line > 0)
    return make_error(ErrorCode::kUsage, "{}:{}: a key with so many dots is none of ours", name, line);
  toml::table parsed;
  try {
    parsed = toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    return make_error(ErrorCode::kUsage, "{}:{}: this is not TOML: {}", name, error.source().begin.line,
                      error.description());
  } catch (const BrokenInvariant&) {
    return make_error(ErrorCode::kUsage, "{}: this is not TOML: a table is [name] or [[name]]", name);
  }
  Document document{.name = name, .entries = {}};
  JINSHA_TRY(flatten(parsed, "", document));
  return document;
}

}  // namespace jinsha
