// How the channels of one layout are mixed into another: ITU-R BS.775-3 annex 4 where it has a rule.
#pragma once

#include <cstdint>
#include <vector>

namespace jinsha {

// Row by row, a row for each channel of `target`, a column for each of `source`, both in libavutil's
// order. Channels that exist in both are kept at their level; the others go to their neighbours at
// equal power. A low-frequency channel without a place is left out, as BS.775 has it.
std::vector<double> mix_matrix(std::uint64_t source, std::uint64_t target);

}  // namespace jinsha
