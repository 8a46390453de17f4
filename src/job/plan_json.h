// Plan and the descriptions of streams as JSON: for --dry-run, reports and the C API.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"
#include "input/source.h"
#include "job/plan.h"

namespace jinsha {

// Members carry the names of the C++ fields. plan_from_json(plan_to_json(p)) equals p.
nlohmann::json plan_to_json(const Plan& plan);
// kUsage with the pointer of the member that is missing or of the wrong type.
Result<Plan> plan_from_json(const nlohmann::json& json);

nlohmann::json source_to_json(const SourceInfo& source);
nlohmann::json counters_to_json(const SourceCounters& counters);

// Hex digest of the plan's JSON (FNV-1a, 64 bits): equal plans, equal hash. Output name, threads of
// decoding and memory do not enter.
std::string plan_hash(const Plan& plan);

}  // namespace jinsha
