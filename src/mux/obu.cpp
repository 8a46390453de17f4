#include "mux/obu.h"

namespace jinsha {

Result<std::vector<Obu>> split_obus(std::span<const std::uint8_t> temporal_unit) {
  std::vector<Obu> obus;
  std::size_t at = 0;
  while (at < temporal_unit.size()) {
    // obu_forbidden_bit(1) type(4) extension_flag(1) has_size_field(1) reserved(1), 5.3.2.
    const std::uint8_t header = temporal_unit[at];
    const std::size_t begin = at;
    at += (header & 0x04) != 0 ? 2 : 1;
    if ((header & 0x80) != 0 || (header & 0x02) == 0) {
      return make_error(ErrorCode::kInput,
                        "AV1 temporal unit: the OBU at byte {} has header 0x{:02x}, not one with a size", begin,
                        header);
    }
    std::uint64_t size = 0;  // leb128, 4.10.5
    int shift = 0;
    for (bool more = true; more; shift += 7, ++at) {
      if (at >= temporal_unit.size() || shift > 49) {
        return make_error(ErrorCode::kInput, "AV1 temporal unit: the size of the OBU at byte {} does not end", begin);
      }
      size |= static_cast<std::uint64_t>(temporal_unit[at] & 0x7f) << shift;
      more = (temporal_unit[at] & 0x80) != 0;
    }
    if (size > temporal_unit.size() - at) {
      return make_error(ErrorCode::kInput, "AV1 temporal unit: the OBU at byte {} has {} bytes, {} are left", begin,
                        size, temporal_unit.size() - at);
    }
    at += static_cast<std::size_t>(size);
    obus.push_back({(header >> 3) & 0x0f, temporal_unit.subspan(begin, at - begin)});
  }
  return obus;
}

bool has_temporal_delimiter(std::span<const std::uint8_t> temporal_unit) {
  return !temporal_unit.empty() && ((temporal_unit.front() >> 3) & 0x0f) == kObuTemporalDelimiter;
}

}  // namespace jinsha
