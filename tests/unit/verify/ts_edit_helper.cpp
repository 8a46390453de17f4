#include <algorithm>

#include "verify/stream_edit_helper.h"

namespace jinsha::verify_test {
namespace {

constexpr std::size_t kPacket = 188;

// Adaptation field of a packet without its stuffing: flags, PCR and whatever else is signalled.
Data essential_field(const TsPacket& packet) {
  if (!packet.has_field() || packet.bytes[4] == 0) return {};
  const std::size_t length = packet.bytes[4];
  std::size_t used = 1;
  const unsigned flags = packet.bytes[5];
  if ((flags & 0x10) != 0) used += 6;
  if ((flags & 0x08) != 0) used += 6;
  if ((flags & 0x04) != 0) used += 1;
  if ((flags & 0x03) != 0) used = length;  // private data, extension: kept whole
  if (flags == 0) return {};
  used = std::min(used, length);
  return Data(packet.bytes.begin() + 5, packet.bytes.begin() + 5 + static_cast<std::ptrdiff_t>(used));
}

// Fills `packet` with `field` and payload from `bytes`; returns how much of it fitted.
std::size_t fill_packet(TsPacket& packet, const Data& field, std::span<const std::uint8_t> bytes) {
  const std::size_t room = kPacket - 4 - (field.empty() ? 0 : 1 + field.size());
  const std::size_t take = std::min(room, bytes.size());
  const std::size_t stuffing = room - take;
  Data out(packet.bytes.begin(), packet.bytes.begin() + 4);
  const bool has_field = !field.empty() || stuffing > 0;
  out[3] = static_cast<std::uint8_t>((out[3] & 0xCFU) | (has_field ? 0x20U : 0U) | (take > 0 ? 0x10U : 0U));
  if (has_field) {
    const std::size_t length = kPacket - 5 - take;
    out.push_back(static_cast<std::uint8_t>(length));
    Data body = field;
    if (body.empty() && length > 0) body.push_back(0);
    body.resize(length, 0xFF);
    out.insert(out.end(), body.begin(), body.end());
  }
  out.insert(out.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(take));
  packet.bytes = std::move(out);
  return take;
}

}  // namespace

void TsPacket::make_null() {
  bytes.assign(kPacket, 0xFF);
  bytes[0] = 0x47;
  bytes[1] = 0x1F;
  bytes[2] = 0xFF;
  bytes[3] = 0x10;
}

std::vector<TsPacket> split_packets(const Data& stream) {
  std::vector<TsPacket> packets;
  for (std::size_t at = 0; at + kPacket <= stream.size(); at += kPacket) {
    packets.push_back({Data(stream.begin() + static_cast<std::ptrdiff_t>(at),
                            stream.begin() + static_cast<std::ptrdiff_t>(at + kPacket))});
  }
  return packets;
}

Data join_packets(const std::vector<TsPacket>& packets) {
  Data out;
  for (const TsPacket& packet : packets) out.insert(out.end(), packet.bytes.begin(), packet.bytes.end());
  return out;
}

void renumber(std::vector<TsPacket>& packets, int pid) {
  unsigned counter = 15;
  for (TsPacket& packet : packets) {
    if (packet.pid() != pid) continue;
    if (packet.has_payload()) counter = (counter + 1) & 15U;
    packet.bytes[3] = static_cast<std::uint8_t>((packet.bytes[3] & 0xF0U) | counter);
  }
}

std::vector<Pes> find_pes(const std::vector<TsPacket>& packets, int pid) {
  std::vector<Pes> out;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const TsPacket& packet = packets[i];
    if (packet.pid() != pid || !packet.has_payload()) continue;
    if (packet.start()) out.emplace_back();
    if (out.empty()) continue;
    out.back().slots.push_back(i);
    out.back().payload.insert(out.back().payload.end(),
                              packet.bytes.begin() + static_cast<std::ptrdiff_t>(packet.payload_at()),
                              packet.bytes.end());
  }
  for (Pes& pes : out) {
    const auto header = pes.payload.begin() + 9 + pes.payload.at(8);
    pes.header.assign(pes.payload.begin(), header);
    pes.payload.erase(pes.payload.begin(), header);
  }
  return out;
}

