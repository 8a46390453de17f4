// MPEG-TS, ISO/IEC 13818-1 2.4: packets, tables, and the elementary streams they name.
#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "verify/audio_frames.h"
#include "verify/stream_log.h"
#include "verify/ts_packets.h"
#include "verify/ts_pes.h"
#include "verify/ts_tables.h"
#include "verify/video_reader.h"

namespace jinsha::verify {
namespace {

constexpr int kPatPid = 0, kSdtPid = 0x11, kNullPid = 0x1FFF, kFirstUserPid = 0x20;
constexpr std::int64_t kPtsWrap = std::int64_t{1} << 33;
constexpr std::int64_t kPcrWrap = kPtsWrap * 300;
// An unreferenced PID is one seen more often than this; less may be damage.
constexpr std::int64_t kNoise = 3;

// `raw` on the turn of the clock nearest to `reference`.
std::int64_t unwrap(std::int64_t raw, std::int64_t reference, std::int64_t wrap) {
  // Without a time to be near to, the first turn. Reduced first: damage can bring any two numbers here.
  if (reference == kNoTime) return raw;
  std::int64_t difference = (raw % wrap - reference % wrap) % wrap;
  if (difference > wrap / 2) difference -= wrap;
  if (difference < -wrap / 2) difference += wrap;
  return reference + difference;
}

std::uint32_t content_hash(ByteView bytes) {
  std::uint32_t hash = 2166136261U;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 16777619U;
  return hash;
}

class TsReader final : public ContainerReader {
 public:
  explicit TsReader(StreamLog& log)
      : log_(log),
        ts_(log.ts.emplace()),
        packets_({[this](ByteView bytes, std::int64_t byte) { packet(bytes, byte); },
                  [this](const std::string& what, std::int64_t byte) { damage(what, byte); }}) {
    log_.container = "mpegts";
    pids_.resize(8192);
  }
  void feed(ByteView bytes) override { packets_.feed(bytes); }
  void finish() override;

 private:
  struct PidState {
    std::int64_t packets = 0;
    int counter = -1;
    bool duplicated = false;
    bool referenced = false;
    std::uint32_t hash = 0;
  };
  struct Stream {
    int pid = 0;
    std::unique_ptr<PesParser> pes;
    std::unique_ptr<AudioFrames> audio;
    std::int64_t last_time = kNoTime;  // unwrapped
  };

  void damage(std::string found, std::int64_t byte) {
    log_.findings.fail(Property::kContainer, "a transport stream without errors", std::move(found), Place{-1, byte});
  }
  void packet(ByteView packet, std::int64_t byte);
  bool count(PidState& state, int pid, unsigned counter, bool payload, bool discontinuity, ByteView content,
             std::int64_t byte, bool& lost);
  void adaptation(ByteView field, int pid, std::int64_t byte);
  void tables(int pid, ByteView payload, bool start, std::int64_t byte);
  void section(int pid, ByteView section, std::int64_t byte);
  void association(ByteView section, std::int64_t byte);
  void description(ByteView section, std::int64_t byte);
  void map(ByteView section, std::int64_t byte);
  void program(const Pmt& pmt, std::int64_t byte);
  void add_stream(const PmtStream& row);
  void add_data(const PmtStream& row);
  std::int64_t unwrap_pts(std::int64_t raw, Stream& stream);

