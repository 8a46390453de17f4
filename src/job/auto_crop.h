// --crop auto: which rectangle of the picture is without black bars.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "base/log.h"
#include "base/result.h"
#include "image/image_plan.h"
#include "input/source.h"
#include "job/spec.h"

namespace jinsha {

// Looks into pictures at places spread over the part of the source that the job takes, or at its beginning where
// its length is not known. The rectangle, of the picture as displayed, leaves out what is black in all of them and
// has whole chroma samples; empty where that is nothing. `open` opens the source anew. kInput as Source::next(),
// kInterrupted when stopped. Blocks: each place costs opening the source and decoding some pictures.
Result<std::optional<Rectangle>> find_crop(const JobSpec& spec,
                                           const std::function<Result<std::unique_ptr<Source>>()>& open,
                                           const std::stop_token& stop, const Log& log);

}  // namespace jinsha
