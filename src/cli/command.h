// Command: one row of the command table (main.cpp).
#pragma once

#include <string>
#include <vector>

namespace jinsha::cli {

struct Command {
  const char* name;
  const char* usage;     // "INPUT -o OUTPUT [options]"
  const char* purpose;   // one line
  const char* examples;  // lines, indented by two
  // Arguments after the command's name; returns the exit status.
  int (*run)(const std::vector<std::string>& arguments);
};

const std::vector<Command>& commands();
const Command* find_command(const std::string& name);

// What the statuses of README.md mean, for people.
struct ExitStatus {
  int status;
  const char* meaning;
};
const std::vector<ExitStatus>& exit_statuses();

// The rows' functions, one file each.
int run_transcode(const std::vector<std::string>& arguments);
int run_document(const std::vector<std::string>& arguments);
int run_generate(const std::vector<std::string>& arguments);
int run_probe(const std::vector<std::string>& arguments);
int run_verify(const std::vector<std::string>& arguments);
int run_compare(const std::vector<std::string>& arguments);
int run_encoders(const std::vector<std::string>& arguments);
int run_presets(const std::vector<std::string>& arguments);
int run_help(const std::vector<std::string>& arguments);

// "jinsha: MESSAGE" on standard error; returns the usage exit status.
int usage_error(const std::string& message);

}  // namespace jinsha::cli
