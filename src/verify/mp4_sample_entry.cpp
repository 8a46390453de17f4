// Sample entries: ISO/IEC 14496-12 8.5.2, 12.1, 12.2; hvcC and avcC of ISO/IEC 14496-15; av1C of the
// AV1 ISOBMFF binding 2.3; esds of ISO/IEC 14496-1 7.2.6.
#include <fmt/core.h>

#include <algorithm>

#include "verify/av1_syntax.h"
#include "verify/avc_syntax.h"
#include "verify/hevc_syntax.h"
#include "verify/mp4_boxes.h"

namespace jinsha::verify::mp4 {
namespace {

constexpr std::size_t kVisualFields = 78;
constexpr std::size_t kSoundFields = 28;

struct EntryRow {
  std::string_view type;
  const char* codec;
};
constexpr EntryRow kVisualEntries[] = {{"hvc1", "hevc"},   {"hev1", "hevc"},   {"dvh1", "hevc"},   {"dvhe", "hevc"},
                                       {"av01", "av1"},    {"avc1", "h264"},   {"avc3", "h264"},   {"vp09", "vp9"},
                                       {"apch", "prores"}, {"apcn", "prores"}, {"apcs", "prores"}, {"ap4h", "prores"}};
constexpr EntryRow kSoundEntries[] = {{"ac-3", "ac3"},  {"ec-3", "eac3"}, {"ac-4", "ac4"}, {"Opus", "opus"},
                                      {"fLaC", "flac"}, {"alac", "alac"}, {".mp3", "mp3"}};
// objectTypeIndication, ISO/IEC 14496-1 Table 5.
struct ObjectRow {
  unsigned type;
  const char* codec;
};
constexpr ObjectRow kObjectTypes[] = {{0x40, "aac"}, {0x66, "aac"}, {0x67, "aac"},  {0x68, "aac"}, {0x69, "mp3"},
                                      {0x6B, "mp3"}, {0xA5, "ac3"}, {0xA6, "eac3"}, {0xAD, "opus"}};

bool add_unit(Movie::Track& track, const ConfigurationUnit& unit, const Damage& damage) {
  if (track.configuration.size() < kMaxConfigurationUnits) {
    track.configuration.push_back(unit);
    return true;
  }
  damage(fmt::format("a decoder configuration of more than {} units", kMaxConfigurationUnits));
  return false;
}

void parse_hvcc(const Box& box, std::size_t offset, Movie::Track& track, const Damage& damage) {
  FieldReader reader(box.body);
  SequenceInfo info;
  if (reader.u8() != 1) {
    damage("an hvcC box of an unknown version");
    return;
  }
  const std::uint32_t profile = reader.u8();
  info.profile_idc = static_cast<int>(profile & 31U);
  info.tier = (profile & 32U) != 0 ? Tier::kHigh : Tier::kMain;
  reader.skip(4 + 6);
  info.level_idc = static_cast<int>(reader.u8());
  reader.skip(2 + 1);
  constexpr Chroma kChromas[] = {Chroma::k400, Chroma::k420, Chroma::k422, Chroma::k444};
  info.format.chroma = kChromas[reader.u8() & 3U];
  const std::uint32_t luma = reader.u8() & 7U;
  const std::uint32_t chroma = reader.u8() & 7U;
  info.format.depth = static_cast<int>(8 + std::max(luma, chroma));
  reader.skip(2);
  track.length_bytes = (reader.u8() & 3U) + 1;
  const std::uint32_t arrays = reader.u8();
  for (std::uint32_t i = 0; i < arrays && reader.ok(); ++i) {
    const std::uint32_t type = reader.u8() & 63U;
    const std::uint32_t count = reader.u16();
    for (std::uint32_t j = 0; j < count && reader.ok(); ++j) {
      const std::uint32_t size = reader.u16();
      const ByteView rest = reader.rest();
      if (size > rest.size()) {
        damage("an hvcC box whose NAL units do not fit");
        return;
      }
      const ConfigurationUnit unit = {rest.subspan(0, size), offset + box.offset + box.body.size() - rest.size()};
      if (!add_unit(track, unit, damage)) return;
      if (type >= hevc::kVps && type <= hevc::kPps) track.log.configuration_sets |= 1 << (type - hevc::kVps);
      reader.skip(size);
    }
  }
  if (!reader.ok()) {
    damage("an hvcC box that is cut short");
    return;
  }
  track.log.configuration = info;
}

// ISO/IEC 14496-15 5.3.3.1. What the box itself does not say, its first SPS does.
void parse_avcc(const Box& box, std::size_t offset, Movie::Track& track, const Damage& damage) {
  FieldReader reader(box.body);
  if (reader.u8() != 1) return damage("an avcC box of an unknown version");
  SequenceInfo info;
  info.profile_idc = static_cast<int>(reader.u8());
  reader.skip(1);
  info.level_idc = static_cast<int>(reader.u8());
  track.length_bytes = (reader.u8() & 3U) + 1;
  for (const int bit : {1, 2}) {  // SPS, then PPS
    const std::uint32_t count = bit == 1 ? reader.u8() & 31U : reader.u8();
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
      const std::uint32_t size = reader.u16();
      const ByteView rest = reader.rest();
      if (!reader.ok() || size == 0 || size > rest.size()) return damage("an avcC box whose NAL units do not fit");
      const ByteView nal = rest.subspan(0, size);
      if (!add_unit(track, {nal, offset + box.offset + box.body.size() - rest.size()}, damage)) return;
      track.log.configuration_sets |= 1 << bit;
      if (bit == 1) {
        if (const auto sps = avc::parse_sps(remove_emulation_prevention(nal.subspan(1)))) {
          info.format = sps->info.format;
          if (info.level_idc == 11) info.level_idc = sps->info.level_idc;  // 1b
        }
      }
      reader.skip(size);
    }
  }
  if (!reader.ok()) return damage("an avcC box that is cut short");
  track.log.configuration = info;
}

void parse_av1c(const Box& box, std::size_t offset, Movie::Track& track, const Damage& damage) {
  FieldReader reader(box.body);
  if (reader.u8() != 0x81) {
    damage("an av1C box of an unknown version");
    return;
  }
  SequenceInfo info;
  const std::uint32_t profile = reader.u8();
  const std::uint32_t flags = reader.u8();
  reader.skip(1);
  if (!reader.ok()) {
    damage("an av1C box that is cut short");
    return;
  }
  info.profile_idc = static_cast<int>(profile >> 5);
  info.level_idc = static_cast<int>(profile & 31U);
  info.tier = (flags & 0x80) != 0 ? Tier::kHigh : Tier::kMain;
  info.format.depth = (flags & 0x40) == 0 ? 8 : (flags & 0x20) != 0 ? 12 : 10;
  const bool x = (flags & 8) != 0, y = (flags & 4) != 0;
  info.format.chroma = (flags & 0x10) != 0 ? Chroma::k400 : !x ? Chroma::k444 : y ? Chroma::k420 : Chroma::k422;
  const ByteView obus = reader.rest();
  if (!obus.empty()) {
    if (!add_unit(track, {obus, offset + box.offset + 4}, damage)) return;
    const auto header = av1::parse_obu_header(obus[0], obus.size() > 1 ? obus[1] : 0);
    if (header && header->type == av1::kSequenceHeader) track.log.configuration_sets |= 2;
  }
  track.log.configuration = info;
}

void parse_colr(ByteView body, Mp4Track& log) {
  FieldReader reader(body);
  const std::uint32_t type = reader.u32();
  if (type == 0x6E636C78 || type == 0x6E636C63) {  // nclx, QuickTime's nclc
    ColorInfo color;
    color.primaries = static_cast<Primaries>(reader.u16());
    color.transfer = static_cast<Transfer>(reader.u16());
    color.matrix = static_cast<Matrix>(reader.u16());
    color.range = type == 0x6E636C78 && (reader.u8() & 0x80) != 0 ? Range::kFull : Range::kLimited;
    if (reader.ok()) log.colr = color;
  } else {
    log.colr_icc = true;
  }
}

// What esds says of a track's coding.
struct Esds {
  unsigned object_type = 0;  // objectTypeIndication; 0: none
  int channels = 0;          // of an AudioSpecificConfig; 0: it does not say
};

// channelConfiguration of an AudioSpecificConfig, ISO/IEC 14496-3 1.6.2.1 and table 1.19.
int channels_of_config(ByteView config) {
  constexpr int kChannels[] = {0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 24, 8, 0};
  constexpr unsigned kEscape = 31, kExplicitRate = 15;
  BitReader reader(config);
  if (reader.bits(5) == kEscape) reader.skip(6);
  if (reader.bits(4) == kExplicitRate) reader.skip(24);
  const unsigned configuration = reader.bits(4);
  return reader.ok() ? kChannels[configuration] : 0;
}

Esds parse_esds(ByteView body) {
  constexpr std::uint32_t kEsDescriptor = 3, kDecoderConfig = 4, kDecoderSpecificInfo = 5;
  Esds esds;
  FieldReader reader(body);
  reader.skip(4);
  while (reader.ok() && !reader.rest().empty()) {
    const std::uint32_t tag = reader.u8();
    std::uint32_t size = 0;
    for (int i = 0; i < 4; ++i) {
      const std::uint32_t byte = reader.u8();
      size = size << 7 | (byte & 0x7F);
      if ((byte & 0x80) == 0) break;
    }
    if (tag == kEsDescriptor) {  // its flags say what precedes the decoder configuration
      reader.skip(2);
      const std::uint32_t flags = reader.u8();
      if ((flags & 0x80) != 0) reader.skip(2);
      if ((flags & 0x40) != 0) reader.skip(reader.u8());
      if ((flags & 0x20) != 0) reader.skip(2);
    } else if (tag == kDecoderConfig) {
      esds.object_type = reader.u8();
      reader.skip(1 + 3 + 4 + 4);
    } else {
      const ByteView rest = reader.rest();
      if (tag == kDecoderSpecificInfo && reader.ok() && size <= rest.size())
        esds.channels = channels_of_config(rest.subspan(0, size));
      break;
    }
  }
  return esds;
}

void parse_visual(const Box& entry, std::size_t offset, Movie::Track& track, const Damage& damage) {
  Mp4Track& log = track.log;
  if (entry.body.size() < kVisualFields) {
    damage(fmt::format("a sample entry {} that is cut short", entry.type));
    return;
  }
  log.width = be16(entry.body.subspan(24));
  log.height = be16(entry.body.subspan(26));
  for (const EntryRow& row : kVisualEntries) {
    if (row.type == entry.type) track.codec = row.codec;
  }
  const std::size_t base = offset + kVisualFields;
  const bool whole = for_boxes(entry.body.subspan(kVisualFields), [&](const Box& box) {
    if (box.type == "hvcC") {
      parse_hvcc(box, base, track, damage);
      log.configuration_byte = static_cast<std::int64_t>(base + box.offset);
    } else if (box.type == "avcC") {
      parse_avcc(box, base, track, damage);
      log.configuration_byte = static_cast<std::int64_t>(base + box.offset);
    } else if (box.type == "av1C") {
      parse_av1c(box, base, track, damage);
      log.configuration_byte = static_cast<std::int64_t>(base + box.offset);
    } else if (box.type == "colr") {
      parse_colr(box.body, log);
    } else if (box.type == "mdcv") {
      log.mdcv = hevc::parse_mastering_display(box.body);
    } else if (box.type == "clli") {
      log.clli = hevc::parse_content_light(box.body);
    } else if (box.type == "pasp" && box.body.size() >= 8) {
      const Rational aspect{be32(box.body), be32(box.body.subspan(4))};
      if (aspect.valid()) log.pasp = aspect;
    }
  });
  if (!whole) damage(fmt::format("boxes that do not fit into sample entry {}", entry.type));
}

void parse_sound(const Box& entry, Movie::Track& track, const Damage& damage) {
  Mp4Track& log = track.log;
  if (entry.body.size() < kSoundFields) {
    damage(fmt::format("a sample entry {} that is cut short", entry.type));
    return;
  }
  const std::uint32_t version = be16(entry.body.subspan(8));
  log.channels = static_cast<int>(be16(entry.body.subspan(16)));
  log.sample_rate = static_cast<int>(be32(entry.body.subspan(24)) >> 16);
  for (const EntryRow& row : kSoundEntries) {
    if (row.type == entry.type) track.codec = row.codec;
  }
  const std::size_t fields = kSoundFields + (version == 1 ? 16 : version == 2 ? 36 : 0);  // QuickTime
  if (entry.body.size() < fields) return;
  if (entry.type != "mp4a") return;
  const auto esds = [&](const Box& box) {
    if (box.type != "esds") return;
    const Esds found = parse_esds(box.body);
    for (const ObjectRow& row : kObjectTypes) {
      if (row.type == found.object_type) track.codec = row.codec;
    }
    // The entry's own field may say 2 whatever there is (ISO/IEC 14496-14 5.6).
    if (found.channels > 0) log.channels = found.channels;
  };
  for_boxes(entry.body.subspan(fields), [&](const Box& box) {
    esds(box);
    if (box.type == "wave") for_boxes(box.body, esds);  // QuickTime's version 1
  });
}

}  // namespace

void parse_sample_entry(const Box& entry, std::size_t offset, Movie::Track& track, const Damage& damage) {
  track.log.entry = std::string(entry.type);
  if (track.log.handler == "vide") {
    parse_visual(entry, offset, track, damage);
  } else if (track.log.handler == "soun") {
    parse_sound(entry, track, damage);
  }
}

}  // namespace jinsha::verify::mp4
