#include "verify/ts_tables.h"

#include <algorithm>
#include <array>

namespace jinsha::verify {
namespace {

constexpr std::size_t kMaxSection = 4096;
constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i << 24;
    for (int bit = 0; bit < 8; ++bit) value = (value << 1) ^ ((value & 0x80000000U) != 0 ? 0x04C11DB7U : 0U);
    table[i] = value;
  }
  return table;
}
constexpr auto kCrcTable = make_crc_table();

using Kind = PmtStream::Kind;
struct StreamTypeRow {
  unsigned stream_type;
  const char* codec;
  Kind kind;
};
// ISO/IEC 13818-1 Table 2-34 and ATSC A/53-3.
constexpr StreamTypeRow kStreamTypes[] = {
    {0x01, "mpeg1video", Kind::kVideo}, {0x02, "mpeg2video", Kind::kVideo}, {0x03, "mp2", Kind::kAudio},
    {0x04, "mp2", Kind::kAudio},        {0x0F, "aac", Kind::kAudio},        {0x11, "aac_latm", Kind::kAudio},
    {0x1B, "h264", Kind::kVideo},       {0x24, "hevc", Kind::kVideo},       {0x33, "vvc", Kind::kVideo},
    {0x81, "ac3", Kind::kAudio},        {0x87, "eac3", Kind::kAudio},
};
struct FormatRow {
  std::uint32_t format;
  const char* codec;
  Kind kind;
};
// registration_descriptor of private data, 2.6.8.
constexpr FormatRow kFormats[] = {
    {0x41433320, "ac3", Kind::kAudio},   // 'AC3 '
    {0x41432D33, "ac3", Kind::kAudio},   // 'AC-3'
    {0x45414333, "eac3", Kind::kAudio},  // 'EAC3'
    {0x4F707573, "opus", Kind::kAudio},  // 'Opus'
    {0x44545331, "dts", Kind::kAudio},   // 'DTS1'
    {0x44545332, "dts", Kind::kAudio},   // 'DTS2'
    {0x48455643, "hevc", Kind::kVideo},  // 'HEVC'
    {0x41563031, "av1", Kind::kVideo},   // 'AV01'
};

// Text of EN 300 468 Annex A without its character table selector.
std::string dvb_text(ByteView text) {
  if (!text.empty() && text[0] < 0x20) text = text.subspan(text[0] == 0x10 ? std::min<std::size_t>(3, text.size()) : 1);
  return {text.begin(), text.end()};
}

// Calls `use(tag, body)` for each descriptor; false when the loop is damaged.
template <typename Use>
bool for_descriptors(ByteView loop, Use use) {
  while (!loop.empty()) {
    if (loop.size() < 2 || loop.size() < std::size_t{2} + loop[1]) return false;
    use(loop[0], loop.subspan(2, loop[1]));
    loop = loop.subspan(std::size_t{2} + loop[1]);
  }
  return true;
}

PmtStream describe_stream(unsigned stream_type, int pid, ByteView descriptors, bool& ok) {
  PmtStream stream{pid, stream_type, "unknown", Kind::kOther, {}};
  for (const StreamTypeRow& row : kStreamTypes) {
    if (row.stream_type == stream_type) {
      stream.codec = row.codec;
      stream.kind = row.kind;
    }
  }
  ok = for_descriptors(descriptors, [&](unsigned tag, ByteView body) {
    if (tag == 0x0A && body.size() >= 4) stream.language.assign(body.begin(), body.begin() + 3);
    if (stream_type != 0x06) return;
    // EN 300 468 6.2.43 and 6.2.41: rows of five and of eight bytes, each with a language.
    if (tag == 0x56 || tag == 0x59) {
      stream.codec = tag == 0x56 ? "dvb_teletext" : "dvb_subtitle";
      stream.kind = Kind::kData;
      const std::size_t row = tag == 0x56 ? 5 : 8;
      for (std::size_t at = 0; at + row <= body.size(); at += row) {
        if (at > 0) stream.language += ',';
        stream.language.append(body.begin() + static_cast<std::ptrdiff_t>(at),
                               body.begin() + static_cast<std::ptrdiff_t>(at + 3));
      }
    } else if (tag == 0x6A) {
      stream.codec = "ac3";
      stream.kind = Kind::kAudio;
    } else if (tag == 0x7A) {
      stream.codec = "eac3";
      stream.kind = Kind::kAudio;
    } else if (tag == 0x05 && body.size() >= 4) {
      for (const FormatRow& row : kFormats) {
        if (row.format != be32(body)) continue;
        stream.codec = row.codec;
        stream.kind = row.kind;
      }
    }
  });
  return stream;
}

}  // namespace

