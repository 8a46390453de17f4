// The JSON schema of job documents, made from the option table (configs/job.schema.json).
#pragma once

#include <string>

namespace jinsha {

// JSON Schema draft 7, which every editor knows. It describes TOML documents as well.
std::string job_schema();

}  // namespace jinsha
