// What people and machines are told about a job: the plan in words, the summary, the JSON report.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/job_run.h"

namespace jinsha {

// "Jinsha 0.1.0, libavcodec ..., x265 ..." of what is linked and found here.
std::string build_info();

verify::RunFacts run_facts(const Transcode& transcode);
std::vector<std::string> damage_sentences(const SourceCounters& counters, bool variable_rate);

// What of the sound was lost on the way to being coded again; and what was only mended.
std::vector<std::string> audio_damage_sentences(const Transcode& transcode);
std::vector<std::string> audio_repair_sentences(const Transcode& transcode);

std::string describe_source(const SourceInfo& source);
std::string describe_plan(const Plan& plan, const SourceInfo& source);
std::string describe_run(const Transcode& transcode, const RunOutcome& outcome);

nlohmann::json verdict_to_json(const verify::Verdict& verdict);
// The report of a job that was refused while planning.
std::string refusal_json(const Error& error);
nlohmann::json report_json(const Transcode& transcode, const SourceInfo& source, const RunOutcome& outcome);

}  // namespace jinsha
