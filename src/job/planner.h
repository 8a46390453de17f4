// From a spec and a probed source to a Plan: every default resolved, everything that can be wrong
// found before the first frame.
#pragma once

#include <memory>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "image/image_plan.h"
#include "input/source.h"
#include "job/plan.h"
#include "job/spec.h"

namespace jinsha {

// What is done to the pictures from `first_frame` on, counted from the job's first.
struct SceneProgram {
  std::int64_t first_frame = 0;
  std::shared_ptr<const kernels::PictureProgram> program;
};

// A Plan with the program of its pixel work and the answers that only matter while running.
struct PlannedJob {
  Plan plan;
  ImagePlan image;
  std::vector<SceneProgram> scenes;  // instead of image.program; ascending; empty: that for all
};

// How the spec's input is to be opened.
SourceSpec source_spec_of(const JobSpec& spec);

// kUsage: the request contradicts itself or exceeds a limit. kNotPossible: encoder, level, memory or
// disk space. kOutput: the output cannot be written. Nothing is created on disk.
Result<PlannedJob> make_plan(const JobSpec& spec, const Source& source, const Log& log);

}  // namespace jinsha
