// The source of coded pictures that are passed on as they are (--encoder copy).
#pragma once

#include "input/input_file.h"
#include "input/source.h"

namespace jinsha {

// kInput when the video is none of HEVC, AVC and AV1. next() gives its VideoStreamInfo first, then Packets of stream 0
// in decoding order among those of the sound; time 0 is the first picture. Pictures that nothing can decode, because
// what they refer to lies before the first random access point, are left out and counted.
Result<std::unique_ptr<Source>> open_copy_source(const SourceSpec& spec, InputFile file, const Log& log);

}  // namespace jinsha
