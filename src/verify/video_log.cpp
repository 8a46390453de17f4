#include "verify/video_log.h"

#include <algorithm>

namespace jinsha::verify {

void VideoLog::add_sequence(const SequenceInfo& info, std::vector<std::uint8_t> coded, const Place& place) {
  const auto same = [&](const SequenceEntry& entry) { return entry.bytes == coded; };
  if (std::any_of(sequences.begin(), sequences.end(), same)) return;
  if (sequences.size() >= kMaxSequences) {
    sequences_dropped.add(place);
    return;
  }
  sequences.push_back({info, place, std::move(coded)});
}

void VideoLog::add_damage(std::string what, const Place& place) {
  if (damaged.count == 0) first_damage = std::move(what);
  damaged.add(place);
}

void VideoLog::add_unit(const AccessUnit& unit, std::optional<bool> marked) {
  if (marked && *marked != (unit.key || unit.open_key)) {
    if (key_mark_wrong.count == 0) {
      first_wrong_mark = *marked ? "a picture marked as one that is none" : "a key frame without the mark";
    }
    key_mark_wrong.add({unit_count, unit.byte});
  }
  if (units.size() < kMaxUnits) units.push_back(unit);
  ++unit_count;
  if (unit.key) ++key_count;
  bytes += unit.bytes;
}

}  // namespace jinsha::verify
