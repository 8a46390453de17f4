#include "input/copy_source.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

#include "input/cadence.h"
#include "input/lavf_demux.h"
#include "input/lavf_probe.h"
#include "input/output_order.h"
#include "input/side_tracks.h"
#include "libav/annexb_filter.h"
#include "libav/color.h"
#include "libav/picture_parser.h"

namespace jinsha {
namespace {

using libav::ParsedPicture;

class CopySource final : public Source {
 public:
  CopySource(std::unique_ptr<LavfDemux> demux, LavfProbe probe, libav::AnnexbFilter filter, libav::PictureParser parser,
             bool use_audio, const Log& log)
      : demux_(std::move(demux)),
        probe_(std::move(probe)),
        filter_(std::move(filter)),
        parser_(std::move(parser)),
        log_(log),
        tracks_(*demux_, probe_.info, probe_.strip_adts, use_audio, [this](std::string_view what) {
          ++counters_.packets_corrupt;
          note_damage(std::string(what));
        }) {
    demux_->select(use_audio);
    source_base_ = libav::to_rational(demux_->video()->time_base);
    SourceVideo& video = probe_.info.video;
    headers_ = filter_.headers();
    delay_ = probe_.reorder_frames;
    timed_ = demux_->has_timestamps();
    on_grid_ = !timed_ || !video.variable_rate;
    video.packet_time_base = on_grid_ ? video.frame_rate.inverse() : source_base_;
  }

  const SourceInfo& info() const override { return probe_.info; }
  FrameLayout layout() const override { return probe_.layout; }
  int max_held_frames() const override { return 0; }
  std::uint64_t memory_bytes() const override { return probe_.decoder_bytes; }
  const SourceCounters& counters() const override { return counters_; }
  void keep_sound_before(double seconds) override { tracks_.keep_before(seconds); }

  Status start(FramePool, std::stop_token stop, std::int64_t, std::int64_t) override {
    demux_->bind(std::move(stop));
    return {};
  }

  Result<Item> next() override {
    while (ready_.empty()) {
      if (done_) return Item(EndOfStream{});
      JINSHA_TRY(read_on());
    }
    Item item = std::move(ready_.front());
    ready_.pop_front();
    return item;
  }

 private:
  // A coded frame, or a field that waits for the other one.
  struct Unit {
    std::vector<std::uint8_t> bytes;
    ParsedPicture picture;
    bool key = false;
    std::int64_t pts = AV_NOPTS_VALUE, dts = AV_NOPTS_VALUE, duration = 0;  // of the source
  };

  Status read_on() {
    JINSHA_ASSIGN(const libav::PacketPtr packet, demux_->read());
    if (demux_->read_failures() != read_failures_) {
      counters_.packets_corrupt += demux_->read_failures() - read_failures_;
      read_failures_ = demux_->read_failures();
      note_damage("the container is damaged");
    }
    if (!packet) return end();
    if (packet->stream_index == demux_->video()->index) return take(*packet);
    tracks_.take(packet, ready_);
    return {};
  }

  Status end() {
    done_ = true;
    if (unit_) JINSHA_TRY(pass_on(*std::exchange(unit_, std::nullopt)));
    order_.end();
    if (!waiting_.empty()) JINSHA_TRY(begun_ ? pass_waiting() : begin());
    if (counters_.frames_delivered > 0) return {};
    return make_error(ErrorCode::kInput, "{}: no picture that could be copied: no random access point was found",
                      demux_->name());
  }

  Status take(const AVPacket& packet) {
    if ((packet.flags & AV_PKT_FLAG_CORRUPT) != 0) {
      ++counters_.packets_corrupt;
      note_damage("a video packet is corrupt");
    }
    if ((packet.flags & AV_PKT_FLAG_DISCARD) != 0 && counters_.late_losses.empty()) {
      counters_.late_losses.emplace_back(
          "the edit list of the source, which hides some of its pictures: they are copied and shown");
    }
    const bool key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
    libav::AnnexbUnit coded = filter_.access_unit({packet.data, static_cast<std::size_t>(packet.size)});
    if (coded.damaged || coded.empty_units > 0) {
      ++counters_.packets_corrupt;
      note_damage(coded.damaged ? "a picture that is cut short" : "a NAL unit without content, which is left out,");
    }
    const ParsedPicture picture = parser_.parse(packet, coded.bytes);
    if (!picture.complete) {
      ++counters_.frames_undecodable;
      note_damage("a packet without a picture");
      return {};
    }
    Unit unit{.bytes = std::move(coded.bytes),
              .picture = picture,
              .key = key,
              .pts = packet.pts,
              .dts = packet.dts,
              .duration = packet.duration};
    if (unit_ && completes(unit)) {
      unit_->bytes.insert(unit_->bytes.end(), unit.bytes.begin(), unit.bytes.end());
      unit_->picture.kind = ParsedPicture::Kind::kFrame;
      unit_->duration += unit.duration;
      return {};
    }
    if (unit_) JINSHA_TRY(pass_on(*std::exchange(unit_, std::nullopt)));
    unit_ = std::move(unit);
    return {};
  }

