// Movie fragments, ISO/IEC 14496-12 8.8.4 to 8.8.12.
#include <fmt/core.h>

#include <algorithm>

#include "verify/mp4_boxes.h"

namespace jinsha::verify::mp4 {
namespace {

constexpr std::uint32_t kNonSync = 0x10000;  // sample_is_non_sync_sample

struct TrackFragment {
  std::size_t track = 0;
  std::int64_t base = 0;  // of data offsets, in the file
  std::uint32_t duration = 0, size = 0, flags = 0;
  std::int64_t dts = 0;
  std::int64_t data_end = 0;
  bool known = false;
};

void parse_run(ByteView body, TrackFragment& fragment, std::vector<Sample>& samples, const Damage& damage) {
  FieldReader reader(body);
  const std::uint32_t head = reader.u32();
  const std::uint32_t version = head >> 24;
  const std::uint32_t flags = head & 0xFFFFFF;
  const std::uint32_t count = reader.u32();
  std::int64_t offset = fragment.data_end;
  if ((flags & 0x1) != 0) offset = fragment.base + static_cast<std::int32_t>(reader.u32());
  const bool has_first = (flags & 0x4) != 0;
  const std::uint32_t first = has_first ? reader.u32() : 0;
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    if (samples.size() >= kMaxFragmentSamples || fragment.dts >= static_cast<std::int64_t>(kMaxTime)) {
      damage(fmt::format("a run of {} samples to time {}", count, fragment.dts));
      return;
    }
    Sample sample;
    sample.track = fragment.track;
    sample.offset = offset;
    sample.duration = (flags & 0x100) != 0 ? reader.u32() : fragment.duration;
    sample.size = (flags & 0x200) != 0 ? reader.u32() : fragment.size;
    std::uint32_t sample_flags = (flags & 0x400) != 0 ? reader.u32() : fragment.flags;
    if (i == 0 && has_first) sample_flags = first;
    sample.sync = (sample_flags & kNonSync) == 0;
    sample.dts = fragment.dts;
    sample.pts = fragment.dts;
    if ((flags & 0x800) != 0) {
      const std::uint32_t composition = reader.u32();
      sample.pts += version == 0 ? std::int64_t{composition} : std::int64_t{static_cast<std::int32_t>(composition)};
    }
    if (!reader.ok()) break;
    if (sample.size == 0) {
      damage("a sample of 0 bytes");
      return;
    }
    offset += sample.size;
    fragment.dts += sample.duration;
    samples.push_back(sample);
  }
  fragment.data_end = offset;
  if (!reader.ok()) damage("a trun box that is cut short");
}

}  // namespace

Fragment parse_fragment(ByteView moof, std::int64_t moof_byte, const std::vector<Mp4Track>& tracks,
                        std::vector<TrackClock>& clocks, const Damage& damage) {
  Fragment out;
  clocks.resize(tracks.size());
  std::int64_t data_end = moof_byte;
  bool whole = for_boxes(moof, [&](const Box& box) {
    if (box.type == "mfhd" && box.body.size() >= 8) out.sequence_number = be32(box.body.subspan(4));
    if (box.type != "traf") return;
    TrackFragment fragment;
    const bool inner = for_boxes(box.body, [&](const Box& part) {
      FieldReader reader(part.body);
      if (part.type == "tfhd") {
        const std::uint32_t flags = reader.u32() & 0xFFFFFF;
        const std::uint32_t id = reader.u32();
        const auto found =
            std::find_if(tracks.begin(), tracks.end(), [&](const Mp4Track& track) { return track.id == id; });
        if (found == tracks.end()) {
          damage(fmt::format("a fragment of track {}, which does not exist", id));
          return;
        }
        fragment.known = true;
        fragment.track = static_cast<std::size_t>(found - tracks.begin());
        fragment.base = (flags & 0x20000) != 0 ? moof_byte : data_end;
        if ((flags & 0x1) != 0) {
          const std::uint64_t base = reader.read(8);
          if (base >= kMaxTime) {
            damage("a base_data_offset outside any file");
            fragment.known = false;
            return;
          }
          fragment.base = static_cast<std::int64_t>(base);
        }
        if ((flags & 0x2) != 0) reader.skip(4);
        fragment.duration = (flags & 0x8) != 0 ? reader.u32() : found->default_duration;
        fragment.size = (flags & 0x10) != 0 ? reader.u32() : found->default_size;
        fragment.flags = (flags & 0x20) != 0 ? reader.u32() : found->default_flags;
        fragment.data_end = fragment.base;
        const std::int64_t next = clocks[fragment.track].next_dts;
        fragment.dts = next == kNoTime ? 0 : next;
        if (!reader.ok()) damage("a tfhd box that is cut short");
      } else if (part.type == "tfdt" && fragment.known) {
        const std::uint32_t version = reader.u32() >> 24;
        const std::uint64_t time = reader.read(version == 1 ? 8 : 4);
        if (!reader.ok() || time >= kMaxTime) {
          damage("a tfdt box that does not parse");
          return;
        }
        const std::int64_t next = clocks[fragment.track].next_dts;
        fragment.dts = static_cast<std::int64_t>(time);
        if (next != kNoTime && next != fragment.dts) out.jumps.push_back({fragment.track, next, fragment.dts});
      } else if (part.type == "trun" && fragment.known) {
        parse_run(part.body, fragment, out.samples, damage);
      }
    });
    if (!inner) damage("boxes that do not fit into traf");
    if (!fragment.known) return;
    clocks[fragment.track].next_dts = fragment.dts;
    data_end = fragment.data_end;
  });
  if (!whole) damage("boxes that do not fit into moof");
  std::stable_sort(out.samples.begin(), out.samples.end(),
                   [](const Sample& a, const Sample& b) { return a.offset < b.offset; });
  return out;
}

}  // namespace jinsha::verify::mp4
