// Reading outputs back: libavformat, and small parsers of our own for what it hides.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"

namespace jinsha::test {

struct ReadPacket {
  std::int64_t pts = 0;
  std::int64_t dts = 0;
  std::int64_t duration = 0;
  bool key = false;
  std::vector<std::uint8_t> data;
};
struct ReadStream {
  std::string codec;
  std::string tag;
  int id = 0;
  Rational time_base;
  Rational frame_rate;
  int primaries = 0;
  int transfer = 0;
  int matrix = 0;
  std::string language;
  std::vector<ReadPacket> packets;
};
struct ReadFile {
  std::string format;
  std::string service_name;
  std::string service_provider;
  int service_id = 0;
  std::vector<ReadStream> streams;
};
// Everything libavformat finds in a file; a failure fails the test. No repair of timestamps.
ReadFile read_file(const std::string& path);

// One PES packet of a transport stream.
struct Pes {
  std::int64_t pts = -1;
  std::int64_t dts = -1;  // pts where it has none of its own
  bool random_access = false;
  std::size_t first_packet = 0;
  std::vector<std::uint8_t> payload;
};
struct TsStream {
  int stream_type = 0;
  std::vector<std::uint8_t> descriptors;
  std::vector<Pes> pes;
};
struct Ts {
  std::vector<std::string> faults;  // sync, continuity
  std::size_t packets = 0;
  int transport_stream_id = -1;
  int service_id = -1;
  int pmt_pid = -1;
  int pcr_pid = -1;
  int service_type = -1;
  std::map<int, TsStream> streams;                           // by PID, as the first PMT lists them
  std::vector<std::vector<std::uint8_t>> pmts;               // every PMT section that differs from the one before
  std::vector<std::pair<std::size_t, std::int64_t>> pcrs;    // packet index, 27 MHz
  std::map<int, std::vector<std::size_t>> packets_of_table;  // PIDs 0, 0x11 and the PMT's: packet indices
};
Ts parse_ts(std::span<const std::uint8_t> bytes);

// A box of ISO/IEC 14496-12, found by the path of its types.
struct Box {
  std::string type;
  std::size_t offset = 0;  // of its payload in the file
  std::span<const std::uint8_t> payload;
};
// The boxes directly inside `bytes`.
std::vector<Box> boxes_in(std::span<const std::uint8_t> bytes, std::size_t offset = 0);
// All boxes at a path such as "moov/trak/mdia/mdhd"; steps into stsd and visual sample entries.
std::vector<Box> find_boxes(std::span<const std::uint8_t> bytes, const std::string& path);

std::uint64_t big_endian(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t count);

}  // namespace jinsha::test
