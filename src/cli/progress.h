// The progress of a job on standard error: one line rewritten on a terminal, JSON lines elsewhere.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "jinsha/jinsha.hpp"

namespace jinsha::cli {

class ProgressPrinter {
 public:
  // "auto", "tty", "json" or "none".
  explicit ProgressPrinter(const std::string& style);

  // True when it is time to print: only then need the progress be asked for.
  bool due() const;
  // Prints when it is due.
  void update(const jinsha_progress& progress);
  // Prints the last state and leaves the line.
  void finish(const jinsha_progress& progress);
  // A message of its own line, above the progress. Any thread.
  void line(const std::string& text);

 private:
  void print(const jinsha_progress& progress);

  enum class Style { kTty, kJson, kNone };
  Style style_;
  std::mutex mutex_;
  bool line_open_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace jinsha::cli
