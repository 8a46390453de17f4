#include "verify/ts_pes.h"

#include <fmt/core.h>

#include <algorithm>

namespace jinsha::verify {
namespace {

constexpr std::size_t kFixedHeader = 9;

// Time stamp of five bytes behind a four-bit prefix; kNoTime where a marker bit is wrong.
std::int64_t time_stamp(ByteView field, unsigned prefix) {
  BitReader reader(field);
  std::int64_t value = 0;
  bool ok = reader.bits(4) == prefix;
  for (const unsigned count : {3U, 15U, 15U}) {
    value = (value << count) | reader.bits(count);
    ok = reader.flag() && ok;
  }
  return ok ? value : kNoTime;
}

// Stream ids whose PES packets have no optional header, Table 2-21.
bool plain_stream_id(unsigned id) {
  return id == 0xBC || id == 0xBE || id == 0xBF || id == 0xF0 || id == 0xF1 || id == 0xF2 || id == 0xF8 || id == 0xFF;
}

}  // namespace

void PesParser::finish() {
  if (in_header_) handler_.damage("a PES packet that ends inside its header", start_byte_);
  if (in_payload_ && length_known_ && left_ > 0) {
    handler_.damage(fmt::format("a PES packet that lacks {} bytes of its length", left_), start_byte_);
  }
  in_header_ = in_payload_ = false;
}

void PesParser::packet(ByteView payload, bool start, bool random_access, std::int64_t packet_byte, std::int64_t byte) {
  if (start) {
    finish();
    header_.clear();
    in_header_ = true;
    start_byte_ = packet_byte;
    random_access_ = random_access;
  }
  while (in_header_ && !payload.empty()) {
    std::size_t need = kFixedHeader;
    if (header_.size() >= 4 && plain_stream_id(header_[3])) {
      need = 6;
    } else if (header_.size() >= kFixedHeader) {
      need = kFixedHeader + header_[8];
    }
    if (header_.size() < need) {
      header_.push_back(payload[0]);
      payload = payload.subspan(1);
      ++byte;
      if (header_.size() < kFixedHeader) continue;
      need = kFixedHeader + header_[8];
    }
    if (header_.size() >= need) header_ready();
  }
  if (!in_payload_ || payload.empty()) return;
  if (length_known_) {
    if (static_cast<std::int64_t>(payload.size()) > left_) {
      handler_.damage("a PES packet longer than its length", packet_byte);
      length_known_ = false;
    } else {
      left_ -= static_cast<std::int64_t>(payload.size());
    }
  }
  handler_.data(payload, byte);
}

void PesParser::header_ready() {
  in_header_ = false;
  const ByteView header = header_;
  if (be24(header) != 1 || plain_stream_id(header[3]) || (header[6] >> 6) != 2) {
    handler_.damage("a PES packet without a valid start", start_byte_);
    return;
  }
  const unsigned flags = header[7] >> 6;
  std::int64_t pts = kNoTime, dts = kNoTime;
  if ((flags & 2U) != 0 && header.size() >= 14) {
    pts = time_stamp(header.subspan(9), flags);
    dts = pts;
    if (flags == 3 && header.size() >= 19) dts = time_stamp(header.subspan(14), 1);
    if (pts == kNoTime || dts == kNoTime) handler_.damage("a PES time stamp with wrong marker bits", start_byte_);
  }
  const std::int64_t length = be16(header.subspan(4));
  length_known_ = length > 0;
  left_ = length + 6 - static_cast<std::int64_t>(header.size());
  if (length_known_ && left_ < 0) {
    handler_.damage("a PES header longer than its packet", start_byte_);
    length_known_ = false;
  }
  in_payload_ = true;
  handler_.open(pts, dts, start_byte_, random_access_);
}

}  // namespace jinsha::verify
