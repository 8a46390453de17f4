// The report of a comparison: JSON for machines, a page for people.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "compare/compare.h"

namespace jinsha {

// Members as docs/compare.md lists them.
nlohmann::json compare_report_json(const compare::Report& report, const std::string& heat_map_file);

// A page that needs nothing but itself: the scores, and a plot over the frames for each family of metrics. From what
// compare_report_json() gives.
std::string compare_report_html(const nlohmann::json& report);

}  // namespace jinsha
