// `jinsha presets`: the list, or one preset with the source of every value.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/command.h"
#include "jinsha/jinsha.hpp"

namespace jinsha::cli {
namespace {

using nlohmann::json;

void print_list(const json& list) {
  for (const json& row : list) {
    std::printf("%-20s %s\n", row.at("name").get<std::string>().c_str(),
                row.at("description").get<std::string>().c_str());
  }
}

void print_preset(const json& preset) {
  std::printf("%s: %s\n", preset.at("name").get<std::string>().c_str(),
              preset.at("description").get<std::string>().c_str());
  for (const json& name : preset.at("inherits")) std::printf("inherits %s\n", name.get<std::string>().c_str());
  for (const json& option : preset.at("options")) {
    const std::string key = option.at("key").get<std::string>();
    const std::string value = option.at("value").get<std::string>();
    std::printf("  %-20s %-12s %s\n", key.c_str(), value.c_str(), option.at("source").get<std::string>().c_str());
  }
}

}  // namespace

int run_presets(const std::vector<std::string>& arguments) {
  const Arguments read = read_arguments(arguments, {{"json", "--json", false}}, false);
  if (!read.error.empty()) return usage_error(read.error);
  if (read.positional.size() > 1) return usage_error("presets: name one preset, or none for the list");
  std::string text = presets();
  if (!read.positional.empty()) {
    if (const Outcome outcome = preset(read.positional.front(), text); !outcome.ok()) {
      std::fprintf(stderr, "jinsha: %s\n", outcome.message.c_str());
      return outcome.exit_status();
    }
  }
  if (!read.options.empty()) {
    std::printf("%s\n", text.c_str());
  } else if (read.positional.empty()) {
    print_list(json::parse(text));
  } else {
    print_preset(json::parse(text));
  }
  return 0;
}

}  // namespace jinsha::cli