  StreamLog& log_;
  TsLog& ts_;
  PacketFinder packets_;
  std::vector<PidState> pids_;
  std::map<int, SectionAssembler> assemblers_;
  std::deque<Stream> streams_;
  std::unique_ptr<VideoReader> video_;
  std::int64_t last_pcr_ = kNoTime;
  std::int64_t clock_ = kNoTime;  // any 90 kHz time of the program, to unwrap the first of a stream
  std::optional<Pat> pat_;
  std::optional<Pmt> pmt_;
  std::optional<SdtService> service_;
};

void TsReader::packet(ByteView packet, std::int64_t byte) {
  ++ts_.packets;
  const int pid = static_cast<int>(be16(packet.subspan(1)) & 0x1FFFU);
  if (pid == kNullPid) {
    ++ts_.null_packets;
    return;
  }
  if ((packet[1] & 0x80) != 0) {
    damage("a packet with transport_error_indicator set", byte);
    return;
  }
  PidState& state = pids_[static_cast<std::size_t>(pid)];
  ++state.packets;
  const bool start = (packet[1] & 0x40) != 0;
  const unsigned scrambling = packet[3] >> 6;
  const bool has_field = (packet[3] & 0x20) != 0;
  const bool has_payload = (packet[3] & 0x10) != 0;
  if (scrambling != 0) {
    damage(fmt::format("a scrambled packet of PID {:#x}", pid), byte);
    return;
  }
  std::size_t at = 4;
  unsigned flags = 0;
  if (has_field) {
    const std::size_t length = packet[4];
    if (length > (has_payload ? 182U : 183U)) {
      damage(fmt::format("an adaptation field of {} bytes", length), byte);
      return;
    }
    adaptation(packet.subspan(5, length), pid, byte);
    if (length > 0) flags = packet[5];
    at = 5 + length;
  }
  bool lost = false;
  const ByteView payload = packet.subspan(at);
  if (!count(state, pid, packet[3] & 15U, has_payload, (flags & 0x80) != 0, payload, byte, lost)) return;
  if (!has_payload) return;
  const std::int64_t payload_byte = byte + static_cast<std::int64_t>(at);
  if (pid == kPatPid || pid == kSdtPid || (pat_ && pid == ts_.pmt_pid)) {
    tables(pid, payload, start, byte);
    return;
  }
  for (Stream& stream : streams_) {
    if (stream.pid != pid) continue;
    if (lost) stream.pes->lost();
    stream.pes->packet(payload, start, (flags & 0x40) != 0, byte, payload_byte);
  }
}

// Continuity counter, 2.4.3.3. False where the packet is a repetition and not to be used.
bool TsReader::count(PidState& state, int pid, unsigned counter, bool payload, bool discontinuity, ByteView content,
                     std::int64_t byte, bool& lost) {
  const int value = static_cast<int>(counter);
  const int last = state.counter;
  if (!payload) {
    if (last >= 0 && value != last && !discontinuity) {
      damage(
          fmt::format("continuity counter {} instead of {} in a packet of PID {:#x} without payload", value, last, pid),
          byte);
    }
    return false;
  }
  const std::uint32_t hash = content_hash(content);
  const bool repeated = last >= 0 && value == last && hash == state.hash && !discontinuity;
  state.hash = hash;
  state.counter = value;
  if (repeated && !state.duplicated) {
    state.duplicated = true;
    return false;
  }
  const bool repeated_again = repeated && state.duplicated;
  state.duplicated = false;
  if (last >= 0 && !discontinuity && (value != ((last + 1) & 15) || repeated_again)) {
    damage(fmt::format("continuity counter {} after {} on PID {:#x}", value, last, pid), byte);
    lost = true;
  }
  return true;
}

void TsReader::adaptation(ByteView field, int pid, std::int64_t byte) {
  if (field.empty()) return;
  const bool discontinuity = (field[0] & 0x80) != 0;
  if ((field[0] & 0x10) == 0) return;
  if (field.size() < 7) {
    damage("an adaptation field too short for its PCR", byte);
    return;
  }
  const std::int64_t base = (static_cast<std::int64_t>(be32(field.subspan(1))) << 1) | (field[5] >> 7);
  const std::int64_t extension = be16(field.subspan(5)) & 0x1FFU;
  if (extension >= 300) damage(fmt::format("a PCR extension of {}", extension), byte);
  if (pid != ts_.pcr_pid) return;
  const std::int64_t raw = base * 300 + extension;
  const std::int64_t pcr = last_pcr_ == kNoTime || discontinuity ? raw : unwrap(raw, last_pcr_, kPcrWrap);
  last_pcr_ = pcr;
  if (clock_ == kNoTime) clock_ = pcr / 300;
  ts_.pcrs.push({byte, pcr, discontinuity});
}

void TsReader::tables(int pid, ByteView payload, bool start, std::int64_t byte) {
  pids_[static_cast<std::size_t>(pid)].referenced = true;
  const bool ok = assemblers_[pid].packet(payload, start, [&](ByteView whole) { section(pid, whole, byte); });
  if (!ok) damage(fmt::format("a damaged section on PID {:#x}", pid), byte);
}

void TsReader::section(int pid, ByteView whole, std::int64_t byte) {
  const unsigned table = whole[0];
  const bool wanted = (pid == kPatPid && table == 0) || (pid == kSdtPid && table == 0x42) ||
                      (pid == ts_.pmt_pid && pid != kPatPid && pid != kSdtPid && table == 2);
  if (pid == kPatPid && table != 0) damage(fmt::format("table {:#x} on the PID of the PAT", table), byte);
  if ((whole[1] & 0x80) != 0 && crc32_mpeg(whole) != 0) {
    damage(fmt::format("a wrong CRC-32 in table {:#x} on PID {:#x}", table, pid), byte);
    return;
  }
  if (!wanted || whole.size() < 12 || (whole[5] & 1) == 0) return;  // current_next_indicator
  if (pid == kPatPid) {
    association(whole, byte);
  } else if (pid == kSdtPid) {
    description(whole, byte);
  } else {
    map(whole, byte);
  }
}

void TsReader::association(ByteView whole, std::int64_t byte) {
  ts_.pats.push(byte);
  const auto pat = parse_pat(whole);
  if (!pat) {
    damage("a PAT that does not parse", byte);
  } else if (pat_) {
    if (!(*pat_ == *pat)) ts_.tables_changed.add({-1, byte});
  } else if (!pat->programs.empty()) {
    pat_ = pat;
    ts_.transport_stream_id = pat->transport_stream_id;
    ts_.programs = static_cast<std::int64_t>(pat->programs.size());
    ts_.service_id = pat->programs.front().first;
    ts_.pmt_pid = pat->programs.front().second;
    for (const auto& row : pat->programs) pids_[static_cast<std::size_t>(row.second)].referenced = true;
  }
}

void TsReader::description(ByteView whole, std::int64_t byte) {
  ts_.sdts.push(byte);
  const auto services = parse_sdt(whole);
  if (!services) {
    damage("an SDT that does not parse", byte);
    return;
  }
  for (const SdtService& service : *services) {
    if (pat_ && service.id != ts_.service_id && services->size() > 1) continue;
    if (service_ && !(*service_ == service)) ts_.tables_changed.add({-1, byte});
    if (service_) continue;
    service_ = service;
    ts_.sdt_service_id = service.id;
    ts_.service_name = service.name;
    ts_.service_provider = service.provider;
  }
}

// Descriptors may fill up as a writer learns of its streams; what they say of them may not change.
void TsReader::map(ByteView whole, std::int64_t byte) {
  const auto pmt = parse_pmt(whole);
  if (!pmt) {
    damage("a PMT that does not parse", byte);
    return;
  }
  if (pmt->program != ts_.service_id) return;
  ts_.pmts.push(byte);
  if (!pmt_) {
    pmt_ = pmt;
    program(*pmt, byte);
  } else if (!(*pmt_ == *pmt)) {
    ts_.tables_changed.add({-1, byte});
  }
}

void TsReader::program(const Pmt& pmt, std::int64_t byte) {
  ts_.pcr_pid = pmt.pcr_pid;
  if (pmt.pcr_pid == kNullPid) damage("a PMT without a PCR PID", byte);
  pids_[static_cast<std::size_t>(pmt.pcr_pid)].referenced = true;
  for (const PmtStream& row : pmt.streams) {
    pids_[static_cast<std::size_t>(row.pid)].referenced = true;
    if (row.kind == PmtStream::Kind::kOther) {
      ++log_.other_streams;
    } else {
      add_stream(row);
    }
  }
}

void TsReader::add_stream(const PmtStream& row) {
  if (row.kind == PmtStream::Kind::kData) {
    add_data(row);
    return;
  }
  const bool video = row.kind == PmtStream::Kind::kVideo;
  if (video && ++log_.video_streams > 1) return;
  Stream& stream = streams_.emplace_back();
  stream.pid = row.pid;
  PesParser::Handler handler;
  handler.damage = [this](const std::string& what, std::int64_t byte) { damage(what, byte); };
  if (video) {
    log_.has_video = true;
    ts_.video_pid = row.pid;
    VideoLog& video_log = log_.video;
    video_log.codec = row.codec == "hevc"         ? Codec::kHevc
                      : row.codec == "av1"        ? Codec::kAv1
                      : row.codec == "h264"       ? Codec::kAvc
                      : row.codec == "mpeg2video" ? Codec::kMpeg2
                                                  : Codec::kOther;
    const bool units = video_log.codec == Codec::kHevc || video_log.codec == Codec::kAvc;
    const Framing framing = units ? Framing::kByteStream : Framing::kOpaque;
    video_ = make_video_reader(video_log.codec, framing, 4, video_log);
    handler.open = [this, &stream](std::int64_t pts, std::int64_t dts, std::int64_t byte, bool random_access) {
      const std::int64_t unwrapped_dts = unwrap_pts(dts, stream);
      std::int64_t unwrapped_pts = pts;
      if (pts != kNoTime) {
        unwrapped_pts = dts == kNoTime ? unwrap_pts(pts, stream) : unwrap(pts, unwrapped_dts, kPtsWrap);
      }
      video_->open_unit({unwrapped_pts, unwrapped_dts, byte, random_access});
    };
    handler.data = [this](ByteView payload, std::int64_t byte) { video_->data(payload, byte); };
  } else {
    AudioLog& audio = log_.audio.emplace_back();
    audio.codec = row.codec;
    audio.id = row.pid;
    audio.language = row.language;
    const std::size_t index = log_.audio.size() - 1;
    // log_.audio grows only here, before any payload: the frames are attached once all are known.
    handler.open = [this, &stream, index](std::int64_t pts, std::int64_t, std::int64_t byte, bool) {
      if (!stream.audio) stream.audio = std::make_unique<AudioFrames>(log_.audio[index]);
      stream.audio->open_unit(unwrap_pts(pts, stream), byte);
    };
    handler.data = [&stream](ByteView payload, std::int64_t byte) { stream.audio->data(payload, byte); };
  }
  stream.pes = std::make_unique<PesParser>(std::move(handler));
}

void TsReader::add_data(const PmtStream& row) {
  Stream& stream = streams_.emplace_back();
  stream.pid = row.pid;
  DataLog& added = log_.data.emplace_back();
  added.codec = row.codec;
  added.id = row.pid;
  added.language = row.language;
  PesParser::Handler handler;
  handler.damage = [this](const std::string& what, std::int64_t byte) { damage(what, byte); };
  handler.open = [this, &stream, index = log_.data.size() - 1](std::int64_t raw, std::int64_t, std::int64_t byte,
                                                               bool) {
    DataLog& data = log_.data[index];
    const std::int64_t pts = unwrap_pts(raw, stream);
    ++data.packets;
    if (pts == kNoTime) {
      data.untimed.add({-1, byte});
      return;
    }
    if (data.first_pts == kNoTime) data.first_pts = pts;
    if (data.last_pts != kNoTime && pts < data.last_pts) data.backwards.add({-1, byte});
    data.last_pts = pts;
  };
  handler.data = [](ByteView, std::int64_t) {};
  stream.pes = std::make_unique<PesParser>(std::move(handler));
}

std::int64_t TsReader::unwrap_pts(std::int64_t raw, Stream& stream) {
  if (raw == kNoTime) return kNoTime;
  if (clock_ == kNoTime) clock_ = raw;
  stream.last_time = unwrap(raw, stream.last_time == kNoTime ? clock_ : stream.last_time, kPtsWrap);
  return stream.last_time;
}

void TsReader::finish() {
  packets_.finish();
  ts_.stride = static_cast<int>(packets_.stride());
  for (Stream& stream : streams_) {
    stream.pes->finish();
    if (stream.audio) stream.audio->finish();
  }
  if (video_) video_->finish();
  if (!packets_.ever_locked()) {
    damage("no packets", 0);
  } else if (!pat_) {
    damage("no program association table", -1);
  } else if (!pmt_) {
    damage(fmt::format("no program map table on PID {:#x}", ts_.pmt_pid), -1);
  }
  if (!pmt_) return;
  for (int pid = kFirstUserPid; pid < kNullPid; ++pid) {
    const PidState& state = pids_[static_cast<std::size_t>(pid)];
    if (!state.referenced && state.packets > kNoise && ts_.programs <= 1) {
      damage(fmt::format("{} packets of PID {:#x}, which no table names", state.packets, pid), -1);
    }
  }
}

}  // namespace

std::unique_ptr<ContainerReader> make_ts_reader(StreamLog& log) { return std::make_unique<TsReader>(log); }

}  // namespace jinsha::verify
