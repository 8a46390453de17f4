// Takes a finished output apart and puts it together again with something changed: what the
// mutators are made of. Independent of the judge's container parsers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/coding.h"
#include "media/container.h"

namespace jinsha::verify_test {

using Data = std::vector<std::uint8_t>;

struct StreamKind {
  ContainerKind container = ContainerKind::kByteStream;
  Codec codec = Codec::kHevc;
};

// A NAL unit without its start code, or a whole OBU.
struct Part {
  Data bytes;
  std::size_t start_code = 4;  // length of the start code before it
  unsigned nal_type() const { return (bytes.at(0) >> 1) & 63U; }
  unsigned obu_type() const { return (bytes.at(0) >> 3) & 15U; }
};
struct Unit {
  std::vector<Part> parts;
  bool dropped = false;  // leave the access unit out, timestamps and all
};

// Changes the access units of the video; `edit` returns false when there is nothing to change.
// Empty then, and when the stream cannot be taken apart.
using VideoEdit = std::function<bool(std::vector<Unit>&)>;
std::optional<Data> edit_video(const Data& stream, const StreamKind& kind, const VideoEdit& edit);

// The parts of a byte stream / of OBUs with sizes, and back.
std::vector<Part> split_nals(std::span<const std::uint8_t> bytes);
std::vector<Part> split_obus(std::span<const std::uint8_t> bytes);
Data join_nals(const std::vector<Part>& parts);
Data join_obus(const std::vector<Part>& parts);
// Access units of a byte stream, cut before every AUD, parameter set or SEI that follows a slice,
// and before first slices.
std::vector<Unit> split_units(const std::vector<Part>& nals);

// Emulation prevention of a NAL unit: taken out after the two header bytes, put back.
Data unescape(std::span<const std::uint8_t> nal);
Data escape(std::span<const std::uint8_t> nal);
void flip_bit(Data& data, std::size_t bit);

// Big-endian fields.
std::uint32_t get32(std::span<const std::uint8_t> data, std::size_t at);
void put32(Data& data, std::size_t at, std::uint32_t value);
std::uint32_t get16(std::span<const std::uint8_t> data, std::size_t at);
void put16(Data& data, std::size_t at, std::uint32_t value);

// OBU with the payload of `obu` replaced.
Data make_obu(unsigned type, std::span<const std::uint8_t> payload);
// Offset of an OBU's payload.
std::size_t obu_payload(const Data& obu);

// MPEG-TS, ts_edit_helper.cpp ------------------------------------------------------------------

// One packet of 188 bytes.
struct TsPacket {
  Data bytes;
  int pid() const { return static_cast<int>(get16(bytes, 1) & 0x1FFFU); }
  bool start() const { return (bytes[1] & 0x40) != 0; }
  bool has_field() const { return (bytes[3] & 0x20) != 0; }
  bool has_payload() const { return (bytes[3] & 0x10) != 0; }
  bool has_pcr() const { return has_field() && bytes[4] >= 7 && (bytes[5] & 0x10) != 0; }
  std::size_t payload_at() const { return has_field() ? 5U + bytes[4] : 4U; }
  void make_null();
};
std::vector<TsPacket> split_packets(const Data& stream);
Data join_packets(const std::vector<TsPacket>& packets);
// Rewrites the continuity counters of a PID, so that what was left out leaves no trace.
void renumber(std::vector<TsPacket>& packets, int pid);
// The PES packets of a PID: header and payload, and the TS packets they fill.
struct Pes {
  std::vector<std::size_t> slots;
  Data header;
  Data payload;
};
std::vector<Pes> find_pes(const std::vector<TsPacket>& packets, int pid);
// Writes a PES packet back into its slots; nothing of it remains when `pes` is empty. Packets that
// are no longer needed become null packets, or keep only their PCR; more are inserted when needed.
// Slots are those of before: call with the last PES first.
void write_pes(std::vector<TsPacket>& packets, int pid, const Pes& pes);
void drop_pes(std::vector<TsPacket>& packets, int pid, const Pes& pes);
// PIDs by the tables of the stream: -1 when there is none.
struct TsMap {
  int pmt_pid = -1;
  int video_pid = -1;
  std::vector<int> audio_pids;
};
TsMap map_streams(const std::vector<TsPacket>& packets);
// Changes every section with `table_id` on `pid` that lies in one packet and writes its CRC anew.
bool edit_sections(std::vector<TsPacket>& packets, int pid, unsigned table_id, const std::function<bool(Data&)>& edit);
std::uint32_t section_crc(std::span<const std::uint8_t> section);
std::int64_t get_time(std::span<const std::uint8_t> field);
void put_time(Data& header, std::size_t at, std::int64_t value);

// MP4, mp4_edit_helper.cpp ---------------------------------------------------------------------

struct BoxPlace {
  std::size_t at = 0;  // of the box
  std::size_t header = 8;
  std::size_t size = 0;  // with its header
  std::size_t body() const { return at + header; }
};
// The first box at `path` ("moov/trak/mdia"), below tracks of `handler` where one is given.
std::optional<BoxPlace> find_box(const Data& file, std::string_view path, std::string_view handler = {});
std::vector<BoxPlace> top_boxes(const Data& file);
// Takes a box of the moov out.
std::optional<Data> remove_box(const Data& file, std::string_view path, std::string_view handler = {});

struct Mp4Sample {
  std::uint32_t duration = 0;
  std::uint32_t flags = 0;
  std::uint32_t composition = 0;
  Data bytes;
};
struct Mp4Run {
  std::uint32_t track = 0;
  bool video = false;
  std::uint64_t time = 0;  // tfdt
  std::vector<Mp4Sample> samples;
  std::int32_t offset_error = 0;  // added to the data offset that is written
};
struct Mp4Fragment {
  std::uint32_t sequence_number = 0;
  std::vector<Mp4Run> runs;
};
struct Mp4File {
  Data head;  // everything before the first moof
  std::vector<Mp4Fragment> fragments;
  std::uint32_t video_track = 0;
  Codec codec = Codec::kUnknown;
};
// Fragments with one run a track; empty when the file is not of that kind. What follows the last
// fragment is left out. Written with explicit values for every sample.
std::optional<Mp4File> split_mp4(const Data& file);
Data join_mp4(const Mp4File& file);

}  // namespace jinsha::verify_test
