#include "mux/demux_helper.h"

#include <gtest/gtest.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <cstdio>

namespace jinsha::test {
namespace {

std::string text_of(const AVDictionary* dictionary, const char* key) {
  const AVDictionaryEntry* entry = av_dict_get(dictionary, key, nullptr, 0);
  return entry ? entry->value : "";
}

std::int64_t timestamp(std::span<const std::uint8_t> b) {
  return static_cast<std::int64_t>(b[0] & 0x0e) << 29 | b[1] << 22 | (b[2] & 0xfe) << 14 | b[3] << 7 | b[4] >> 1;
}

void parse_pat(Ts& ts, std::span<const std::uint8_t> section) {
  ts.transport_stream_id = static_cast<int>(big_endian(section, 3, 2));
  const std::size_t end = 3 + (big_endian(section, 1, 2) & 0xfff) - 4;
  for (std::size_t at = 8; at + 4 <= end; at += 4) {
    const int program = static_cast<int>(big_endian(section, at, 2));
    if (program == 0) continue;
    ts.service_id = program;
    ts.pmt_pid = static_cast<int>(big_endian(section, at + 2, 2) & 0x1fff);
  }
}

void parse_pmt(Ts& ts, std::span<const std::uint8_t> section) {
  ts.pcr_pid = static_cast<int>(big_endian(section, 8, 2) & 0x1fff);
  const std::size_t end = 3 + (big_endian(section, 1, 2) & 0xfff) - 4;
  std::size_t at = 12 + (big_endian(section, 10, 2) & 0xfff);
  while (at + 5 <= end) {
    TsStream stream;
    stream.stream_type = section[at];
    const std::size_t length = big_endian(section, at + 3, 2) & 0xfff;
    const auto descriptors = section.subspan(at + 5, length);
    stream.descriptors.assign(descriptors.begin(), descriptors.end());
    ts.streams.emplace(static_cast<int>(big_endian(section, at + 1, 2) & 0x1fff), std::move(stream));
    at += 5 + length;
  }
}

void parse_pes(Ts& ts, TsStream& stream, std::span<const std::uint8_t> payload, bool start, bool random_access) {
  if (start) {
    if (payload.size() < 9 || big_endian(payload, 0, 3) != 1) {
      ts.faults.push_back("no PES header in packet " + std::to_string(ts.packets));
      return;
    }
    Pes pes;
    pes.first_packet = ts.packets;
    pes.random_access = random_access;
    if ((payload[7] & 0x80) != 0) pes.dts = pes.pts = timestamp(payload.subspan(9));
    if ((payload[7] & 0x40) != 0) pes.dts = timestamp(payload.subspan(14));
    payload = payload.subspan(std::size_t{9} + payload[8]);
    stream.pes.push_back(std::move(pes));
  }
  if (stream.pes.empty()) return;
  stream.pes.back().payload.insert(stream.pes.back().payload.end(), payload.begin(), payload.end());
}

// Bytes of fixed fields before the boxes inside a box, where it has boxes inside.
std::optional<std::size_t> container_header(const std::string& type) {
  static const std::map<std::string, std::size_t> kHeaders = {
      {"moov", 0}, {"trak", 0}, {"mdia", 0}, {"minf", 0}, {"stbl", 0},  {"moof", 0},  {"traf", 0},  {"edts", 0},
      {"mvex", 0}, {"dinf", 0}, {"mfra", 0}, {"stsd", 8}, {"hvc1", 78}, {"av01", 78}, {"avc1", 78},
  };
  const auto found = kHeaders.find(type);
  return found == kHeaders.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::uint64_t big_endian(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count && at + i < bytes.size(); ++i) value = value << 8 | bytes[at + i];
  return value;
}

ReadFile read_file(const std::string& path) {
  ReadFile file;
  AVFormatContext* context = nullptr;
  const int opened = avformat_open_input(&context, path.c_str(), nullptr, nullptr);
  EXPECT_GE(opened, 0) << path;
  if (opened < 0) return file;
  context->flags |= AVFMT_FLAG_NOFILLIN;
  EXPECT_GE(avformat_find_stream_info(context, nullptr), 0);
  file.format = context->iformat->name;
  if (context->nb_programs > 0) {
    file.service_id = context->programs[0]->id;
    file.service_name = text_of(context->programs[0]->metadata, "service_name");
    file.service_provider = text_of(context->programs[0]->metadata, "service_provider");
  }
  for (unsigned i = 0; i < context->nb_streams; ++i) {
    const AVStream* from = context->streams[i];
    ReadStream stream;
    stream.codec = avcodec_get_name(from->codecpar->codec_id);
    char tag[AV_FOURCC_MAX_STRING_SIZE];
    stream.tag = av_fourcc_make_string(tag, from->codecpar->codec_tag);
    stream.id = from->id;
    stream.time_base = {from->time_base.num, from->time_base.den};
    stream.frame_rate = {from->r_frame_rate.num, from->r_frame_rate.den};
    stream.primaries = from->codecpar->color_primaries;
    stream.transfer = from->codecpar->color_trc;
    stream.matrix = from->codecpar->color_space;
    stream.language = text_of(from->metadata, "language");
    file.streams.push_back(std::move(stream));
  }
  AVPacket* packet = av_packet_alloc();
  while (av_read_frame(context, packet) >= 0) {
    const std::span<const std::uint8_t> data(packet->data, static_cast<std::size_t>(packet->size));
    file.streams[static_cast<std::size_t>(packet->stream_index)].packets.push_back(
        {packet->pts,
         packet->dts,
         packet->duration,
         (packet->flags & AV_PKT_FLAG_KEY) != 0,
         {data.begin(), data.end()}});
    av_packet_unref(packet);
  }
  av_packet_free(&packet);
  avformat_close_input(&context);
  return file;
}

Ts parse_ts(std::span<const std::uint8_t> bytes) {
  Ts ts;
  std::map<int, int> continuity;
  if (bytes.size() % 188 != 0) ts.faults.push_back("not whole packets");
  for (; (ts.packets + 1) * 188 <= bytes.size(); ++ts.packets) {
    const std::span<const std::uint8_t> p = bytes.subspan(ts.packets * 188, 188);
    if (p[0] != 0x47) ts.faults.push_back("no sync byte in packet " + std::to_string(ts.packets));
    const int pid = static_cast<int>(big_endian(p, 1, 2) & 0x1fff);
    const bool start = (p[1] & 0x40) != 0;
    const bool has_payload = (p[3] & 0x10) != 0;
    std::size_t at = 4;
    bool random_access = false;
    if ((p[3] & 0x20) != 0) {
      random_access = p[4] > 0 && (p[5] & 0x40) != 0;
      if (p[4] >= 7 && (p[5] & 0x10) != 0) {
        const auto base = static_cast<std::int64_t>(big_endian(p, 6, 5) >> 7);
        ts.pcrs.emplace_back(ts.packets, base * 300 + static_cast<std::int64_t>(big_endian(p, 10, 2) & 0x1ff));
      }
      at += std::size_t{1} + p[4];
    }
    if (pid == 0x1fff || !has_payload) continue;
    const int counter = p[3] & 15;
    if (const auto last = continuity.find(pid); last != continuity.end() && counter != ((last->second + 1) & 15)) {
      ts.faults.push_back("continuity of PID " + std::to_string(pid) + " in packet " + std::to_string(ts.packets));
    }
    continuity[pid] = counter;
    const std::span<const std::uint8_t> payload = p.subspan(at);
    if (pid == 0 || pid == 0x11 || pid == ts.pmt_pid) {
      ts.packets_of_table[pid].push_back(ts.packets);
      const std::span<const std::uint8_t> section = payload.subspan(std::size_t{1} + payload[0]);
      if (pid == 0) parse_pat(ts, section);
      if (pid == ts.pmt_pid) {
        if (ts.streams.empty()) parse_pmt(ts, section);
        const auto whole = section.first(3 + (big_endian(section, 1, 2) & 0xfff));
        if (ts.pmts.empty() || !std::ranges::equal(ts.pmts.back(), whole)) {
          ts.pmts.emplace_back(whole.begin(), whole.end());
        }
      }
      // service_description_section: one service, its first descriptor the service_descriptor.
      if (pid == 0x11 && section.size() > 18 && section[16] == 0x48) ts.service_type = section[18];
      continue;
    }
    if (const auto stream = ts.streams.find(pid); stream != ts.streams.end()) {
      parse_pes(ts, stream->second, payload, start, random_access);
    }
  }
  return ts;
}

std::vector<Box> boxes_in(std::span<const std::uint8_t> bytes, std::size_t offset) {
  std::vector<Box> boxes;
  std::size_t at = 0;
  while (at + 8 <= bytes.size()) {
    const std::size_t size = big_endian(bytes, at, 4);
    if (size < 8 || size > bytes.size() - at) {
      ADD_FAILURE() << "a box at byte " << offset + at << " has size " << size;
      break;
    }
    boxes.push_back(
        {{bytes.begin() + static_cast<std::ptrdiff_t>(at + 4), bytes.begin() + static_cast<std::ptrdiff_t>(at + 8)},
         offset + at + 8,
         bytes.subspan(at + 8, size - 8)});
    at += size;
  }
  EXPECT_EQ(at, bytes.size());
  return boxes;
}

std::vector<Box> find_boxes(std::span<const std::uint8_t> bytes, const std::string& path) {
  std::vector<Box> level = boxes_in(bytes);
  std::size_t at = 0;
  while (true) {
    const std::size_t slash = path.find('/', at);
    const std::string type = path.substr(at, slash == std::string::npos ? slash : slash - at);
    std::erase_if(level, [&](const Box& box) { return box.type != type; });
    if (slash == std::string::npos) return level;
    std::vector<Box> inside;
    for (const Box& box : level) {
      const std::optional<std::size_t> header = container_header(box.type);
      if (!header) {
        ADD_FAILURE() << box.type << " holds no boxes";
        continue;
      }
      for (const Box& child : boxes_in(box.payload.subspan(*header), box.offset + *header)) inside.push_back(child);
    }
    level = std::move(inside);
    at = slash + 1;
  }
}

}  // namespace jinsha::test
