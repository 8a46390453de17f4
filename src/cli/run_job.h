// Runs one job in the foreground: log, signals, progress, summary.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace jinsha::cli {

// Sets the options in order (key, value), runs the job and returns the exit status.
int run_job(const std::vector<std::pair<std::string, std::string>>& options);

}  // namespace jinsha::cli
