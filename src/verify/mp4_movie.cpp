// The movie box, ISO/IEC 14496-12 8.2 to 8.6 and 8.8.1 to 8.8.3.
#include <fmt/core.h>

#include "verify/mp4_boxes.h"

namespace jinsha::verify::mp4 {
namespace {

// Version of a FullBox; its fields follow.
std::uint32_t version_of(FieldReader& reader) { return reader.u32() >> 24; }

// An all-ones duration means unknown.
std::uint64_t duration_of(FieldReader& reader, std::uint32_t version) {
  const std::uint64_t value = reader.read(version == 1 ? 8 : 4);
  return value == (version == 1 ? ~std::uint64_t{0} : 0xFFFFFFFFU) ? 0 : value;
}

void parse_track_header(ByteView body, Mp4Track& log) {
  FieldReader reader(body);
  const std::uint32_t version = version_of(reader);
  reader.skip(version == 1 ? 16 : 8);
  log.id = reader.u32();
  reader.skip(4);
  reader.skip(version == 1 ? 8 : 4);
  reader.skip(8 + 2 + 2 + 2 + 2 + 36);
  log.track_width = reader.u32() >> 16;
  log.track_height = reader.u32() >> 16;
}

void parse_media_header(ByteView body, Mp4Track& log) {
  FieldReader reader(body);
  const std::uint32_t version = version_of(reader);
  reader.skip(version == 1 ? 16 : 8);
  log.timescale = reader.u32();
  log.declared_duration = duration_of(reader, version);
  const std::uint32_t code = reader.u16();
  if (code < 0x400 || code == 0x7FFF) return;  // a Macintosh language code
  for (const unsigned shift : {10U, 5U, 0U}) log.language += static_cast<char>(((code >> shift) & 31U) + 0x60U);
}

void parse_edits(ByteView body, Mp4Track& log) {
  FieldReader reader(body);
  const std::uint32_t version = version_of(reader);
  const std::uint32_t count = reader.u32();
  for (std::uint32_t i = 0; i < count && i < 16 && reader.ok(); ++i) {
    const std::uint64_t duration = reader.read(version == 1 ? 8 : 4);
    const std::uint64_t raw = reader.read(version == 1 ? 8 : 4);
    reader.skip(4);
    const auto media = version == 1 ? static_cast<std::int64_t>(raw) : static_cast<std::int32_t>(raw);
    if (!reader.ok() || duration >= kMaxTime || media >= static_cast<std::int64_t>(kMaxTime)) return;
    if (media >= 0) {
      log.media_start = media;
      return;
    }
    log.empty_edit += static_cast<std::int64_t>(duration & 0xFFFFFFFFFFU);
  }
}

void parse_descriptions(const Box& stsd, std::size_t base, Movie::Track& track, const Damage& damage) {
  if (stsd.body.size() < 8) {
    damage("an stsd box that is cut short");
    return;
  }
  bool first = true;
  const std::size_t offset = base + stsd.offset + 8;
  const bool whole = for_boxes(stsd.body.subspan(8), [&](const Box& entry) {
    if (first) parse_sample_entry(entry, offset + entry.offset, track, damage);
    first = false;
  });
  if (!whole || first) damage("sample descriptions that do not parse");
}

void parse_media(const Box& mdia, std::size_t base, Movie::Track& track, const Damage& damage) {
  const std::size_t mdia_base = base + mdia.offset;
  // The handler decides how sample entries are read, wherever it stands.
  bool whole = for_boxes(mdia.body, [&](const Box& box) {
    if (box.type == "mdhd") parse_media_header(box.body, track.log);
    if (box.type == "hdlr" && box.body.size() >= 12)
      track.log.handler.assign(box.body.begin() + 8, box.body.begin() + 12);
  });
  for_boxes(mdia.body, [&](const Box& minf) {
    if (minf.type != "minf") return;
    const std::size_t minf_base = mdia_base + minf.offset;
    whole = for_boxes(minf.body,
                      [&](const Box& stbl) {
                        if (stbl.type != "stbl") return;
                        track.sample_table = stbl.body;
                        const std::size_t stbl_base = minf_base + stbl.offset;
                        whole = for_boxes(stbl.body,
                                          [&](const Box& box) {
                                            if (box.type == "stsd") parse_descriptions(box, stbl_base, track, damage);
                                          }) &&
                                whole;
                      }) &&
            whole;
  });
  if (!whole) damage("boxes that do not fit into mdia");
}

Movie::Track parse_track(const Box& trak, const Damage& damage) {
  Movie::Track track;
  track.codec = "unknown";
  const bool whole = for_boxes(trak.body, [&](const Box& box) {
    if (box.type == "tkhd") parse_track_header(box.body, track.log);
    if (box.type == "mdia") parse_media(box, trak.offset, track, damage);
    if (box.type == "edts") {
      for_boxes(box.body, [&](const Box& inner) {
        if (inner.type == "elst") parse_edits(inner.body, track.log);
      });
    }
  });
  if (!whole) damage("boxes that do not fit into trak");
  return track;
}

void parse_extends(ByteView body, Movie& movie) {
  movie.fragmented = true;
  for_boxes(body, [&](const Box& box) {
    FieldReader reader(box.body);
    const std::uint32_t version = version_of(reader);
    if (box.type == "mehd") {
      movie.fragment_duration = duration_of(reader, version);
    } else if (box.type == "trex") {
      const std::uint32_t id = reader.u32();
      reader.skip(4);
      const std::uint32_t duration = reader.u32(), size = reader.u32(), flags = reader.u32();
      for (Movie::Track& track : movie.tracks) {
        if (track.log.id != id) continue;
        track.log.default_duration = duration;
        track.log.default_size = size;
        track.log.default_flags = flags;
      }
    }
  });
}

}  // namespace

Movie parse_movie(ByteView moov, const Damage& damage) {
  Movie movie;
  bool header = false;
  std::size_t tracks = 0;
  const bool whole = for_boxes(moov, [&](const Box& box) {
    if (box.type == "mvhd") {
      header = true;
      FieldReader reader(box.body);
      const std::uint32_t version = version_of(reader);
      reader.skip(version == 1 ? 16 : 8);
      movie.timescale = reader.u32();
      movie.duration = duration_of(reader, version);
    } else if (box.type == "trak" && ++tracks <= kMaxTracks) {
      movie.tracks.push_back(parse_track(box, damage));
    }
  });
  if (tracks > kMaxTracks) damage(fmt::format("{} tracks, more than {}", tracks, kMaxTracks));
  if (!whole) damage("boxes that do not fit into moov");
  if (!header) damage("a moov box without mvhd");
  // trex belongs to tracks that may stand behind it.
  for_boxes(moov, [&](const Box& box) {
    if (box.type == "mvex") parse_extends(box.body, movie);
  });
  return movie;
}

}  // namespace jinsha::verify::mp4
