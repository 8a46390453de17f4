// --encoder copy: the source's own coded pictures go into the output.
#pragma once

#include "base/result.h"
#include "input/source.h"
#include "job/plan.h"
#include "job/spec.h"

namespace jinsha {

inline constexpr const char* kCopyEncoder = "copy";

// kUsage when an option asks for other pictures or another coding of them.
Status check_copy_options(const JobSpec& spec);

// Describes the video and what becomes of its metadata in `plan`, whose output is known. kNotPossible when the
// container does not carry its codec.
Status plan_copied_video(const SourceInfo& source, Plan& plan);

}  // namespace jinsha