  // The second field of the frame at hand.
  bool completes(const Unit& second) const {
    using Kind = ParsedPicture::Kind;
    const Kind a = unit_->picture.kind, b = second.picture.kind;
    return (a == Kind::kTopField && b == Kind::kBottomField) || (a == Kind::kBottomField && b == Kind::kTopField);
  }

  Status pass_on(Unit unit) {
    ++counters_.frames_decoded;
    if (leads(unit)) {
      ++counters_.frames_before_key;
      return {};
    }
    ++counters_.frames_delivered;
    // AV1: encoders decide on their tools with the first picture, containers are told before.
    const bool av1 = probe_.info.video.codec == Codec::kAv1;
    if (counters_.frames_delivered == 1 && (av1 || !headers_ || headers_->empty()))
      headers_ = filter_.headers_in(unit.bytes);
    if (timed_) {
      close_jump(unit);
    } else {
      order_.add(unit.picture.order_count, unit.picture.sequence_start);
    }
    waiting_.push_back(std::move(unit));
    if (begun_) return pass_waiting();
    return waiting_.size() > OutputOrder::kMostReordered ? begin() : Status();
  }

  // Nothing before the first random access point can be decoded, nor what is shown before it but follows it.
  bool leads(const Unit& unit) {
    if (unit.key && !started_) {
      started_ = true;
      first_key_ = unit.picture.order_count;
      leading_ = !unit.picture.sequence_start && probe_.info.video.codec != Codec::kAv1;
      return false;
    }
    if (!started_) return true;
    if (unit.key) leading_ = false;
    if (probe_.info.video.codec == Codec::kAvc) return leading_ && unit.picture.order_count < first_key_;
    return leading_ && unit.picture.undecodable_lead;
  }

  // A clock that jumps goes on as if it had not.
  void close_jump(Unit& unit) {
    if (!demux_->clock_may_jump() || unit.dts == AV_NOPTS_VALUE) return;
    const std::int64_t second = rescale(1, {1, 1}, source_base_);
    const std::int64_t frame = rescale(1, probe_.info.video.frame_rate.inverse(), source_base_);
    const std::int64_t step = last_source_dts_ ? unit.dts - jumped_ - *last_source_dts_ - frame : 0;
    const bool jump = step > Cadence::kMaxGapS * second || step < -Cadence::kMaxBackS * second;
    if (jump) {
      jumped_ += step;
      ++counters_.timestamp_jumps;
      note_damage(fmt::format("the timestamps jump by {:+.3f} s; the gap is closed up",
                              static_cast<double>(step) * source_base_.to_double()));
      tracks_.set_jump(jumped_);
    }
    unit.dts -= jumped_;
    if (unit.pts != AV_NOPTS_VALUE) unit.pts -= jumped_;
    last_source_dts_ = unit.dts;
  }

  // Enough pictures are known to tell which is shown first and by how many they are reordered.
  Status begin() {
    begun_ = true;
    for (const Unit& unit : waiting_) {
      if (unit.pts != AV_NOPTS_VALUE) zero_ = std::min(zero_.value_or(unit.pts), unit.pts);
    }
    if (!zero_) zero_ = 0;
    if (timed_) {
      for (std::size_t i = 0; i < waiting_.size(); ++i) {
        const auto later = std::count_if(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(i),
                                         [&](const Unit& unit) { return unit.pts > waiting_[i].pts; });
        delay_ = std::max(delay_, static_cast<std::int64_t>(later));
      }
    }
    ready_.emplace_back(StreamInfo(describe()));
    tracks_.begin(*zero_, *zero_, std::nullopt, source_base_, ready_);
    return pass_waiting();
  }

  VideoStreamInfo describe() const {
    const SourceVideo& from = probe_.info.video;
    VideoStreamInfo video;
    video.codec = from.codec;
    video.width = from.width;
    video.height = from.height;
    video.format = from.format;
    video.frame_rate = from.frame_rate;
    video.time_base = from.packet_time_base;
    video.sample_aspect = from.sample_aspect;
    video.color = from.color;
    video.hdr = from.hdr;
    video.headers = headers_;
    video.reorder_frames = static_cast<int>(delay_);
    return video;
  }

  Status pass_waiting() {
    while (!waiting_.empty()) {
      std::int64_t pts = 0;
      if (!timed_) {
        const std::optional<std::int64_t> shown = order_.take();
        if (!shown) return {};
        pts = *shown;
      } else if (waiting_.front().pts != AV_NOPTS_VALUE) {
        pts = rescale(waiting_.front().pts - *zero_, source_base_, probe_.info.video.packet_time_base);
      } else {
        pts = last_pts_ + frame_ticks();
      }
      Unit unit = std::move(waiting_.front());
      waiting_.pop_front();
      JINSHA_TRY(emit(std::move(unit), pts));
    }
    return {};
  }

