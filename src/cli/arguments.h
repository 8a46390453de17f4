// Arguments of one command, read with CLI11 against the library's option table.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace jinsha::cli {

struct Arguments {
  std::vector<std::string> positional;
  std::vector<std::pair<std::string, std::string>> options;  // key and value, in the order given
  std::string error;                                         // not empty: what is wrong
};

// Flags of commands that are not job options: {key, flag, takes a value}.
struct ExtraFlag {
  const char* key;
  const char* flag;  // "--json"
  bool has_value;
};

// `with_job_options`: the flags of the option table are known too.
Arguments read_arguments(const std::vector<std::string>& arguments, const std::vector<ExtraFlag>& extra,
                         bool with_job_options);

}  // namespace jinsha::cli
