// Sources made of files with one picture each: numbered sequences and single stills.
#pragma once

#include <string_view>

#include "input/source.h"

namespace jinsha {

// The path is a sequence's, or a still's with its rate behind it; or it is neither but looks as if it was meant to
// be, and opening it says what is wrong.
bool is_sequence_path(const SourceSpec& spec);
// `head`: the first bytes of the file of this name.
bool is_still(const SourceSpec& spec, std::string_view head);

// Rows of the source table.
Result<std::unique_ptr<Source>> open_sequence(const SourceSpec& spec, const Log& log);
Result<std::unique_ptr<Source>> open_still(const SourceSpec& spec, const Log& log);

}  // namespace jinsha
