// The memory a job needs: pools sized from what every part may hold, and the sum of it all.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "image/image_plan.h"
#include "input/source.h"
#include "job/plan.h"

namespace jinsha {

// Fills the pool sizes and the memory sum of a plan whose encoder and threads are settled.
void plan_memory(Plan& plan, const ImagePlan& image, const Source& source);

// kNotPossible with the whole sum when it is above `limit_bytes` (--max-mem), or where that is 0
// above what the machine has.
Status check_memory(const Plan& plan, std::uint64_t limit_bytes);

// The sum as lines of text, "   995.3 MB  source frames: 10 x 99.5 MB", the total last.
std::string memory_table(const Plan& plan);

}  // namespace jinsha
