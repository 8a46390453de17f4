// Runs one job in the foreground: log, signals, progress, summary.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace jinsha::cli {

// Reads the job document where one is named, sets the options in order (key, value), runs the job and returns the
// exit status.
int run_job(const std::vector<std::pair<std::string, std::string>>& options, const std::string& document = "");

}  // namespace jinsha::cli