std::uint32_t crc32_mpeg(ByteView data) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::uint8_t byte : data) crc = (crc << 8) ^ kCrcTable[(crc >> 24) ^ byte];
  return crc;
}

bool SectionAssembler::take(ByteView bytes, const Handler& handler) {
  bool ok = true;
  while (!bytes.empty()) {
    if (section_.empty() && bytes[0] == 0xFF) {  // stuffing to the end of the packet
      open_ = false;
      return ok;
    }
    const std::size_t need = section_.size() < 3 ? 3 : 3 + (be16(ByteView(section_).subspan(1)) & 0xFFFU);
    if (need > kMaxSection) {
      section_.clear();
      open_ = false;
      return false;
    }
    const std::size_t count = std::min(need - section_.size(), bytes.size());
    section_.insert(section_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    bytes = bytes.subspan(count);
    if (section_.size() >= 3 && section_.size() == 3 + (be16(ByteView(section_).subspan(1)) & 0xFFFU)) {
      handler(section_);
      section_.clear();
    }
  }
  return ok;
}

bool SectionAssembler::packet(ByteView payload, bool start, const Handler& handler) {
  if (!start) return !open_ || take(payload, handler);
  if (payload.empty() || payload.size() < std::size_t{1} + payload[0]) return false;
  bool ok = true;
  const std::size_t pointer = payload[0];
  if (open_ && !section_.empty()) {
    ok = take(payload.subspan(1, pointer), handler) && section_.empty();
  }
  section_.clear();
  open_ = true;
  return take(payload.subspan(1 + pointer), handler) && ok;
}

std::optional<Pat> parse_pat(ByteView section) {
  if (section.size() < 12 || section[0] != 0) return std::nullopt;
  Pat pat;
  pat.transport_stream_id = static_cast<int>(be16(section.subspan(3)));
  for (ByteView loop = section.subspan(8, section.size() - 12); loop.size() >= 4; loop = loop.subspan(4)) {
    const int program = static_cast<int>(be16(loop));
    const int pid = static_cast<int>(be16(loop.subspan(2)) & 0x1FFFU);
    if (program != 0) pat.programs.emplace_back(program, pid);
  }
  return pat;
}

std::optional<Pmt> parse_pmt(ByteView section) {
  if (section.size() < 16 || section[0] != 2) return std::nullopt;
  Pmt pmt;
  pmt.program = static_cast<int>(be16(section.subspan(3)));
  pmt.pcr_pid = static_cast<int>(be16(section.subspan(8)) & 0x1FFFU);
  const std::size_t info = be16(section.subspan(10)) & 0xFFFU;
  ByteView loop = section.subspan(12, section.size() - 16);
  if (info > loop.size()) return std::nullopt;
  loop = loop.subspan(info);
  while (loop.size() >= 5) {
    const std::size_t size = be16(loop.subspan(3)) & 0xFFFU;
    if (size > loop.size() - 5) return std::nullopt;
    bool ok = true;
    pmt.streams.push_back(
        describe_stream(loop[0], static_cast<int>(be16(loop.subspan(1)) & 0x1FFFU), loop.subspan(5, size), ok));
    if (!ok) return std::nullopt;
    loop = loop.subspan(5 + size);
  }
  if (!loop.empty()) return std::nullopt;
  return pmt;
}

std::optional<std::vector<SdtService>> parse_sdt(ByteView section) {
  if (section.size() < 15 || section[0] != 0x42) return std::nullopt;
  std::vector<SdtService> services;
  ByteView loop = section.subspan(11, section.size() - 15);
  while (loop.size() >= 5) {
    const std::size_t size = be16(loop.subspan(3)) & 0xFFFU;
    if (size > loop.size() - 5) return std::nullopt;
    SdtService service;
    service.id = static_cast<int>(be16(loop));
    bool ok = for_descriptors(loop.subspan(5, size), [&](unsigned tag, ByteView body) {
      if (tag != 0x48 || body.size() < 3) return;
      const std::size_t provider = body[1];
      if (body.size() < 3 + provider) return;
      const std::size_t name = body[2 + provider];
      if (body.size() < 3 + provider + name) return;
      service.provider = dvb_text(body.subspan(2, provider));
      service.name = dvb_text(body.subspan(3 + provider, name));
    });
    if (!ok) return std::nullopt;
    services.push_back(std::move(service));
    loop = loop.subspan(5 + size);
  }
  return services;
}

}  // namespace jinsha::verify
