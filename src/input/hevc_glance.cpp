#include "input/hevc_glance.h"

#include <algorithm>
#include <cstddef>

namespace jinsha {
namespace {

// Holds a slice segment header with the entry points of 68 rows of an 8K picture, 7.3.6.1; where there are more, there
// is no picture.
constexpr std::size_t kSliceBytes = 300;
constexpr int kFirstNonVcl = 32;  // nal_unit_type, table 7-1
constexpr int kVps = 32, kSps = 33, kPps = 34;
constexpr std::uint8_t kStartCode[] = {0, 0, 1};

using Span = std::span<const std::uint8_t>;

int type_of(Span nal) { return nal[0] >> 1 & 63; }

// What is left of a NAL unit.
Span shortened(Span nal) {
  constexpr std::size_t kHeaderBytes = 2;
  if (nal.size() <= kHeaderBytes) return {};
  if (type_of(nal) >= kFirstNonVcl) return nal;
  const bool first_slice_segment_in_pic = (nal[kHeaderBytes] & 0x80) != 0;
  return first_slice_segment_in_pic ? nal.first(std::min(nal.size(), kSliceBytes)) : Span();
}

std::vector<std::uint8_t> with_lengths(Span packet, std::size_t length_bytes) {
  std::vector<std::uint8_t> out;
  for (std::size_t at = 0; packet.size() - at > length_bytes;) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) length = length << 8 | packet[at++];
    const Span nal = shortened(packet.subspan(at, std::min(length, packet.size() - at)));
    at += std::min(length, packet.size() - at);
    if (nal.empty()) continue;
    for (std::size_t i = length_bytes; i-- > 0;) out.push_back(static_cast<std::uint8_t>(nal.size() >> 8 * i));
    out.insert(out.end(), nal.begin(), nal.end());
  }
  return out;
}

// Calls visit(nal) for what lies behind each start code, while it returns true.
template <typename Visit>
void visit_nal_units(Span bytes, Visit visit) {
  const auto find = [&](std::size_t from) {
    const auto found = std::search(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end(),
                                   std::begin(kStartCode), std::end(kStartCode));
    return static_cast<std::size_t>(found - bytes.begin());
  };
  for (std::size_t at = find(0); at < bytes.size();) {
    const std::size_t begin = at + std::size(kStartCode);
    at = find(begin);
    if (!visit(bytes.subspan(begin, at - begin))) return;
  }
}

void append_with_start_code(std::vector<std::uint8_t>& out, Span nal) {
  out.insert(out.end(), std::begin(kStartCode), std::end(kStartCode));
  out.insert(out.end(), nal.begin(), nal.end());
}

std::vector<std::uint8_t> with_start_codes(Span packet) {
  std::vector<std::uint8_t> out;
  visit_nal_units(packet, [&](Span whole) {
    if (const Span nal = shortened(whole); !nal.empty()) append_with_start_code(out, nal);
    return true;
  });
  return out;
}

}  // namespace

std::vector<std::uint8_t> hevc_glance(Span packet, Span extradata) {
  // hvcC, ISO/IEC 14496-15 8.3.3.1.2: configurationVersion 1, lengthSizeMinusOne.
  constexpr std::size_t kFixedBytes = 23;
  const bool hvcc = extradata.size() >= kFixedBytes && extradata[0] == 1;
  return hvcc ? with_lengths(packet, (extradata[21] & 3U) + 1) : with_start_codes(packet);
}

std::vector<std::uint8_t> hevc_parameter_sets(Span stream) {
  std::vector<std::uint8_t> sets;
  bool has[kPps + 1] = {}, picture_follows = false;
  visit_nal_units(stream, [&](Span nal) {
    if (nal.empty()) return true;
    const int type = type_of(nal);
    picture_follows = type < kFirstNonVcl;
    if (type >= kVps && type <= kPps) {
      has[type] = true;
      append_with_start_code(sets, nal);
    }
    return !picture_follows;
  });
  const bool complete = picture_follows && has[kVps] && has[kSps] && has[kPps];
  return complete ? sets : std::vector<std::uint8_t>();
}

}  // namespace jinsha
