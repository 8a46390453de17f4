// Which audio tracks the output has, and whether each is copied or encoded.
#pragma once

#include "base/result.h"
#include "input/source.h"
#include "job/plan.h"
#include "job/spec.h"

namespace jinsha {

// False where no sound of the source can be wanted, whatever it has.
bool wants_audio(const JobSpec& spec);

// Fills plan.audio and says in plan.notes what becomes of every track. plan.kind and plan.coded are
// known. kUsage where the options name what does not exist or what a codec cannot do.
Status plan_audio(const JobSpec& spec, const SourceInfo& source, Plan& plan);

}  // namespace jinsha
