#include "verify/av1_reader.h"

#include <fmt/core.h>

#include <algorithm>

#include "verify/captions.h"

#include "verify/nal_splitter.h"

namespace jinsha::verify {

using namespace av1;

void Av1Reader::open_unit(const UnitStart& start) {
  end_obus(start.byte);
  end_unit();
  open_.any = true;
  open_.unit.byte = start.byte;
  open_.unit.pts = start.pts;
  open_.unit.dts = start.dts;
  open_.marked = start.key;
}

void Av1Reader::data(ByteView bytes, std::int64_t byte) {
  std::size_t at = 0;
  while (at < bytes.size() && !lost_) {
    const std::int64_t here = byte + static_cast<std::int64_t>(at);
    switch (state_) {
      case State::kHeader:
        obu_byte_ = here;
        first_ = bytes[at++];
        prefix_.clear();
        size_ = size_read_ = 0;
        size_bytes_ = 0;
        header_bytes_ = 1;
        if ((first_ & 0x80) != 0 || (first_ & 2) == 0) {
          log_.add_damage("an OBU without a size or with a forbidden bit", place());
          lost_ = true;
        }
        state_ = (first_ & 4) != 0 ? State::kExtension : State::kSize;
        break;
      case State::kExtension:
        second_ = bytes[at++];
        ++header_bytes_;
        state_ = State::kSize;
        break;
      case State::kSize: {
        const std::int64_t value = bytes[at++];
        size_ |= (value & 0x7F) << (7 * size_bytes_);
        ++size_bytes_;
        ++header_bytes_;
        if ((value & 0x80) == 0) {
          state_ = State::kPayload;
          if (size_ == 0) obu();
        } else if (size_bytes_ >= 5) {
          log_.add_damage("an OBU size of more than 32 bits", place());
          lost_ = true;
        }
        break;
      }
      case State::kPayload: {
        const auto take = static_cast<std::size_t>(
            std::min<std::int64_t>(size_ - size_read_, static_cast<std::int64_t>(bytes.size() - at)));
        const ByteView piece = bytes.subspan(at, std::min(take, kMaxPrefix - prefix_.size()));
        prefix_.insert(prefix_.end(), piece.begin(), piece.end());
        size_read_ += static_cast<std::int64_t>(take);
        at += take;
        if (size_read_ == size_) obu();
        break;
      }
    }
  }
  if (lost_) open_.unit.bytes += static_cast<std::int64_t>(bytes.size() - at);
}

void Av1Reader::end_obus(std::int64_t byte) {
  if (state_ != State::kHeader && !lost_) {
    log_.add_damage("a temporal unit that ends inside an OBU", {log_.unit_count, byte});
  }
  state_ = State::kHeader;
  if (!delimited_) lost_ = false;
}

void Av1Reader::finish() {
  end_obus(obu_byte_);
  end_unit();
}

void Av1Reader::configuration(ByteView bytes, std::int64_t byte) {
  data(bytes, byte);
  end_obus(byte);
  lost_ = false;
  configured_mastering_display_ = open_.mastering_display;
  configured_content_light_ = open_.content_light;
  open_ = Open{};
}

void Av1Reader::obu() {
  state_ = State::kHeader;
  const auto header = parse_obu_header(first_, second_);
  if (!header) return;
  if (header->type == kTemporalDelimiter) {
    if (delimited_) {
      end_unit();
      open_.unit.byte = obu_byte_;
    } else if (open_.unit.bytes > 0) {
      log_.double_units.add(place());
    }
    open_.delimiter = true;
  } else if (delimited_ && !open_.delimiter && !open_.any) {
    log_.add_damage("an OBU before the first temporal delimiter", place());
  }
  open_.any = true;
  open_.unit.bytes += header_bytes_ + size_;
  switch (header->type) {
    case kSequenceHeader: {
      open_.sequence = true;
      const auto parsed = parse_sequence_header(prefix_);
      if (!parsed) {
        log_.add_damage("a sequence header that does not parse", place());
        break;
      }
      sequence_ = parsed;
      log_.has_sps = true;
      log_.add_sequence(parsed->info, prefix_, place());
      break;
    }
    case kFrame:
    case kFrameHeader: frame(prefix_, place()); break;
    case kMetadata: metadata(prefix_, place()); break;
    default: break;
  }
}

void Av1Reader::frame(ByteView payload, const Place& where) {
  if (!sequence_) {
    log_.add_damage("a frame before any sequence header", where);
    return;
  }
  const auto start = parse_frame_start(payload, *sequence_);
  if (!start) {
    log_.add_damage("a frame header that does not parse", where);
    return;
  }
  const bool shown = start->show_existing_frame || start->show_frame;
  if (shown) ++open_.shown;
  if (start->type != FrameType::kKey || start->show_existing_frame) return;
  if (start->show_frame) {
    open_.unit.key = true;
  } else {
    open_.hidden_key = true;
  }
}

void Av1Reader::metadata(ByteView payload, const Place& where) {
  BitReader reader(payload);
  const std::uint64_t type = reader.leb128();
  if (!reader.ok()) {
    log_.add_damage("a metadata OBU that does not parse", where);
    return;
  }
  const ByteView body = payload.subspan(reader.position() / 8);
  bool parsed = true;
  if (type == kHdrCll) {
    open_.content_light = parse_cll(body);
    parsed = open_.content_light.has_value();
  } else if (type == kItutT35) {
    const auto captions = read_captions(body, open_.unit.captions);
    parsed = captions.has_value();
    open_.unit.captions = captions.value_or(open_.unit.captions);
  } else if (type == kHdrMdcv) {
    open_.mastering_display = parse_mdcv(body);
    parsed = open_.mastering_display.has_value();
  }
  if (!parsed) log_.add_damage(fmt::format("a metadata OBU of type {} that does not parse", type), where);
}

void Av1Reader::end_unit() {
  if (!open_.any) return;
  const Place where = {log_.unit_count, open_.unit.byte};
  AccessUnit& unit = open_.unit;
  if (open_.shown == 0) {
    log_.empty_units.add(where);
  } else if (open_.shown > 1) {
    log_.double_units.add(where);
  }
  if (open_.hidden_key) {
    if (log_.open_pictures.count == 0) log_.first_open = "a key frame that is not shown at once";
    log_.open_pictures.add(where);
  }
  if (delimited_ && !open_.delimiter) log_.delimiter_missing.add(where);
  if (unit.key && !open_.sequence) {
    if (log_.parameter_sets_missing_at_key.count == 0) log_.first_missing = "sequence header";
    log_.parameter_sets_missing_at_key.add(where);
  }
  const auto note = [&](auto& log, const auto& in_band, const auto& configured) {
    const auto& value = in_band ? in_band : configured;
    if (value) {
      if (!log.value) {
        log.value = value;
        log.first = where;
      } else if (!(*log.value == *value)) {
        log.changed.add(where);
      }
      if (unit.key) ++log.at_key;
    } else if (unit.key) {
      log.missing_at_key.add(where);
    }
  };
  note(log_.av1_mastering_display, open_.mastering_display, configured_mastering_display_);
  note(log_.content_light, open_.content_light, configured_content_light_);
  if (open_.shown > 0) {
    unit.order = static_cast<std::int32_t>(log_.unit_count & 0x7FFFFFFF);
    log_.add_unit(unit, open_.marked);
  } else {
    log_.bytes += unit.bytes;
  }
  open_ = Open{};
}

}  // namespace jinsha::verify