  std::int64_t frame_ticks() const {
    const SourceVideo& video = probe_.info.video;
    return std::max<std::int64_t>(1, rescale(1, video.frame_rate.inverse(), video.packet_time_base));
  }

  // Decoding times are those of the pictures shown as many pictures earlier as they are reordered by: containers
  // leave them out or have them wrong.
  Status emit(Unit unit, std::int64_t pts) {
    last_pts_ = pts;
    not_decoded_.insert(pts);
    std::int64_t dts = 0;
    if (passed_ < delay_) {
      dts = (passed_ - delay_) * frame_ticks();
    } else {
      dts = *not_decoded_.begin();
      not_decoded_.erase(not_decoded_.begin());
    }
    if (passed_ > 0 && dts <= last_dts_) dts = last_dts_ + 1;
    ++passed_;
    last_dts_ = dts;
    if (dts > pts) {
      return make_error(ErrorCode::kInput,
                        "{}: picture {} would be shown before it is decoded: its time is damaged, or the pictures are "
                        "reordered by more than the {} that the stream announces; encode it anew",
                        demux_->name(), passed_, delay_);
    }
    if (demux_->clock_may_jump())
      tracks_.set_video_time(rescale(dts, probe_.info.video.packet_time_base, source_base_));
    Packet packet;
    packet.data = make_bytes(std::move(unit.bytes));
    packet.pts = pts;
    packet.dts = dts;
    packet.duration = on_grid_ ? 1 : unit.duration;
    packet.key = unit.key;
    ready_.emplace_back(std::move(packet));
    return {};
  }

  void note_damage(std::string what) {
    if (!counters_.first_damage.empty()) return;
    what += fmt::format(" after {} pictures", counters_.frames_delivered);
    log_.warning("{}: {}", demux_->name(), what);
    counters_.first_damage = std::move(what);
  }

  std::unique_ptr<LavfDemux> demux_;
  LavfProbe probe_;
  libav::AnnexbFilter filter_;
  libav::PictureParser parser_;
  Log log_;
  SideTracks tracks_;

  Rational source_base_{1, 90'000};
  bool timed_ = true;    // the source says when each picture is shown
  bool on_grid_ = true;  // packets are placed on the frame rate's grid; else they keep their own times
  std::optional<Unit> unit_;
  bool started_ = false;
  bool leading_ = false;  // between an open random access point at the start and the next one
  std::int64_t first_key_ = 0;
  bool begun_ = false;                // the first pictures are known, and with them:
  std::optional<std::int64_t> zero_;  // the time of the one shown first, on the source's clock
  std::int64_t delay_ = 0;            // pictures that are decoded before one they are shown after, at most
  Bytes headers_;
  std::int64_t jumped_ = 0;
  std::optional<std::int64_t> last_source_dts_;
  OutputOrder order_;
  std::deque<Unit> waiting_;            // until their times are known
  std::set<std::int64_t> not_decoded_;  // times of pictures passed on that no picture was decoded at yet
  std::int64_t passed_ = 0, last_pts_ = 0, last_dts_ = 0;
  std::int64_t read_failures_ = 0;

  std::deque<Item> ready_;
  bool done_ = false;
  SourceCounters counters_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_copy_source(const SourceSpec& spec, InputFile file, const Log& log) {
  JINSHA_ASSIGN(std::unique_ptr<LavfDemux> demux, LavfDemux::open(std::move(file), spec));
  SourceSpec as_coded = spec;
  as_coded.deinterlace = Deinterlace::kOff;
  JINSHA_ASSIGN(LavfProbe probe, probe_lavf(*demux, as_coded));
  const Codec codec = probe.info.video.codec;
  if (codec != Codec::kHevc && codec != Codec::kAvc && codec != Codec::kAv1) {
    return make_error(ErrorCode::kInput,
                      "{}: --encoder copy passes HEVC, AVC and AV1 on, this is {}; choose an encoder", demux->name(),
                      probe.info.video.codec_name);
  }
  if (spec.frame_rate.valid() && demux->has_timestamps()) {
    return make_error(ErrorCode::kUsage, "--fps: copied pictures keep the times that {} gives them; leave --fps out",
                      demux->name());
  }
  // What decoding would have lost or converted stays as it is.
  probe.info.losses.clear();
  probe.info.converted.clear();
  JINSHA_ASSIGN(libav::AnnexbFilter filter, libav::AnnexbFilter::open(*demux->video()));
  JINSHA_ASSIGN(libav::PictureParser parser, libav::PictureParser::open(*demux->video()));
  return std::unique_ptr<Source>(std::make_unique<CopySource>(std::move(demux), std::move(probe), std::move(filter),
                                                              std::move(parser), spec.use_audio, log));
}

}  // namespace jinsha
