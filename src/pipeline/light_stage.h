// Counts the light of pictures: the last stage of a job that only looks.
#pragma once

#include <memory>

#include "job/light_scan.h"
#include "pipeline/stage.h"

namespace jinsha {

// Frames are R'G'B' of LightHistogram::kDepth bits, 4:4:4; they pass. `scan` outlives the stage.
std::unique_ptr<Stage> make_light_stage(LightScan& scan);

}  // namespace jinsha
