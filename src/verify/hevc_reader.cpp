#include "verify/hevc_reader.h"

#include <fmt/core.h>

#include <algorithm>

#include "verify/captions.h"

namespace jinsha::verify {
namespace {

using hevc::NalHeader;

constexpr std::size_t kMaxMarks = 4096;
// Slice headers are read from the first bytes of a slice: what is needed lies within 40.
constexpr std::size_t kSliceBytes = 64;
constexpr unsigned kSeiBufferingPeriod = 0, kSeiPictureTiming = 1, kSeiT35 = 4, kSeiMasteringDisplay = 137,
                   kSeiContentLight = 144, kSeiAlternativeTransfer = 147;

// NAL units that open the next access unit when a picture has been seen, 7.4.2.4.4.
bool starts_unit(unsigned type) {
  return (type >= hevc::kVps && type <= hevc::kAud) || type == hevc::kPrefixSei || (type >= 41 && type <= 44) ||
         (type >= 48 && type <= 55);
}

}  // namespace

HevcReader::HevcReader(Framing framing, unsigned length_bytes, VideoLog& log)
    : log_(log),
      byte_stream_(framing == Framing::kByteStream),
      stream_([this](const NalUnit& unit) { nal(unit); }),
      lengths_(length_bytes, [this](const NalUnit& unit) { nal(unit); }) {}

void HevcReader::open_unit(const UnitStart& start) {
  if (byte_stream_) {
    if (marks_.size() >= kMaxMarks) marks_.pop_front();
    marks_.push_back({stream_.position(), start});
    return;
  }
  if (!lengths_.end_sample()) log_.add_damage("a sample that ends inside a NAL unit", place(start.byte));
  if (open_.any) end_unit();
  open_ = Open{};
  apply(start);
}

void HevcReader::apply(const UnitStart& start) {
  open_.unit.byte = start.byte;
  open_.unit.pts = start.pts;
  open_.unit.dts = start.dts;
  open_.marked = start.key;
}

void HevcReader::data(ByteView bytes, std::int64_t byte) {
  if (byte_stream_) {
    stream_.data(bytes, byte);
  } else {
    lengths_.data(bytes, byte);
  }
}

void HevcReader::finish() {
  if (byte_stream_) {
    stream_.finish();
    if (stream_.garbage() > 0) {
      log_.add_damage(fmt::format("{} bytes before the first start code", stream_.garbage()), Place{});
    }
  } else if (!lengths_.end_sample()) {
    log_.add_damage("a sample that ends inside a NAL unit", place(open_.unit.byte));
  }
  if (open_.any) end_unit();
  open_ = Open{};
}

void HevcReader::configuration(ByteView bytes, std::int64_t byte) {
  const auto header = hevc::parse_nal_header(bytes);
  if (!header) {
    log_.add_damage("a damaged NAL unit in the decoder configuration", {-1, byte});
    return;
  }
  const auto rbsp = remove_emulation_prevention(bytes.subspan(2));
  if (header->type >= hevc::kVps && header->type <= hevc::kPps) {
    parameter_set(header->type, {bytes, static_cast<std::int64_t>(bytes.size()), 0, byte}, rbsp, {-1, byte});
  } else if (header->type == hevc::kPrefixSei) {
    sei(rbsp, {-1, byte});
    configured_mastering_display_ = open_.mastering_display;
    configured_content_light_ = open_.content_light;
  }
}

void HevcReader::take_mark() {
  bool taken = false;
  while (!marks_.empty() && marks_.front().position <= open_.position) {
    if (taken) log_.marks_without_unit.add({log_.unit_count, open_.unit.byte});
    taken = true;
    apply(marks_.front().start);
    marks_.pop_front();
  }
}

void HevcReader::start_unit(const NalUnit& nal) {
  if (open_.any) end_unit();
  open_ = Open{};
  open_.position = nal.position;
  open_.unit.byte = nal.byte;
  take_mark();
}

void HevcReader::nal(const NalUnit& nal) {
  const auto header = hevc::parse_nal_header(nal.prefix);
  if (!header) {
    log_.add_damage("a NAL unit without a valid header", place(nal.byte));
    return;
  }
  std::vector<std::uint8_t> rbsp;
  bool first_slice = false;
  if (header->vcl() && header->layer == 0) {
    rbsp = remove_emulation_prevention(nal.prefix.subspan(2, std::min(nal.prefix.size() - 2, kSliceBytes)));
    first_slice = !rbsp.empty() && (rbsp[0] & 0x80) != 0;
  }
  if (byte_stream_) {
    const bool boundary = header->layer == 0 && open_.picture && (first_slice || starts_unit(header->type));
    if (!open_.any || boundary) start_unit(nal);
  } else if (first_slice && open_.picture) {
    log_.double_units.add(place(nal.byte));
  }
  const bool first = !open_.any;
  open_.any = true;
  open_.unit.bytes += nal.size;
  if (header->layer != 0) return;
  if (first && header->type == hevc::kAud) open_.delimiter = true;
  if (header->vcl()) {
    slice(*header, rbsp, place(nal.byte));
  } else if (header->type == hevc::kFiller) {
    ++log_.filler_units;
    log_.filler_bytes += nal.size;
  } else if (header->type == hevc::kPrefixSei || (header->type >= hevc::kVps && header->type <= hevc::kPps)) {
    if (nal.size > static_cast<std::int64_t>(nal.prefix.size())) {
      log_.add_damage(fmt::format("a NAL unit of type {} with {} bytes", header->type, nal.size), place(nal.byte));
      return;
    }
    rbsp = remove_emulation_prevention(nal.prefix.subspan(2));
    if (header->type == hevc::kPrefixSei) {
      sei(rbsp, place(nal.byte));
    } else {
      parameter_set(header->type, nal, rbsp, place(nal.byte));
    }
  }
}

void HevcReader::parameter_set(unsigned type, const NalUnit& nal, ByteView rbsp, const Place& where) {
  if (type == hevc::kVps) {
    open_.vps = log_.has_vps = true;
    if (const auto vps = hevc::parse_vps(rbsp)) {
      vps_[vps->id] = *vps;
    } else {
      log_.add_damage("a VPS that does not parse", where);
    }
  } else if (type == hevc::kSps) {
    open_.sps = log_.has_sps = true;
    const auto sps = hevc::parse_sps(rbsp);
    if (!sps) {
      log_.add_damage("an SPS that does not parse", where);
      return;
    }
    const auto slot = sps_.try_emplace(sps->id).first;
    if (active_ == &slot->second && !(slot->second.info == sps->info)) cpb_.reset();
    slot->second = *sps;
    log_.add_sequence(sps->info, {nal.prefix.begin(), nal.prefix.end()}, where);
    const auto vps = vps_.find(sps->vps_id);
    if (vps != vps_.end() && !(vps->second.ptl == sps->ptl)) {
      if (log_.vps_differs.count == 0) {
        log_.first_vps_difference =
            fmt::format("VPS level_idc {} tier {} profile {}, SPS level_idc {} tier {} profile {}",
                        vps->second.ptl.level_idc, static_cast<int>(vps->second.ptl.tier), vps->second.ptl.profile_idc,
                        sps->ptl.level_idc, static_cast<int>(sps->ptl.tier), sps->ptl.profile_idc);
      }
      log_.vps_differs.add(where);
    }
  } else {
    open_.pps = log_.has_pps = true;
    if (const auto pps = hevc::parse_pps(rbsp)) {
      pps_[pps->id] = *pps;
    } else {
      log_.add_damage("a PPS that does not parse", where);
    }
  }
}

void HevcReader::slice(const NalHeader& header, ByteView rbsp, const Place& where) {
  const auto start = hevc::parse_slice_start(rbsp, header);
  if (!start) {
    log_.add_damage("a slice segment header that does not parse", where);
    return;
  }
  if (!start->first_in_picture) {
    if (!open_.picture) {
      log_.add_damage("a picture whose first slice segment is missing", where);
      open_.picture = true;
      open_.vcl_type = header.type;
    } else if (header.type != open_.vcl_type) {
      log_.add_damage("slice segments of different types in one picture", where);
    }
    return;
  }
  open_.picture = true;
  open_.vcl_type = header.type;
  open_.unit.key = header.idr();
  open_.unit.open_key = header.irap() && !header.idr();
  if (open_.unit.open_key || header.rasl()) {
    if (log_.open_pictures.count == 0) {
      log_.first_open = header.rasl()               ? "a RASL picture"
                        : header.type == hevc::kCra ? "a CRA picture"
                                                    : "a BLA picture";
    }
    log_.open_pictures.add(where);
  }
  const auto pps = pps_.find(start->pps_id);
  const auto sps = pps == pps_.end() ? sps_.end() : sps_.find(pps->second.sps_id);
  if (sps == sps_.end()) {
    log_.add_damage(fmt::format("a slice that refers to missing parameter sets (PPS {})", start->pps_id), where);
    return;
  }
  if (header.irap() && (active_ != &sps->second || !cpb_)) {
    active_ = &sps->second;
    cpb_.reset();
    const SequenceInfo& info = sps->second.info;
    if (info.hrd && info.hrd->nal && info.time_scale > 0) {
      cpb_ = std::make_unique<CpbReplay>(*info.hrd, Rational{info.units_in_tick, info.time_scale}, log_.cpb);
    }
  }
  const auto full = hevc::parse_slice(rbsp, header, pps->second, sps->second);
  if (!full) {
    log_.add_damage("a slice segment header that does not parse", where);
    return;
  }
  picture_order(header, full->poc_lsb, sps->second.poc_lsb_bits);
}

// PicOrderCntVal, 8.3.1.
void HevcReader::picture_order(const NalHeader& header, std::uint32_t poc_lsb, unsigned lsb_bits) {
  std::int32_t msb = 0;
  const auto lsb = static_cast<std::int32_t>(poc_lsb);
  if (header.idr() || (header.irap() && header.type != hevc::kCra)) {
    ++epoch_;
  } else if (log_.unit_count > 0) {
    const std::int32_t range = 1 << lsb_bits;
    const std::int32_t previous_lsb = previous_poc_ & (range - 1);
    msb =
        static_cast<std::int32_t>(static_cast<std::uint32_t>(previous_poc_) - static_cast<std::uint32_t>(previous_lsb));
    if (lsb < previous_lsb && previous_lsb - lsb >= range / 2) {
      msb = static_cast<std::int32_t>(static_cast<std::uint32_t>(msb) + static_cast<std::uint32_t>(range));
    } else if (lsb > previous_lsb && lsb - previous_lsb > range / 2) {
      msb = static_cast<std::int32_t>(static_cast<std::uint32_t>(msb) - static_cast<std::uint32_t>(range));
    }
  }
  const auto poc = static_cast<std::int32_t>(static_cast<std::uint32_t>(msb) + poc_lsb);
  open_.unit.order = poc;
  open_.unit.epoch = epoch_;
  const bool sub_layer_non_reference = header.type <= 14 && header.type % 2 == 0;
  if (header.temporal_id == 0 && !header.rasl() && !header.radl() && !sub_layer_non_reference) previous_poc_ = poc;
}

void HevcReader::sei(ByteView rbsp, const Place& where) {
  const auto messages = hevc::parse_sei(rbsp);
  if (!messages) {
    log_.add_damage("an SEI NAL unit that does not parse", where);
    return;
  }
  // Messages before the first slice belong to the SPS it will activate: the last one of one stream.
  const hevc::Sps* sps = active_ != nullptr ? active_ : sps_.empty() ? nullptr : &sps_.begin()->second;
  const HrdInfo* hrd = sps != nullptr && sps->info.hrd ? &*sps->info.hrd : nullptr;
  for (const hevc::SeiMessage& message : *messages) {
    bool parsed = true;
    switch (message.type) {
      case kSeiBufferingPeriod:
        if (hrd != nullptr) parsed = (open_.period = hevc::parse_buffering_period(message.payload, *hrd)).has_value();
        break;
      case kSeiPictureTiming:
        if (hrd != nullptr) {
          open_.timing = hevc::parse_picture_timing(message.payload, *hrd, sps->frame_field_info);
          parsed = open_.timing.has_value();
        }
        break;
      case kSeiMasteringDisplay:
        open_.mastering_display = hevc::parse_mastering_display(message.payload);
        parsed = open_.mastering_display.has_value();
        break;
      case kSeiContentLight:
        open_.content_light = hevc::parse_content_light(message.payload);
        parsed = open_.content_light.has_value();
        break;
      case kSeiT35:
        if (const auto captions = read_captions(message.payload, open_.unit.captions)) {
          open_.unit.captions = *captions;
        } else {
          parsed = false;
        }
        break;
      case kSeiAlternativeTransfer:
        parsed = !message.payload.empty();
        if (parsed) log_.alternative_transfer = message.payload[0];
        break;
      default: break;
    }
    if (!parsed) log_.add_damage(fmt::format("an SEI message of type {} that does not parse", message.type), where);
  }
}

void HevcReader::log_metadata(const Place& where) {
  const bool random_access = open_.unit.key || open_.unit.open_key;
  const auto note = [&](auto& log, const auto& in_band, const auto& configured) {
    const auto& value = in_band ? in_band : configured;
    if (value) {
      if (!log.value) {
        log.value = value;
        log.first = where;
      } else if (!(*log.value == *value)) {
        log.changed.add(where);
      }
      if (random_access) ++log.at_key;
    } else if (random_access) {
      log.missing_at_key.add(where);
    }
  };
  note(log_.mastering_display, open_.mastering_display, configured_mastering_display_);
  note(log_.content_light, open_.content_light, configured_content_light_);
}

void HevcReader::end_unit() {
  AccessUnit& unit = open_.unit;
  const Place where = {log_.unit_count, unit.byte};
  if (!open_.picture) {
    log_.empty_units.add(where);
    log_.bytes += unit.bytes;
    return;
  }
  const bool random_access = unit.key || unit.open_key;
  if (!open_.delimiter) log_.delimiter_missing.add(where);
  if (random_access && !(open_.vps && open_.sps && open_.pps)) {
    if (log_.parameter_sets_missing_at_key.count == 0) {
      log_.first_missing =
          fmt::format("{}{}{}", open_.vps ? "" : "VPS ", open_.sps ? "" : "SPS ", open_.pps ? "" : "PPS ");
      log_.first_missing.pop_back();
    }
    log_.parameter_sets_missing_at_key.add(where);
  }
  log_metadata(where);
  if (active_ != nullptr && active_->info.hrd) {
    if (random_access && !open_.period) log_.buffering_period_missing.add(where);
    if (!open_.timing) log_.picture_timing_missing.add(where);
  }
  if (cpb_) cpb_->unit(where, unit.bytes, open_.period, open_.timing);
  log_.add_unit(unit, open_.marked);
}

}  // namespace jinsha::verify
