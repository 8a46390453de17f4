#include "verify/avc_reader.h"

#include <fmt/core.h>

#include <algorithm>

#include "verify/captions.h"

#include "verify/hevc_syntax.h"

namespace jinsha::verify {
namespace {

using avc::NalHeader;

constexpr std::size_t kMaxMarks = 4096;
constexpr std::size_t kSliceBytes = 1024;  // reference marking stands behind the prediction weights
constexpr unsigned kSeiT35 = 4, kSeiRecoveryPoint = 6, kSeiMasteringDisplay = 137, kSeiContentLight = 144,
                   kSeiAlternativeTransfer = 147;

}  // namespace

AvcReader::AvcReader(Framing framing, unsigned length_bytes, VideoLog& log)
    : log_(log),
      byte_stream_(framing == Framing::kByteStream),
      stream_([this](const NalUnit& unit) { nal(unit); }),
      lengths_(length_bytes, [this](const NalUnit& unit) { nal(unit); }) {}

void AvcReader::apply(Open& open, const UnitStart& start) const {
  open.unit.byte = start.byte;
  open.unit.pts = start.pts;
  open.unit.dts = start.dts;
  open.marked = start.key;
}

void AvcReader::open_unit(const UnitStart& start) {
  if (byte_stream_) {
    if (marks_.size() >= kMaxMarks) marks_.pop_front();
    marks_.push_back({stream_.position(), start});
    return;
  }
  if (!lengths_.end_sample()) log_.add_damage("a sample that ends inside a NAL unit", place(start.byte));
  end_unit();
  apply(open_, start);
}

void AvcReader::data(ByteView bytes, std::int64_t byte) {
  if (byte_stream_) {
    stream_.data(bytes, byte);
  } else {
    lengths_.data(bytes, byte);
  }
}

void AvcReader::finish() {
  if (byte_stream_) {
    stream_.finish();
    if (stream_.garbage() > 0)
      log_.add_damage(fmt::format("{} bytes before the first start code", stream_.garbage()), Place{});
  } else if (!lengths_.end_sample()) {
    log_.add_damage("a sample that ends inside a NAL unit", place(open_.unit.byte));
  }
  absorb_next();
  end_unit();
}

void AvcReader::configuration(ByteView bytes, std::int64_t byte) {
  const auto header = avc::parse_nal_header(bytes);
  if (!header) {
    log_.add_damage("a damaged NAL unit in the decoder configuration", {-1, byte});
    return;
  }
  Open aside;
  std::swap(open_, aside);
  note(*header, {bytes, static_cast<std::int64_t>(bytes.size()), 0, byte});
  std::swap(open_, aside);
}

// A NAL unit behind the picture at hand: of the next one, or of its other field.
void AvcReader::begin_next(const NalUnit& nal) {
  next_ = Open{};
  next_.any = true;
  next_.position = nal.position;
  next_.unit.byte = nal.byte;
}

void AvcReader::absorb_next() {
  open_.unit.bytes += next_.unit.bytes;
  next_ = Open{};
}

void AvcReader::nal(const NalUnit& nal) {
  const auto header = avc::parse_nal_header(nal.prefix);
  if (!header) {
    log_.add_damage("a NAL unit without a valid header", place(nal.byte));
    return;
  }
  if (header->slice()) return slice(*header, nal);
  if (byte_stream_ && open_.picture && !next_.any && header->precedes_picture()) begin_next(nal);
  if (!next_.any && !open_.any && byte_stream_) {
    begin_next(nal);
    std::swap(open_, next_);
    next_ = Open{};
  }
  Open& open = next_.any ? next_ : open_;
  if (header->type == avc::kAud && open.unit.bytes == 0) open.delimiter = true;
  open.any = true;
  open.unit.bytes += nal.size;
  std::swap(open_, open);
  note(*header, nal);
  std::swap(open_, open);
}

// Parameter sets, SEI messages and fillers of open_.
void AvcReader::note(const NalHeader& header, const NalUnit& nal) {
  if (header.type == avc::kFiller) {
    ++log_.filler_units;
    log_.filler_bytes += nal.size;
  }
  if (header.type < avc::kSei || header.type > avc::kPps) return;
  const Place where = place(nal.byte);
  if (nal.size > static_cast<std::int64_t>(nal.prefix.size())) {
    log_.add_damage(fmt::format("a NAL unit of type {} with {} bytes", header.type, nal.size), where);
    return;
  }
  const std::vector<std::uint8_t> rbsp = remove_emulation_prevention(nal.prefix.subspan(1));
  if (header.type == avc::kSps) {
    open_.sps = log_.has_sps = true;
    const auto sps = avc::parse_sps(rbsp);
    if (!sps) return log_.add_damage("an SPS that does not parse", where);
    sps_[sps->id] = *sps;
    log_.add_sequence(sps->info, {nal.prefix.begin(), nal.prefix.end()}, where);
  } else if (header.type == avc::kPps) {
    open_.pps = log_.has_pps = true;
    const auto pps = avc::parse_pps(rbsp);
    if (!pps) return log_.add_damage("a PPS that does not parse", where);
    pps_[pps->id] = *pps;
  } else {
    const auto messages = hevc::parse_sei(rbsp);
    if (!messages) return log_.add_damage("an SEI NAL unit that does not parse", where);
    for (const hevc::SeiMessage& message : *messages) {
      if (message.type == kSeiRecoveryPoint) open_.recovery_point = true;
      if (message.type == kSeiT35)
        open_.unit.captions = read_captions(message.payload, open_.unit.captions).value_or(open_.unit.captions);
      if (message.type == kSeiMasteringDisplay)
        open_.mastering_display = hevc::parse_mastering_display(message.payload);
      if (message.type == kSeiContentLight) open_.content_light = hevc::parse_content_light(message.payload);
      if (message.type == kSeiAlternativeTransfer && !message.payload.empty())
        log_.alternative_transfer = message.payload[0];
    }
  }
}

void AvcReader::slice(const NalHeader& header, const NalUnit& nal) {
  const Place where = place(nal.byte);
  const std::vector<std::uint8_t> rbsp =
      remove_emulation_prevention(nal.prefix.subspan(1, std::min(nal.prefix.size() - 1, kSliceBytes)));
  const auto pps_id = avc::parse_slice_pps(rbsp);
  const auto pps = pps_id ? pps_.find(*pps_id) : pps_.end();
  const auto sps = pps == pps_.end() ? sps_.end() : sps_.find(pps->second.sps_id);
  const auto slice = sps == sps_.end() ? std::nullopt : avc::parse_slice(rbsp, header, pps->second, sps->second);
  if (!slice) {
    log_.add_damage(pps_id && sps == sps_.end()
                        ? fmt::format("a slice that refers to missing parameter sets (PPS {})", *pps_id)
                        : std::string("a slice header that does not parse"),
                    where);
    open_.unit.bytes += nal.size;
    return;
  }
  if (open_.picture && slice->first_macroblock == 0) {
    const bool other_field = open_.single_field && slice->field && slice->bottom != open_.first.bottom &&
                             slice->frame_num == open_.first.frame_num;
    if (other_field) {
      absorb_next();
      open_.single_field = false;
      (void)order_.next(*slice, header, sps->second);
    } else if (byte_stream_) {
      if (!next_.any) begin_next(nal);
      Open begun = std::exchange(next_, Open{});
      end_unit();
      open_ = std::move(begun);
      take_picture(header, *slice, sps->second);
    } else {
      log_.double_units.add(where);
    }
  } else if (!open_.picture) {
    if (!open_.any && byte_stream_) {
      begin_next(nal);
      open_ = std::exchange(next_, Open{});
    }
    if (slice->first_macroblock != 0) log_.add_damage("a picture whose first slice is missing", where);
    take_picture(header, *slice, sps->second);
  } else if (next_.any) {
    absorb_next();
  }
  open_.any = true;
  open_.unit.bytes += nal.size;
}

void AvcReader::take_picture(const NalHeader& header, const avc::Slice& slice, const avc::Sps& sps) {
  open_.picture = true;
  open_.first = slice;
  open_.single_field = slice.field;
  open_.unit.key = header.type == avc::kIdrSlice;
  open_.unit.open_key = !open_.unit.key && open_.recovery_point;
  const avc::PictureOrder::Order order = order_.next(slice, header, sps);
  open_.unit.order = order.count;
  open_.unit.epoch = order.epoch;
  if (!byte_stream_) return;
  bool taken = false;
  while (!marks_.empty() && marks_.front().position <= open_.position) {
    if (taken) log_.marks_without_unit.add({log_.unit_count, open_.unit.byte});
    taken = true;
    apply(open_, marks_.front().start);
    marks_.pop_front();
  }
}

void AvcReader::end_unit() {
  const Open done = std::exchange(open_, Open{});
  if (!done.any) return;
  const Place where = {log_.unit_count, done.unit.byte};
  if (!done.picture) {
    log_.empty_units.add(where);
    log_.bytes += done.unit.bytes;
    return;
  }
  if (!done.delimiter) log_.delimiter_missing.add(where);
  const bool random_access = done.unit.key || done.unit.open_key;
  if (random_access && !(done.sps && done.pps)) {
    if (log_.parameter_sets_missing_at_key.count == 0) log_.first_missing = done.sps ? "PPS" : "SPS";
    log_.parameter_sets_missing_at_key.add(where);
  }
  const auto note = [&](auto& log, const auto& value) {
    if (!value) {
      if (random_access) log.missing_at_key.add(where);
      return;
    }
    if (!log.value) {
      log.value = value;
      log.first = where;
    } else if (!(*log.value == *value)) {
      log.changed.add(where);
    }
    if (random_access) ++log.at_key;
  };
  note(log_.mastering_display, done.mastering_display);
  note(log_.content_light, done.content_light);
  log_.add_unit(done.unit, done.marked);
}

}  // namespace jinsha::verify
