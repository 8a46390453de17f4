#include "verify/stream_edit_helper.h"

#include <algorithm>
#include <cstring>

namespace jinsha::verify_test {
namespace {

bool is_slice(const Part& part) { return part.nal_type() < 32; }
bool first_slice(const Part& part) { return is_slice(part) && part.bytes.size() > 2 && (part.bytes[2] & 0x80) != 0; }

std::optional<Data> edit_byte_stream(const Data& stream, const VideoEdit& edit) {
  auto units = split_units(split_nals(stream));
  if (units.empty() || !edit(units)) return std::nullopt;
  Data out;
  for (const Unit& unit : units) {
    if (unit.dropped) continue;
    const Data bytes = join_nals(unit.parts);
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

std::optional<Data> edit_obu_stream(const Data& stream, const VideoEdit& edit) {
  std::vector<Unit> units;
  for (Part& part : split_obus(stream)) {
    if (part.obu_type() == 2 || units.empty()) units.emplace_back();
    units.back().parts.push_back(std::move(part));
  }
  if (units.empty() || !edit(units)) return std::nullopt;
  Data out;
  for (const Unit& unit : units) {
    if (unit.dropped) continue;
    const Data bytes = join_obus(unit.parts);
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

std::optional<Data> edit_ivf(const Data& stream, const VideoEdit& edit) {
  if (stream.size() < 32) return std::nullopt;
  std::vector<Unit> units;
  std::vector<Data> stamps;
  for (std::size_t at = 32; at + 12 <= stream.size();) {
    std::uint32_t size = 0;
    std::memcpy(&size, &stream[at], 4);
    if (size > stream.size() - at - 12) return std::nullopt;
    stamps.emplace_back(stream.begin() + static_cast<std::ptrdiff_t>(at) + 4,
                        stream.begin() + static_cast<std::ptrdiff_t>(at) + 12);
    units.push_back({split_obus(std::span(stream).subspan(at + 12, size)), false});
    at += 12 + size;
  }
  if (units.empty() || !edit(units)) return std::nullopt;
  Data out(stream.begin(), stream.begin() + 32);
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i].dropped) continue;
    const Data bytes = join_obus(units[i].parts);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(size >> shift));
    const Data& stamp = stamps[std::min(i, stamps.size() - 1)];
    out.insert(out.end(), stamp.begin(), stamp.end());
    out.insert(out.end(), bytes.begin(), bytes.end());
    ++count;
  }
  std::uint32_t declared = 0;
  std::memcpy(&declared, &out[24], 4);
  if (declared != 0) std::memcpy(&out[24], &count, 4);
  return out;
}

std::optional<Data> edit_ts(const Data& stream, const VideoEdit& edit) {
  auto packets = split_packets(stream);
  const TsMap map = map_streams(packets);
  if (map.video_pid < 0) return std::nullopt;
  auto pes = find_pes(packets, map.video_pid);
  std::vector<Unit> units;
  for (const Pes& one : pes) units.push_back({split_nals(one.payload), false});
  if (units.empty() || !edit(units) || units.size() != pes.size()) return std::nullopt;
  for (std::size_t i = units.size(); i-- > 0;) {
    const Data bytes = join_nals(units[i].parts);
    if (units[i].dropped) {
      drop_pes(packets, map.video_pid, pes[i]);
    } else if (bytes != pes[i].payload) {
      pes[i].payload = bytes;
      write_pes(packets, map.video_pid, pes[i]);
    }
  }
  renumber(packets, map.video_pid);
  return join_packets(packets);
}

std::optional<Data> edit_mp4(const Data& stream, const VideoEdit& edit) {
  auto file = split_mp4(stream);
  if (!file) return std::nullopt;
  std::vector<Unit> units;
  for (const Mp4Fragment& fragment : file->fragments) {
    for (const Mp4Run& run : fragment.runs) {
      if (!run.video) continue;
      for (const Mp4Sample& sample : run.samples) {
        Unit unit;
        if (file->codec == Codec::kAv1) {
          unit.parts = split_obus(sample.bytes);
        } else {
          for (std::size_t at = 0; at + 4 <= sample.bytes.size();) {
            const std::size_t size = get32(sample.bytes, at);
            if (size > sample.bytes.size() - at - 4) return std::nullopt;
            const auto from = sample.bytes.begin() + static_cast<std::ptrdiff_t>(at) + 4;
            unit.parts.push_back({Data(from, from + static_cast<std::ptrdiff_t>(size)), 4});
            at += 4 + size;
          }
        }
        units.push_back(std::move(unit));
      }
    }
  }
  const std::size_t count = units.size();
  if (units.empty() || !edit(units) || units.size() != count) return std::nullopt;
  std::size_t next = 0;
  for (Mp4Fragment& fragment : file->fragments) {
    for (Mp4Run& run : fragment.runs) {
      if (!run.video) continue;
      std::vector<Mp4Sample> kept;
      for (Mp4Sample& sample : run.samples) {
        const Unit& unit = units[next++];
        if (unit.dropped) continue;
        if (file->codec == Codec::kAv1) {
          sample.bytes = join_obus(unit.parts);
        } else {
          sample.bytes.clear();
          for (const Part& part : unit.parts) {
            sample.bytes.resize(sample.bytes.size() + 4);
            put32(sample.bytes, sample.bytes.size() - 4, static_cast<std::uint32_t>(part.bytes.size()));
            sample.bytes.insert(sample.bytes.end(), part.bytes.begin(), part.bytes.end());
          }
        }
        kept.push_back(std::move(sample));
      }
      run.samples = std::move(kept);
    }
  }
  return join_mp4(*file);
}

}  // namespace

std::optional<Data> edit_video(const Data& stream, const StreamKind& kind, const VideoEdit& edit) {
  switch (kind.container) {
    case ContainerKind::kMpegTs: return edit_ts(stream, edit);
    case ContainerKind::kFragmentedMp4: return edit_mp4(stream, edit);
    case ContainerKind::kIvf: return edit_ivf(stream, edit);
    case ContainerKind::kByteStream: return edit_byte_stream(stream, edit);
    case ContainerKind::kObu: return edit_obu_stream(stream, edit);
    default: return std::nullopt;
  }
}

std::vector<Part> split_nals(std::span<const std::uint8_t> bytes) {
  std::vector<std::size_t> codes;
  for (std::size_t i = 0; i + 3 <= bytes.size(); ++i) {
    if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1) codes.push_back(i);
  }
  std::vector<Part> parts;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::size_t from = codes[i] + 3;
    std::size_t to = i + 1 < codes.size() ? codes[i + 1] : bytes.size();
    while (to > from && bytes[to - 1] == 0) --to;
    const bool four = codes[i] > 0 && bytes[codes[i] - 1] == 0;
    parts.push_back(
        {Data(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.begin() + static_cast<std::ptrdiff_t>(to)),
         four ? std::size_t{4} : std::size_t{3}});
  }
  return parts;
}

