#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <map>

#include "jinsha/jinsha.hpp"

namespace jinsha::cli {
namespace {

// An unknown flag with the names that come near, from the library's own message.
std::string unknown_flag(const std::string& flag) {
  Job job;
  const std::string name =
      flag.substr(flag.find_first_not_of('-') == std::string::npos ? 0 : flag.find_first_not_of('-'));
  const std::string message = job.set(name.substr(0, name.find('=')), "").message;
  return message.empty() ? "there is no option " + flag + "; did you mean --" + name + "?" : message;
}

}  // namespace

Arguments read_arguments(const std::vector<std::string>& arguments, const std::vector<ExtraFlag>& extra,
                         bool with_job_options) {
  Arguments read;
  std::map<std::string, std::pair<std::string, bool>> flags;  // flag -> key, takes a value
  for (const ExtraFlag& row : extra) flags[row.flag] = {row.key, row.has_value};
  if (with_job_options) {
    for (const jinsha_option& option : options()) {
      if (std::string(option.key) == "input") continue;
      flags.emplace(option.flag, std::pair{option.key, *option.value != 0});
      if (*option.short_flag) flags.emplace(option.short_flag, std::pair{option.key, *option.value != 0});
    }
  }
  // CLI11 splits and pairs the words; which flag belongs to which key is the table's business. Flags
  // are declared one by one, so that repeated ones keep their order among the others.
  CLI::App app;
  app.set_help_flag();
  app.allow_extras(false);
  std::vector<std::string> positional;
  app.add_option("words", positional);
  std::map<const CLI::Option*, std::pair<std::string, bool>> known;
  for (const auto& [flag, key] : flags) {
    CLI::Option* option =
        key.second
            ? app.add_option(flag)->type_size(1)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
            : app.add_flag(flag);
    known[option] = key;
  }
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
  } catch (const CLI::ExtrasError&) {
    for (const std::string& word : app.remaining()) {
      read.error = unknown_flag(word);
      break;
    }
    return read;
  } catch (const CLI::ParseError& error) {
    read.error = error.what();
    return read;
  }
  read.positional = positional;
  std::map<const CLI::Option*, std::size_t> taken;
  for (const CLI::Option* option : app.parse_order()) {
    const auto row = known.find(option);
    if (row == known.end()) continue;
    const std::size_t index = taken[option]++;
    const std::vector<std::string>& values = option->results();
    const std::string value = index < values.size() ? values[index] : "";  // of a flag: "true", or what follows =
    read.options.emplace_back(row->second.first, value);
  }
  return read;
}

}  // namespace jinsha::cli
