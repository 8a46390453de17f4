// The source for everything libavformat reads and libavcodec decodes in software.
#pragma once

#include "input/input_file.h"
#include "input/source.h"

namespace jinsha {

Result<std::unique_ptr<Source>> open_lavf_source(const SourceSpec& spec, InputFile file, const Log& log);

}  // namespace jinsha