std::vector<Unit> split_units(const std::vector<Part>& nals) {
  std::vector<Unit> units;
  bool picture = true;
  for (const Part& part : nals) {
    const unsigned type = part.nal_type();
    const bool opens = (type >= 32 && type <= 35) || type == 39;
    if (units.empty() || (picture && (opens || first_slice(part)))) {
      units.emplace_back();
      picture = false;
    }
    if (is_slice(part)) picture = true;
    units.back().parts.push_back(part);
  }
  return units;
}

Data join_nals(const std::vector<Part>& parts) {
  Data out;
  for (const Part& part : parts) {
    out.insert(out.end(), part.start_code - 1, 0);
    out.push_back(1);
    out.insert(out.end(), part.bytes.begin(), part.bytes.end());
  }
  return out;
}

std::size_t obu_payload(const Data& obu) {
  std::size_t at = (obu.at(0) & 4) != 0 ? 2 : 1;
  while ((obu.at(at) & 0x80) != 0) ++at;
  return at + 1;
}

std::vector<Part> split_obus(std::span<const std::uint8_t> bytes) {
  std::vector<Part> parts;
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t field = at + ((bytes[at] & 4) != 0 ? 2U : 1U);
    std::size_t size = 0;
    unsigned shift = 0;
    while (field < bytes.size()) {
      size |= static_cast<std::size_t>(bytes[field] & 0x7FU) << shift;
      shift += 7;
      if ((bytes[field++] & 0x80) == 0) break;
    }
    if (size > bytes.size() - field) return parts;
    parts.push_back({Data(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                          bytes.begin() + static_cast<std::ptrdiff_t>(field + size)),
                     0});
    at = field + size;
  }
  return parts;
}

Data join_obus(const std::vector<Part>& parts) {
  Data out;
  for (const Part& part : parts) out.insert(out.end(), part.bytes.begin(), part.bytes.end());
  return out;
}

Data make_obu(unsigned type, std::span<const std::uint8_t> payload) {
  Data obu = {static_cast<std::uint8_t>((type << 3) | 2U)};
  std::size_t size = payload.size();
  do {
    obu.push_back(static_cast<std::uint8_t>((size & 0x7FU) | (size > 0x7F ? 0x80U : 0U)));
    size >>= 7;
  } while (size > 0);
  obu.insert(obu.end(), payload.begin(), payload.end());
  return obu;
}

Data unescape(std::span<const std::uint8_t> nal) {
  Data out;
  for (std::size_t i = 0; i < nal.size(); ++i) {
    if (i >= 2 && nal[i] == 3 && nal[i - 1] == 0 && nal[i - 2] == 0 && i > 3) {
      const std::size_t n = out.size();
      if (n >= 2 && out[n - 1] == 0 && out[n - 2] == 0) continue;
    }
    out.push_back(nal[i]);
  }
  return out;
}

Data escape(std::span<const std::uint8_t> nal) {
  Data out;
  int zeros = 0;
  for (const std::uint8_t byte : nal) {
    if (zeros >= 2 && byte <= 3) {
      out.push_back(3);
      zeros = 0;
    }
    out.push_back(byte);
    zeros = byte == 0 ? zeros + 1 : 0;
  }
  return out;
}

void flip_bit(Data& data, std::size_t bit) { data.at(bit / 8) ^= static_cast<std::uint8_t>(0x80U >> (bit % 8)); }

std::uint32_t get16(std::span<const std::uint8_t> data, std::size_t at) {
  return (std::uint32_t{data[at]} << 8) | data[at + 1];
}
std::uint32_t get32(std::span<const std::uint8_t> data, std::size_t at) {
  return (get16(data, at) << 16) | get16(data, at + 2);
}
void put16(Data& data, std::size_t at, std::uint32_t value) {
  data.at(at) = static_cast<std::uint8_t>(value >> 8);
  data.at(at + 1) = static_cast<std::uint8_t>(value);
}
void put32(Data& data, std::size_t at, std::uint32_t value) {
  put16(data, at, value >> 16);
  put16(data, at + 2, value & 0xFFFFU);
}

}  // namespace jinsha::verify_test
