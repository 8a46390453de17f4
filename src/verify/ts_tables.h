// PSI and SI sections of MPEG-TS: assembly, CRC and what the judge reads of PAT, PMT and SDT
// (ISO/IEC 13818-1 2.4.4, EN 300 468 5.2.3).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "verify/bit_reader.h"

namespace jinsha::verify {

// CRC-32/MPEG-2: zero over a section with its CRC.
std::uint32_t crc32_mpeg(ByteView data);

// Joins the packets of one PID to sections, which are given out whole and unchecked.
class SectionAssembler {
 public:
  using Handler = std::function<void(ByteView)>;
  // `payload` of a packet; `start` is payload_unit_start_indicator. False when it is damaged.
  bool packet(ByteView payload, bool start, const Handler& handler);

 private:
  bool take(ByteView bytes, const Handler& handler);
  std::vector<std::uint8_t> section_;
  bool open_ = false;
};

struct Pat {
  int transport_stream_id = 0;
  std::vector<std::pair<int, int>> programs;  // program number, PMT PID; without the network PID

  friend bool operator==(const Pat&, const Pat&) = default;
};
struct PmtStream {
  int pid = 0;
  unsigned stream_type = 0;
  std::string codec;  // libavcodec's name, or "unknown"
  enum class Kind { kVideo, kAudio, kData, kOther } kind = Kind::kOther;
  std::string language;

  friend bool operator==(const PmtStream&, const PmtStream&) = default;
};
struct Pmt {
  int program = 0;
  int pcr_pid = 0;
  std::vector<PmtStream> streams;

  friend bool operator==(const Pmt&, const Pmt&) = default;
};
struct SdtService {
  int id = 0;
  std::string provider;
  std::string name;

  friend bool operator==(const SdtService&, const SdtService&) = default;
};
// `section` is whole and its CRC is right.
std::optional<Pat> parse_pat(ByteView section);
std::optional<Pmt> parse_pmt(ByteView section);
std::optional<std::vector<SdtService>> parse_sdt(ByteView section);

}  // namespace jinsha::verify
