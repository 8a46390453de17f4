// `jinsha compare`: the quality of one picture against another.
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "jinsha/jinsha.hpp"

namespace jinsha::cli {
namespace {

using nlohmann::json;

constexpr ExtraFlag kFlags[] = {{"json", "--json", false},       {"html", "--html", true},
                                {"heatmap", "--heatmap", true},  {"frame", "--frame", true},
                                {"frames", "--frames", true},    {"threads", "--threads", true},
                                {"progress", "--progress", true}};

// What was asked; `error` says what is wrong with it.
struct Request {
  std::string reference, other;
  CompareOptions options;
  bool as_json = false;
  std::string progress = "auto";
  std::string error;
};

Request read_request(const std::vector<std::string>& arguments) {
  const Arguments read = read_arguments(arguments, {std::begin(kFlags), std::end(kFlags)}, false);
  Request request;
  request.error = read.error;
  if (request.error.empty() && read.positional.size() != 2) {
    request.error = "compare: name two files, the reference A and what is judged against it, B";
  }
  if (!request.error.empty()) return request;
  request.reference = read.positional[0];
  request.other = read.positional[1];
  for (const auto& [key, value] : read.options) {
    const auto integer = [&, &key = key, &value = value](std::int64_t least) {
      std::int64_t number = 0;
      const auto [end, status] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (status != std::errc() || end != value.data() + value.size() || number < least || number > INT32_MAX) {
        request.error.assign("--").append(key).append(" ").append(value);
        request.error.append(": is not a whole number from ").append(std::to_string(least)).append(" on");
      }
      return number;
    };
    if (key == "json") request.as_json = true;
    if (key == "html") request.options.html = value;
    if (key == "heatmap") request.options.heatmap = value;
    if (key == "frame") request.options.heatmap_frame = integer(0);
    if (key == "frames") request.options.frames = integer(1);
    if (key == "threads") request.options.threads = static_cast<int>(integer(1));
    if (key == "progress") {
      request.progress = value;
      if (value != "tty" && value != "json" && value != "none")
        request.error = "--progress " + value + ": is not one of tty, json, none";
    }
  }
  if (request.error.empty() && request.options.heatmap_frame && request.options.heatmap.empty())
    request.error = "--frame chooses the picture of --heatmap FILE, which is missing";
  return request;
}

void print_side(const char* name, const json& side) {
  const json& color = side.at("color");
  std::printf("%-12s %s: %dx%d %s, %s/%s/%s %s, %lld frames\n", name, side.at("path").get<std::string>().c_str(),
              side.at("width").get<int>(), side.at("height").get<int>(), side.at("format").get<std::string>().c_str(),
              color.at("primaries").get<std::string>().c_str(), color.at("transfer").get<std::string>().c_str(),
              color.at("matrix").get<std::string>().c_str(), color.at("range").get<std::string>().c_str(),
              static_cast<long long>(side.at("frames").get<std::int64_t>()));
  for (const json& text : side.at("damage")) std::printf("%-12s %s\n", "  damage", text.get<std::string>().c_str());
}

void print_report(const json& report) {
  print_side("A", report.at("reference"));
  print_side("B", report.at("other"));
  std::printf("%-12s %lld frames", "compared", static_cast<long long>(report.at("frames").get<std::int64_t>()));
  if (!report.at("frames_identical").is_null()) {
    std::printf(", %lld of them identical", static_cast<long long>(report.at("frames_identical").get<std::int64_t>()));
  }
  std::printf("%s\n",
              report.at("same_length").get<bool>() ? "" : "; LENGTHS DIFFER, the rest of the longer one is left out");
  std::printf("\n%-18s %12s %12s  %s\n", "", "over all", "worst", "at");
  for (const json& metric : report.at("metrics")) {
    const std::string unit = metric.at("unit");
    std::printf("%-18s %12.4f %12.4f  frame %lld, %.3f s%s\n", metric.at("label").get<std::string>().c_str(),
                metric.at("overall").get<double>(), metric.at("worst").get<double>(),
                static_cast<long long>(metric.at("worst_frame").get<std::int64_t>()),
                metric.at("worst_time_s").get<double>(), unit.empty() ? "" : (" (" + unit + ")").c_str());
  }
  for (const json& text : report.at("not_measured"))
    std::printf("\nnot measured: %s\n", text.get<std::string>().c_str());
  for (const json& text : report.at("notes")) std::printf("\nnote: %s\n", text.get<std::string>().c_str());
  if (const json& map = report.at("heatmap"); !map.is_null()) {
    std::printf("\nheat map of frame %lld: %s\n", static_cast<long long>(map.at("frame").get<std::int64_t>()),
                map.at("file").get<std::string>().c_str());
  }
}

}  // namespace

int run_compare(const std::vector<std::string>& arguments) {
  Request request = read_request(arguments);
  if (!request.error.empty()) return usage_error(request.error);
  ProgressPrinter printer(request.progress);
  jinsha_progress last{};
  request.options.progress = [&](const jinsha_progress& progress) {
    last = progress;
    printer.update(progress);
    return true;
  };
  std::string text;
  const Outcome outcome = compare(request.reference, request.other, request.options, text);
  if (last.frames > 0) printer.finish(last);
  if (outcome.ok() && request.as_json) std::printf("%s\n", text.c_str());
  if (outcome.ok() && !request.as_json) print_report(json::parse(text));
  if (!outcome.ok()) std::fprintf(stderr, "jinsha: %s\n", outcome.message.c_str());
  return outcome.exit_status();
}

}  // namespace jinsha::cli