void write_pes(std::vector<TsPacket>& packets, int pid, const Pes& pes) {
  Data bytes = pes.header;
  bytes.insert(bytes.end(), pes.payload.begin(), pes.payload.end());
  if (get16(bytes, 4) != 0) put16(bytes, 4, static_cast<std::uint32_t>(bytes.size() - 6));
  std::size_t at = 0;
  for (const std::size_t slot : pes.slots) {
    TsPacket& packet = packets[slot];
    const Data field = essential_field(packet);
    if (at == bytes.size() && !packet.has_pcr()) {
      packet.make_null();
    } else {
      at += fill_packet(packet, field, std::span(bytes).subspan(at));
    }
  }
  // What does not fit takes null packets up to the next start, then new ones.
  std::size_t where = pes.slots.back() + 1;
  while (at < bytes.size()) {
    const bool usable = where < packets.size() && !(packets[where].pid() == pid && packets[where].start());
    if (usable && packets[where].pid() != 0x1FFF) {
      ++where;
      continue;
    }
    TsPacket packet{Data(packets[pes.slots.front()].bytes)};
    packet.bytes[1] = static_cast<std::uint8_t>(packet.bytes[1] & ~0x40U);
    at += fill_packet(packet, {}, std::span(bytes).subspan(at));
    if (usable) {
      packets[where] = std::move(packet);
    } else {
      packets.insert(packets.begin() + static_cast<std::ptrdiff_t>(where), std::move(packet));
    }
    ++where;
  }
}

void drop_pes(std::vector<TsPacket>& packets, int, const Pes& pes) {
  for (const std::size_t slot : pes.slots) {
    TsPacket& packet = packets[slot];
    if (packet.has_pcr()) {
      Data field = essential_field(packet);
      field[0] = static_cast<std::uint8_t>(field[0] & ~0x40U);  // no random access any more
      packet.bytes[1] = static_cast<std::uint8_t>(packet.bytes[1] & ~0x40U);
      fill_packet(packet, field, {});
    } else {
      packet.make_null();
    }
  }
}

TsMap map_streams(const std::vector<TsPacket>& packets) {
  TsMap map;
  for (const TsPacket& packet : packets) {
    if (!packet.start() || !packet.has_payload()) continue;
    const std::span<const std::uint8_t> payload = std::span(packet.bytes).subspan(packet.payload_at());
    const std::span<const std::uint8_t> section = payload.subspan(1U + payload[0]);
    if (packet.pid() == 0 && section[0] == 0) map.pmt_pid = static_cast<int>(get16(section, 10) & 0x1FFFU);
    if (packet.pid() != map.pmt_pid || section[0] != 2) continue;
    const std::size_t end = 3 + (get16(section, 1) & 0xFFFU) - 4;
    map.audio_pids.clear();
    for (std::size_t at = 12 + (get16(section, 10) & 0xFFFU); at + 5 <= end;
         at += 5 + (get16(section, at + 3) & 0xFFFU)) {
      const int pid = static_cast<int>(get16(section, at + 1) & 0x1FFFU);
      if (section[at] == 0x24 || section[at] == 0x1B) {
        map.video_pid = pid;
      } else {
        map.audio_pids.push_back(pid);
      }
    }
  }
  return map;
}

std::uint32_t section_crc(std::span<const std::uint8_t> section) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::uint8_t byte : section) {
    crc ^= std::uint32_t{byte} << 24;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc & 0x80000000U) != 0 ? 0x04C11DB7U : 0U);
  }
  return crc;
}

bool edit_sections(std::vector<TsPacket>& packets, int pid, unsigned table_id, const std::function<bool(Data&)>& edit) {
  bool any = false;
  for (TsPacket& packet : packets) {
    if (packet.pid() != pid || !packet.start() || !packet.has_payload()) continue;
    const std::size_t at = packet.payload_at() + 1U + packet.bytes[packet.payload_at()];
    if (packet.bytes.at(at) != table_id) continue;
    const std::size_t size = 3 + (get16(packet.bytes, at + 1) & 0xFFFU);
    if (at + size > packet.bytes.size()) continue;
    Data section(packet.bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 packet.bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
    if (!edit(section) || section.size() != size) continue;
    put32(section, size - 4, section_crc(std::span(section).subspan(0, size - 4)));
    std::copy(section.begin(), section.end(), packet.bytes.begin() + static_cast<std::ptrdiff_t>(at));
    any = true;
  }
  return any;
}

std::int64_t get_time(std::span<const std::uint8_t> field) {
  return (static_cast<std::int64_t>(field[0] & 0x0EU) << 29) | (static_cast<std::int64_t>(get16(field, 1) >> 1) << 15) |
         (get16(field, 3) >> 1);
}

void put_time(Data& header, std::size_t at, std::int64_t value) {
  const auto v = static_cast<std::uint64_t>(value);
  header.at(at) = static_cast<std::uint8_t>((header[at] & 0xF0U) | ((v >> 29) & 0x0EU) | 1U);
  put16(header, at + 1, static_cast<std::uint32_t>(((v >> 14) & 0xFFFEU) | 1U));
  put16(header, at + 3, static_cast<std::uint32_t>(((v << 1) & 0xFFFEU) | 1U));
}

}  // namespace jinsha::verify_test
