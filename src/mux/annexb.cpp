#include "mux/annexb.h"

#include <algorithm>
#include <cstring>

namespace jinsha {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// Position of the next 00 00 01 at or after `from`.
std::size_t find_start_code(std::span<const std::uint8_t> bytes, std::size_t from) {
  while (from + 3 <= bytes.size()) {
    const void* one = std::memchr(bytes.data() + from + 2, 1, bytes.size() - from - 2);
    if (one == nullptr) return kNone;
    const auto at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(one) - bytes.data());
    if (bytes[at - 1] == 0 && bytes[at - 2] == 0) return at - 2;
    from = at - 1;
  }
  return kNone;
}

int nal_type_of(Codec codec, std::uint8_t first_byte) {
  return codec == Codec::kAvc ? first_byte & 0x1f : (first_byte >> 1) & 0x3f;
}

}  // namespace

// H.265 table 7-1; H.264 table 7-1.
bool is_parameter_set(Codec codec, int nal_type) {
  if (codec == Codec::kAvc) return nal_type == 7 || nal_type == 8 || nal_type == 13;
  return nal_type >= 32 && nal_type <= 34;
}

bool is_slice(Codec codec, int nal_type) {
  return codec == Codec::kAvc ? nal_type >= 1 && nal_type <= 5 : nal_type >= 0 && nal_type < 32;
}

std::vector<NalUnit> leading_nal_units(Codec codec, std::span<const std::uint8_t> access_unit) {
  std::vector<NalUnit> units;
  std::size_t code = find_start_code(access_unit, 0);
  // zero_byte and leading_zero_8bits belong to the start code that follows them.
  std::size_t begin = 0;
  while (code != kNone && code + 3 < access_unit.size()) {
    NalUnit unit;
    unit.type = nal_type_of(codec, access_unit[code + 3]);
    const bool last = is_slice(codec, unit.type);
    const std::size_t next = last ? kNone : find_start_code(access_unit, code + 3);
    std::size_t end = next == kNone ? access_unit.size() : next;
    std::size_t payload_end = end;
    while (payload_end > code + 4 && access_unit[payload_end - 1] == 0) --payload_end;
    if (next != kNone) end = payload_end;
    unit.with_start_code = access_unit.subspan(begin, end - begin);
    unit.bytes = access_unit.subspan(code + 3, payload_end - code - 3);
    units.push_back(unit);
    begin = end;
    code = next;
  }
  return units;
}

bool begins_with_parameter_sets(Codec codec, std::span<const std::uint8_t> access_unit) {
  const int sps = codec == Codec::kAvc ? 7 : 33;
  const std::vector<NalUnit> units = leading_nal_units(codec, access_unit);
  return std::any_of(units.begin(), units.end(), [&](const NalUnit& unit) { return unit.type == sps; });
}

std::vector<std::uint8_t> with_parameter_sets(Codec codec, std::span<const std::uint8_t> access_unit,
                                              std::span<const std::uint8_t> sets) {
  const int delimiter = codec == Codec::kAvc ? 9 : 35;
  const std::vector<NalUnit> units = leading_nal_units(codec, access_unit);
  const bool delimited = !units.empty() && units.front().type == delimiter;
  const std::size_t at = delimited ? units.front().with_start_code.size() : 0;
  std::vector<std::uint8_t> result;
  result.reserve(access_unit.size() + sets.size());
  result.insert(result.end(), access_unit.begin(), access_unit.begin() + static_cast<std::ptrdiff_t>(at));
  result.insert(result.end(), sets.begin(), sets.end());
  result.insert(result.end(), access_unit.begin() + static_cast<std::ptrdiff_t>(at), access_unit.end());
  return result;
}

ParameterSets::ParameterSets(Codec codec, std::span<const std::uint8_t> headers) : codec_(codec) {
  for (const NalUnit& unit : leading_nal_units(codec, headers)) {
    if (!is_parameter_set(codec, unit.type)) continue;
    sets_.emplace_back(unit.bytes.begin(), unit.bytes.end());
    annexb_.insert(annexb_.end(), {0, 0, 0, 1});
    annexb_.insert(annexb_.end(), unit.bytes.begin(), unit.bytes.end());
  }
}

bool ParameterSets::complete() const {
  const auto has = [&](int type) {
    return std::any_of(sets_.begin(), sets_.end(),
                       [&](const std::vector<std::uint8_t>& set) { return nal_type_of(codec_, set.front()) == type; });
  };
  return codec_ == Codec::kAvc ? has(7) && has(8) : has(32) && has(33) && has(34);
}

ParameterSets::Stripped ParameterSets::strip(std::span<const std::uint8_t> access_unit) const {
  Stripped result;
  const std::vector<NalUnit> units = leading_nal_units(codec_, access_unit);
  std::vector<bool> drop(units.size());
  bool any = false;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (!is_parameter_set(codec_, units[i].type)) continue;
    drop[i] = std::any_of(sets_.begin(), sets_.end(), [&](const std::vector<std::uint8_t>& set) {
      return std::ranges::equal(set, units[i].bytes);
    });
    any = any || drop[i];
    result.foreign = result.foreign || !drop[i];
  }
  if (!any) return result;
  result.access_unit.reserve(access_unit.size());
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (drop[i]) continue;
    const std::span<const std::uint8_t> bytes = units[i].with_start_code;
    result.access_unit.insert(result.access_unit.end(), bytes.begin(), bytes.end());
  }
  return result;
}

}  // namespace jinsha
