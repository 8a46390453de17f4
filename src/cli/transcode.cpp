#include <algorithm>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/run_job.h"

namespace jinsha::cli {

int run_transcode(const std::vector<std::string>& arguments) {
  Arguments read = read_arguments(arguments, {}, true);
  if (!read.error.empty()) return usage_error(read.error);
  if (read.positional.empty()) return usage_error("transcode: name the input, a file or - for standard input");
  if (read.positional.size() > 1) {
    return usage_error("transcode: one input is taken, but " + read.positional[0] + " and " + read.positional[1] +
                       " are given");
  }
  read.options.insert(read.options.begin(), {"input", read.positional.front()});
  return run_job(read.options);
}

int run_document(const std::vector<std::string>& arguments) {
  const Arguments read = read_arguments(arguments, {}, true);
  if (!read.error.empty()) return usage_error(read.error);
  if (read.positional.size() != 1) return usage_error("run: name one job document, a .toml or .json file");
  return run_job(read.options, read.positional.front());
}

namespace {

// Options of `generate` that describe the pictures and not the coding of them.
constexpr ExtraFlag kSourceFlags[] = {{"size", "--size", true},     {"fps", "--fps", true},
                                      {"frames", "--frames", true}, {"color", "--color", true},
                                      {"depth", "--depth", true},   {"seed", "--seed", true}};

}  // namespace

int run_generate(const std::vector<std::string>& arguments) {
  const Arguments read = read_arguments(arguments, {std::begin(kSourceFlags), std::end(kSourceFlags)}, true);
  if (!read.error.empty()) return usage_error(read.error);
  if (read.positional.size() != 1) return usage_error("generate: name one output file");
  std::string size = "1920x1080";
  std::string fps = "50";
  std::string rest;
  std::string frames = "50";
  std::vector<std::pair<std::string, std::string>> job_options;
  for (const auto& [key, value] : read.options) {
    if (key == "size") {
      size = value;
    } else if (key == "fps") {
      fps = value;
    } else if (key == "frames") {
      frames = value;
    } else if (key == "color" || key == "depth" || key == "seed") {
      rest.append(",").append(key).append("=").append(value);
    } else {
      job_options.emplace_back(key, value);
    }
  }
  const auto given = [&](const char* key) {
    return std::any_of(job_options.begin(), job_options.end(), [&](const auto& option) { return option.first == key; });
  };
  // A test source is made to be read, not kept: the fastest setting unless another is asked for.
  if (!given("speed") && !given("encoder") && !given("codec")) job_options.emplace_back("speed", "ultrafast");
  job_options.insert(job_options.begin(), {{"input", "generate:" + size + "@" + fps + ",frames=" + frames + rest},
                                           {"output", read.positional.front()}});
  return run_job(job_options);
}

}  // namespace jinsha::cli
