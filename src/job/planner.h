// From a spec and a probed source to a Plan: every default resolved, everything that can be wrong
// found before the first frame.
#pragma once

#include "base/log.h"
#include "base/result.h"
#include "image/image_plan.h"
#include "input/source.h"
#include "job/plan.h"
#include "job/spec.h"

namespace jinsha {

// A Plan with the program of its pixel work and the answers that only matter while running.
struct PlannedJob {
  Plan plan;
  ImagePlan image;
};

// How the spec's input is to be opened.
SourceSpec source_spec_of(const JobSpec& spec);

// kUsage: the request contradicts itself or exceeds a limit. kNotPossible: encoder, level, memory or
// disk space. kOutput: the output cannot be written. Nothing is created on disk.
Result<PlannedJob> make_plan(const JobSpec& spec, const Source& source, const Log& log);

}  // namespace jinsha
