// What container and bitstream say of colour and mastering, made one, with every contradiction in words.
#pragma once

#include <string>
#include <vector>

#include "media/color.h"
#include "media/hdr_metadata.h"

namespace jinsha {

// The bitstream wins, except that unspecified never beats specified.
ColorInfo merge_color(const ColorInfo& container, const ColorInfo& bitstream, std::vector<std::string>& conflicts);
HdrMetadata merge_hdr(const HdrMetadata& container, const HdrMetadata& bitstream, std::vector<std::string>& conflicts);

// Sentences about static metadata that cannot be true.
void check_hdr(const HdrMetadata& hdr, std::vector<std::string>& warnings);

}  // namespace jinsha
