// Mutators of MPEG-TS: packets, tables, clocks, PES headers, audio.
// Over 400 lines: a table of ways to damage a transport stream.
#include <algorithm>
#include <array>

#include "verify/mutators_helper.h"

namespace jinsha::verify_test {
namespace {

using verify::Property;
using P = Property;

constexpr int kNull = 0x1FFF;
constexpr int kSdtPid = 0x11;

struct Transport {
  std::vector<TsPacket> packets;
  TsMap map;
};
using TransportEdit = std::function<bool(Transport&)>;

std::function<std::optional<Data>(const Data&, const StreamKind&)> on_ts(TransportEdit edit) {
  return [edit = std::move(edit)](const Data& stream, const StreamKind& kind) -> std::optional<Data> {
    if (kind.container != ContainerKind::kMpegTs) return std::nullopt;
    Transport transport{split_packets(stream), {}};
    transport.map = map_streams(transport.packets);
    if (!edit(transport)) return std::nullopt;
    return join_packets(transport.packets);
  };
}

// The n-th packet of a PID with payload, counted from `from` in the file; null when there is none.
TsPacket* nth_packet(Transport& ts, int pid, std::size_t n, std::size_t from = 0) {
  for (std::size_t i = from; i < ts.packets.size(); ++i) {
    if (ts.packets[i].pid() == pid && ts.packets[i].has_payload() && n-- == 0) return &ts.packets[i];
  }
  return nullptr;
}
TsPacket* middle_packet(Transport& ts, int pid) { return nth_packet(ts, pid, 0, ts.packets.size() / 2); }

void set_pid(TsPacket& packet, int pid) {
  put16(packet.bytes, 1, (get16(packet.bytes, 1) & 0xE000U) | static_cast<std::uint32_t>(pid));
}

TransportEdit flip_in_table(std::function<int(const Transport&)> pid) {
  return [pid = std::move(pid)](Transport& ts) {
    TsPacket* packet = middle_packet(ts, pid(ts));
    if (packet == nullptr) return false;
    packet->bytes.at(packet->payload_at() + 1 + 9) ^= 1;
    return true;
  };
}

// Takes the PCR of packets out, its bytes becoming stuffing.
void remove_pcr(TsPacket& packet) {
  packet.bytes[5] = static_cast<std::uint8_t>(packet.bytes[5] & ~0x10U);
  std::fill(packet.bytes.begin() + 6, packet.bytes.begin() + 12, std::uint8_t{0xFF});
}

bool pcr_gap(Transport& ts) {
  std::int64_t first = -1;
  for (std::size_t i = ts.packets.size() / 3; i < ts.packets.size(); ++i) {
    TsPacket& packet = ts.packets[i];
    if (!packet.has_pcr()) continue;
    const auto base = (static_cast<std::int64_t>(get32(packet.bytes, 6)) << 1) | (packet.bytes[10] >> 7);
    if (first < 0) {
      first = base;
    } else if (base - first < 9000 * 2) {
      remove_pcr(packet);
    } else {
      return true;
    }
  }
  return false;
}

// Without the tables of a PID after the first, their packets becoming null packets.
bool only_first_table(Transport& ts, int pid) {
  bool first = true, any = false;
  for (TsPacket& packet : ts.packets) {
    if (packet.pid() != pid) continue;
    if (!first) {
      packet.make_null();
      any = true;
    }
    first = false;
  }
  return any;
}

// Calls `edit` on the PES headers of a PID, in place; writes them back when it says so.
struct HeaderPlace {
  std::size_t packet = 0;
  std::size_t at = 0;
};
std::vector<HeaderPlace> pes_headers(const Transport& ts, int pid) {
  std::vector<HeaderPlace> out;
  for (std::size_t i = 0; i < ts.packets.size(); ++i) {
    const TsPacket& packet = ts.packets[i];
    if (packet.pid() == pid && packet.start() && packet.has_payload()) out.push_back({i, packet.payload_at()});
  }
  return out;
}
std::int64_t pts_of(const Transport& ts, const HeaderPlace& place) {
  return get_time(std::span(ts.packets[place.packet].bytes).subspan(place.at + 9));
}
bool has_dts(const Transport& ts, const HeaderPlace& place) {
  return (ts.packets[place.packet].bytes[place.at + 7] >> 6) == 3;
}
std::int64_t dts_of(const Transport& ts, const HeaderPlace& place) {
  return has_dts(ts, place) ? get_time(std::span(ts.packets[place.packet].bytes).subspan(place.at + 14))
                            : pts_of(ts, place);
}
void set_pts(Transport& ts, const HeaderPlace& place, std::int64_t value) {
  put_time(ts.packets[place.packet].bytes, place.at + 9, value);
}
void set_dts(Transport& ts, const HeaderPlace& place, std::int64_t value) {
  put_time(ts.packets[place.packet].bytes, place.at + 14, value);
}
// No time stamps any more: their bytes become stuffing.
void remove_times(Transport& ts, const HeaderPlace& place) {
  Data& bytes = ts.packets[place.packet].bytes;
  bytes[place.at + 7] &= 0x3F;
  for (std::size_t i = 0; i < bytes[place.at + 8]; ++i) bytes.at(place.at + 9 + i) = 0xFF;
}

bool swap_pts(Transport& ts) {
  const auto headers = pes_headers(ts, ts.map.video_pid);
  for (std::size_t i = headers.size() / 3; i + 1 < headers.size(); ++i) {
    for (std::size_t j = i + 1; j < std::min(headers.size(), i + 4); ++j) {
      const std::int64_t a = pts_of(ts, headers[i]), b = pts_of(ts, headers[j]);
      if (!has_dts(ts, headers[i]) || !has_dts(ts, headers[j]) || b < dts_of(ts, headers[i]) ||
          a < dts_of(ts, headers[j])) {
        continue;
      }
      set_pts(ts, headers[i], b);
      set_pts(ts, headers[j], a);
      return true;
    }
  }
  if (headers.size() < 4) return false;
  const std::size_t i = headers.size() / 2;
  const std::int64_t a = pts_of(ts, headers[i]), b = pts_of(ts, headers[i + 1]);
  set_pts(ts, headers[i], b);
  set_pts(ts, headers[i + 1], a);
  return true;
}

bool shift_pts(Transport& ts, std::int64_t by) {
  const auto headers = pes_headers(ts, ts.map.video_pid);
  for (std::size_t i = headers.size() / 2; i < headers.size(); ++i) {
    if (!has_dts(ts, headers[i])) continue;
    set_pts(ts, headers[i], pts_of(ts, headers[i]) + by);
    return true;
  }
  return false;
}

bool break_dts(Transport& ts, bool repeat) {
  const auto headers = pes_headers(ts, ts.map.video_pid);
  for (std::size_t i = headers.size() / 2; i < headers.size(); ++i) {
    if (!has_dts(ts, headers[i])) continue;
    set_dts(ts, headers[i], repeat ? dts_of(ts, headers[i - 1]) : pts_of(ts, headers[i]) + 1);
    return true;
  }
  return false;
}

bool move_pid(Transport& ts, int from, int to) {
  if (from < 0) return false;
  for (TsPacket& packet : ts.packets) {
    if (packet.pid() == from) set_pid(packet, to);
  }
  return edit_sections(ts.packets, ts.map.pmt_pid, 2, [&](Data& section) {
    if (static_cast<int>(get16(section, 8) & 0x1FFFU) == from)
      put16(section, 8, 0xE000U | static_cast<std::uint32_t>(to));
    const std::size_t end = section.size() - 4;
    for (std::size_t at = 12 + (get16(section, 10) & 0xFFFU); at + 5 <= end;
         at += 5 + (get16(section, at + 3) & 0xFFFU)) {
      if (static_cast<int>(get16(section, at + 1) & 0x1FFFU) == from) {
        put16(section, at + 1, 0xE000U | static_cast<std::uint32_t>(to));
      }
    }
    return true;
  });
}

// Changes the byte `offset` behind `mark` in every section of a table.
bool change_behind(Transport& ts, int pid, unsigned table, const Data& mark, std::size_t offset,
                   bool only_last = false) {
  std::size_t count = 0, seen = 0;
  for (const TsPacket& packet : ts.packets) count += packet.pid() == pid && packet.start() ? 1U : 0U;
  return edit_sections(ts.packets, pid, table, [&](Data& section) {
    if (only_last && ++seen < count) return false;
    const auto found = std::search(section.begin(), section.end(), mark.begin(), mark.end());
    if (found == section.end()) return false;
    *(found + static_cast<std::ptrdiff_t>(offset)) ^= 1;
    return true;
  });
}

int first_audio(const Transport& ts) { return ts.map.audio_pids.empty() ? -1 : ts.map.audio_pids.front(); }

bool shift_audio(Transport& ts, std::int64_t by, std::size_t from) {
  const auto headers = pes_headers(ts, first_audio(ts));
  if (headers.size() <= from) return false;
  for (std::size_t i = from; i < headers.size(); ++i) set_pts(ts, headers[i], pts_of(ts, headers[i]) + by);
  return true;
}

bool drop_audio_pes(Transport& ts) {
  const int pid = first_audio(ts);
  const auto pes = find_pes(ts.packets, pid);
  if (pes.size() < 3) return false;
  drop_pes(ts.packets, pid, pes[pes.size() / 2]);
  renumber(ts.packets, pid);
  return true;
}

bool break_audio_frame(Transport& ts) {
  const int pid = first_audio(ts);
  auto pes = find_pes(ts.packets, pid);
  if (pes.size() < 3) return false;
  Pes& one = pes[pes.size() / 2];
  one.payload.at(0) ^= 0xFF;
  write_pes(ts.packets, pid, one);
  renumber(ts.packets, pid);
  return true;
}

// A quarter of the null packets go, in the middle: the clock no longer fits the bytes.
bool remove_nulls(Transport& ts) {
  std::size_t count = 0, removed = 0;
  for (const TsPacket& packet : ts.packets) count += packet.pid() == kNull ? 1U : 0U;
  for (std::size_t i = ts.packets.size() / 2; i < ts.packets.size() && removed < count / 4 + 1;) {
    if (ts.packets[i].pid() == kNull) {
      ts.packets.erase(ts.packets.begin() + static_cast<std::ptrdiff_t>(i));
      ++removed;
    } else {
      ++i;
    }
  }
  return removed > 0;
}

}  // namespace

void add_transport_mutators(std::vector<Mutator>& table) {
  const auto add = [&](Property property, const char* name, std::vector<Property> also, TransportEdit edit) {
    table.push_back({property, name, std::move(also), on_ts(std::move(edit))});
  };
  const auto pmt = [](const Transport& ts) { return ts.map.pmt_pid; };

  add(P::kContainer, "break a continuity counter", {}, [](Transport& ts) {
    TsPacket* packet = middle_packet(ts, ts.map.video_pid);
    if (packet == nullptr) return false;
    packet->bytes[3] ^= 4;
    return true;
  });
  add(P::kContainer, "lose a table packet", {}, [](Transport& ts) {
    TsPacket* packet = middle_packet(ts, ts.map.pmt_pid);
    if (packet == nullptr) return false;
    packet->make_null();
    return true;
  });
  add(P::kContainer, "break the CRC of a PAT", {}, flip_in_table([](const Transport&) { return 0; }));
  add(P::kContainer, "break the CRC of a PMT", {}, flip_in_table(pmt));
  add(P::kContainer, "break the CRC of an SDT", {}, flip_in_table([](const Transport&) { return kSdtPid; }));
  add(P::kContainer, "break a sync byte", {}, [](Transport& ts) {
    TsPacket* packet = middle_packet(ts, kNull);
    if (packet == nullptr) return false;
    packet->bytes[0] = 0x46;
    return true;
  });
  add(P::kContainer, "set transport_error_indicator", {}, [](Transport& ts) {
    TsPacket* packet = middle_packet(ts, ts.map.pmt_pid);
    if (packet == nullptr) return false;
    packet->bytes[1] |= 0x80;
    return true;
  });
  add(P::kContainer, "mark a packet as scrambled", {}, [](Transport& ts) {
    TsPacket* packet = middle_packet(ts, ts.map.pmt_pid);
    if (packet == nullptr) return false;
    packet->bytes[3] |= 0x80;
    return true;
  });
  add(P::kContainer, "leave a gap between PCRs", {}, pcr_gap);
  add(P::kContainer, "set discontinuity_indicator at a PCR", {}, [](Transport& ts) {
    for (std::size_t i = ts.packets.size() / 2; i < ts.packets.size(); ++i) {
      if (!ts.packets[i].has_pcr()) continue;
      ts.packets[i].bytes[5] |= 0x80;
      return true;
    }
    return false;
  });
  add(P::kContainer, "break a PCR extension", {P::kBitrate}, [](Transport& ts) {
    for (std::size_t i = ts.packets.size() / 2; i < ts.packets.size(); ++i) {
      if (!ts.packets[i].has_pcr()) continue;
      ts.packets[i].bytes[10] |= 1;
      ts.packets[i].bytes[11] = 0xFF;  // 511 of 300
      return true;
    }
    return false;
  });
  add(P::kContainer, "break the length of an adaptation field", {}, [](Transport& ts) {
    for (TsPacket& packet : ts.packets) {
      if (packet.pid() != kNull) continue;
      // A packet of the clock's PID that holds nothing but a field too long for it.
      set_pid(packet, ts.map.video_pid);
      packet.bytes[3] = 0x20;
      packet.bytes[4] = 184;
      return true;
    }
    return false;
  });
  add(P::kContainer, "send another table on the PID of the PAT", {}, [](Transport& ts) {
    bool last = false;
    std::size_t count = 0, seen = 0;
    for (const TsPacket& packet : ts.packets) count += packet.pid() == 0 ? 1U : 0U;
    return edit_sections(ts.packets, 0, 0, [&](Data& section) {
      last = ++seen == count;
      if (last) section[0] = 0x72;
      return last;
    });
  });
  add(P::kContainer, "send the PAT once", {}, [](Transport& ts) { return only_first_table(ts, 0); });
  add(P::kContainer, "send the PMT once", {}, [](Transport& ts) { return only_first_table(ts, ts.map.pmt_pid); });
  add(P::kContainer, "send no SDT", {P::kStreams}, [](Transport& ts) {
    bool any = false;
    for (TsPacket& packet : ts.packets) {
      if (packet.pid() != kSdtPid) continue;
      packet.make_null();
      any = true;
    }
    return any;
  });
  add(P::kContainer, "add packets of a PID that no table names", {}, [](Transport& ts) {
    int count = 0;
    for (TsPacket& packet : ts.packets) {
      if (packet.pid() != kNull || count == 10) continue;
      set_pid(packet, 0x1ABC);
      packet.bytes[3] = static_cast<std::uint8_t>(0x10 | count++);
    }
    return count == 10;
  });
  add(P::kContainer, "break a PES start code", {P::kAudio}, [](Transport& ts) {
    const auto headers = pes_headers(ts, first_audio(ts));
    if (headers.size() < 3) return false;
    ts.packets[headers[headers.size() / 2].packet].bytes[headers[headers.size() / 2].at + 2] = 7;
    return true;
  });
  add(P::kContainer, "change a PES packet length", {}, [](Transport& ts) {
    const auto headers = pes_headers(ts, first_audio(ts));
    if (headers.size() < 3) return false;
    const HeaderPlace& place = headers[headers.size() / 2];
    Data& bytes = ts.packets[place.packet].bytes;
    put16(bytes, place.at + 4, get16(bytes, place.at + 4) + 10);
    return true;
  });
  table.push_back({P::kContainer,
                   "end with half a packet",
                   {},
                   [](const Data& stream, const StreamKind& kind) -> std::optional<Data> {
                     if (kind.container != ContainerKind::kMpegTs) return std::nullopt;
                     Data out = stream;
                     out.insert(out.end(), stream.begin(), stream.begin() + 94);
                     return out;
                   }});

  add(P::kStreams, "change the service name", {}, [](Transport& ts) {
    return edit_sections(ts.packets, kSdtPid, 0x42, [](Data& section) {
      section.at(section.size() - 5) ^= 1;  // the last letter of the last descriptor
      return true;
    });
  });
  add(P::kStreams, "describe another service in the SDT", {}, [](Transport& ts) {
    return edit_sections(ts.packets, kSdtPid, 0x42, [](Data& section) {
      section.at(12) ^= 1;
      return true;
    });
  });
  add(P::kStreams, "change the provider", {}, [](Transport& ts) {
    return edit_sections(ts.packets, kSdtPid, 0x42, [](Data& section) {
      const auto descriptor = std::find(section.begin() + 16, section.end(), std::uint8_t{0x48});
      if (descriptor == section.end()) return false;
      *(descriptor + 4 + *(descriptor + 3) - 1) ^= 1;
      return true;
    });
  });
  add(P::kStreams, "move the video to another PID", {},
      [](Transport& ts) { return move_pid(ts, ts.map.video_pid, 0x1F0); });
  add(P::kStreams, "move the audio to another PID", {},
      [](Transport& ts) { return move_pid(ts, first_audio(ts), 0x1F0); });
  add(P::kStreams, "move the PMT to another PID", {}, [](Transport& ts) {
    for (TsPacket& packet : ts.packets) {
      if (packet.pid() == ts.map.pmt_pid) set_pid(packet, 0x1F1);
    }
    return edit_sections(ts.packets, 0, 0, [](Data& section) {
      put16(section, 10, 0xE1F1);
      return true;
    });
  });
  add(P::kStreams, "change the program number", {}, [](Transport& ts) {
    const auto change = [](std::size_t at) {
      return [at](Data& section) {
        section.at(at) ^= 0x40;
        return true;
      };
    };
    return edit_sections(ts.packets, 0, 0, change(9)) && edit_sections(ts.packets, ts.map.pmt_pid, 2, change(4)) &&
           edit_sections(ts.packets, kSdtPid, 0x42, change(12));
  });
  add(P::kStreams, "change an audio language", {}, [](Transport& ts) {
    return change_behind(ts, ts.map.pmt_pid, 2, {0x0A, 0x04}, 2);
  });
  add(P::kStreams, "change an audio language on the way", {}, [](Transport& ts) {
    return change_behind(ts, ts.map.pmt_pid, 2, {0x0A, 0x04}, 2, true);
  });
  // The stream type of the audio becomes that of LATM, which its frames are not.
  add(P::kStreams, "change the audio's stream type", {P::kAudio, P::kDuration}, [](Transport& ts) {
    return edit_sections(ts.packets, ts.map.pmt_pid, 2, [&](Data& section) {
      for (std::size_t at = 12 + (get16(section, 10) & 0xFFFU); at + 5 <= section.size() - 4;
           at += 5 + (get16(section, at + 3) & 0xFFFU)) {
        if (section[at] != 0x0F) continue;
        section[at] = 0x11;
        return true;
      }
      return false;
    });
  });

  add(P::kDuration, "shift all audio by five seconds", {}, [](Transport& ts) { return shift_audio(ts, 5 * 90000, 0); });

  add(P::kTimestamps, "swap two PTS", {}, swap_pts);
  add(P::kTimestamps, "move a PTS off the frame grid", {}, [](Transport& ts) { return shift_pts(ts, 7); });
  add(P::kTimestamps, "put a DTS behind its PTS", {}, [](Transport& ts) { return break_dts(ts, false); });
  add(P::kTimestamps, "repeat a DTS", {}, [](Transport& ts) { return break_dts(ts, true); });
  add(P::kTimestamps, "leave out a PTS", {}, [](Transport& ts) {
    const auto headers = pes_headers(ts, ts.map.video_pid);
    if (headers.size() < 3) return false;
    remove_times(ts, headers[headers.size() / 2]);
    return true;
  });

  add(P::kAudio, "drop an audio PES packet", {}, drop_audio_pes);
  add(P::kAudio, "break an audio frame", {}, break_audio_frame);
  add(P::kAudio, "leave a gap in the audio", {}, [](Transport& ts) { return shift_audio(ts, 9000, 2); });
  add(P::kAudio, "send an audio PTS twice", {}, [](Transport& ts) {
    const auto headers = pes_headers(ts, first_audio(ts));
    if (headers.size() < 3) return false;
    set_pts(ts, headers[2], pts_of(ts, headers[1]));
    return true;
  });
  add(P::kAudio, "leave out an audio PTS", {}, [](Transport& ts) {
    const auto headers = pes_headers(ts, first_audio(ts));
    if (headers.size() < 3) return false;
    remove_times(ts, headers[2]);
    return true;
  });

  const auto random_access = [](bool set) {
    return [set](Transport& ts) {
      std::size_t skip = 1;
      for (TsPacket& packet : ts.packets) {
        if (packet.pid() != ts.map.video_pid || !packet.start() || !packet.has_field() || packet.bytes[4] == 0)
          continue;
        const bool marked = (packet.bytes[5] & 0x40) != 0;
        if (marked == set || skip-- > 0) continue;
        packet.bytes[5] ^= 0x40;
        return true;
      }
      return false;
    };
  };
  add(P::kKeyFrameDistance, "clear a random_access_indicator", {}, random_access(false));
  add(P::kKeyFrameDistance, "set a random_access_indicator", {}, random_access(true));

  add(P::kBitrate, "remove null packets", {}, remove_nulls);
}

}  // namespace jinsha::verify_test
