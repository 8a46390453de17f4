// Over 400 lines: one class, the order of whose steps is its subject.
#include "input/lavf_source.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
}

#include <algorithm>
#include <cmath>
#include <deque>
#include <set>
#include <utility>

#include "input/cadence.h"
#include "input/caption_queue.h"
#include "input/lavf_demux.h"
#include "input/lavf_probe.h"
#include "input/leading_pictures.h"
#include "input/side_tracks.h"
#include "input/unpack.h"
#include "input/video_decoder.h"
#include "libav/color.h"
#include "libav/error.h"
#include "libav/frame_flags.h"
#include "libav/picture_filter.h"
#include "libav/side_data.h"

namespace jinsha {
namespace {

constexpr std::size_t kMaxCorruptTimes = 1024;
// After the last picture wanted, sound may be interleaved this much later.
constexpr double kLateAudioS = 10;

class LavfSource final : public Source {
 public:
  LavfSource(std::unique_ptr<LavfDemux> demux, LavfProbe probe, const SourceSpec& spec, const Log& log)
      : demux_(std::move(demux)),
        probe_(std::move(probe)),
        spec_(spec),
        log_(log),
        tracks_(*demux_, probe_.info, probe_.strip_adts, spec.use_audio, [this](std::string_view what) {
          ++counters_.packets_corrupt;
          note_damage(fmt::format("{} {}", what, where()));
        }) {
    demux_->select(spec_.use_audio);
  }

  const SourceInfo& info() const override { return probe_.info; }
  FrameLayout layout() const override { return probe_.layout; }
  // The decoder's, the last one delivered (it may have to be repeated), one being copied into.
  int max_held_frames() const override { return probe_.decoder_frames + 2; }
  std::uint64_t memory_bytes() const override { return probe_.decoder_bytes; }
  const SourceCounters& counters() const override { return counters_; }

  bool seek_near(double seconds) override { return demux_->seek_near(seconds); }

  void keep_sound_before(double seconds) override { tracks_.keep_before(seconds); }

  Status start(FramePool pool, std::stop_token stop, std::int64_t first_frame, std::int64_t frame_count) override {
    pool_ = std::move(pool);
    stop_ = stop;
    demux_->bind(stop);
    first_ = first_frame;
    if (frame_count > 0) end_ = first_frame + frame_count;
    if (probe_.direct) {
      // A pool smaller than asked for must still leave blocks for those downstream.
      const int most = std::min(probe_.decoder_frames, pool_.capacity() - 2);
      bridge_ = std::make_unique<PoolBridge>(pool_, std::move(stop), most);
    }
    picture_ = libav::make_frame();
    skipped_ = libav::make_frame();
    if (!picture_ || !skipped_) return make_error(ErrorCode::kNotPossible, "no memory to decode {}", demux_->name());
    const AVStream& video = *demux_->video();
    coded_time_base_ = demux_->has_timestamps() ? libav::to_rational(video.time_base) : probe_.coded_rate.inverse();
    // Fine enough for the middle between two pictures.
    time_base_ = Rational{coded_time_base_.num, coded_time_base_.den * probe_.pictures_from_each}.reduced();
    cadence_ = Cadence(probe_.info.video.frame_rate, time_base_,
                       demux_->clock_may_jump() ? Cadence::kMaxGapS : Cadence::kMaxPauseS);
    captions_ =
        CaptionQueue(probe_.info.video.frame_rate, probe_.pictures_from_each > 1 || probe_.info.video.variable_rate);
    JINSHA_ASSIGN(decoder_, VideoDecoder::open(*video.codecpar, video.time_base, spec_.decoder, spec_.threads,
                                               VideoDecoder::Purpose::kDeliver, bridge_.get()));
    return {};
  }

  Result<Item> next() override {
    while (ready_.empty()) {
      if (stop_.stop_requested()) return interrupted();
      if (done_) return Item(EndOfStream{});
      JINSHA_TRY(video_done_ ? read_on() : decode_on());
    }
    Item item = std::move(ready_.front());
    ready_.pop_front();
    return item;
  }

 private:
  Error interrupted() const { return make_error(ErrorCode::kInterrupted, "stopped while reading {}", demux_->name()); }

  // One step: a picture out of the decoder, or a packet into it.
  Status decode_on() {
    if (chain_ && chain_->receive(picture_.get()) == 0) {
      const bool damaged = libav::is_damaged(*picture_);
      const Status status = place(rescale(picture_->pts, chain_->time_base(), time_base_), damaged);
      av_frame_unref(picture_.get());
      return status;
    }
    const int got = decoder_.receive(picture_.get());
    if (got == 0) {
      const Status status = take_picture();
      av_frame_unref(picture_.get());
      return status;
    }
    if (got == AVERROR_EOF && chain_ && !std::exchange(chain_ended_, true)) {
      chain_->send(nullptr);
      return {};
    }
    if (got == AVERROR_EOF) return end_of_video();
    if (got != AVERROR(EAGAIN)) return refused(got);
    JINSHA_ASSIGN(const libav::PacketPtr packet, demux_->read());
    note_read_failures();
    if (packet && packet->stream_index != demux_->video()->index) {
      take_beside(packet);
      return {};
    }
    if (packet) note_video(*packet);
    const int error = decoder_.send(packet.get());
    if (error < 0 && error != AVERROR_EOF) return refused(error);
    return {};
  }

  Status end_of_video() {
    video_done_ = true;
    done_ = true;
    if (counters_.frames_decoded == 0) return nothing_decoded();
    JINSHA_TRY(hold_last_picture());
    if (counters_.frames_delivered > 0) return {};
    return make_error(ErrorCode::kInput, "{}: the part asked for begins after the last picture ({} pictures)",
                      demux_->name(), cadence_.slots());
  }

  Status hold_last_picture() {
    if (!probe_.info.video.variable_rate || last_duration_ <= 0) return {};
    // Pictures at irregular times each last until the next; the last one says how long.
    const Rational rate = probe_.info.video.frame_rate;
    const std::int64_t most = rate.num * Cadence::kMaxGapS / rate.den;
    const std::int64_t slots = std::min(rescale(last_duration_, coded_time_base_, rate.inverse()), most);
    return slots > 1 ? repeat_until(cadence_.slots() + slots - 1) : Status();
  }

  // All pictures wanted are out: only sound is still looked for.
  Status read_on() {
    if (tracks_.past_end() || !spec_.use_audio) {
      done_ = true;
      return {};
    }
    JINSHA_ASSIGN(const libav::PacketPtr packet, demux_->read());
    if (!packet) {
      done_ = true;
      return {};
    }
    if (packet->stream_index != demux_->video()->index)
      take_beside(packet);
    else if (packet->dts != AV_NOPTS_VALUE && packet->dts > late_)
      done_ = true;
    return {};
  }

  void note_read_failures() {
    if (demux_->read_failures() == read_failures_) return;
    counters_.packets_corrupt += demux_->read_failures() - read_failures_;
    read_failures_ = demux_->read_failures();
    note_damage(fmt::format("the container is damaged {}", where()));
  }

  void note_video(const AVPacket& packet) {
    const bool key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
    if ((packet.flags & AV_PKT_FLAG_CORRUPT) != 0) {
      ++counters_.packets_corrupt;
      if (packet.pts != AV_NOPTS_VALUE && corrupt_times_.size() < kMaxCorruptTimes) corrupt_times_.insert(packet.pts);
      note_damage(fmt::format("a video packet is corrupt {}", where()));
    }
    // What an edit list cuts off is no loss.
    if ((packet.flags & AV_PKT_FLAG_DISCARD) == 0 && packet.pts != AV_NOPTS_VALUE)
      leading_.sent(packet.pts, key);
    else if (key)
      leading_.sent(INT64_MAX, true);
    counters_.frames_before_key = leading_.count();
  }

  std::string where() const {
    if (!cadence_.started()) return "before the first picture";
    return fmt::format("after {:.3f} s",
                       static_cast<double>(cadence_.slots()) / probe_.info.video.frame_rate.to_double());
  }

  void note_damage(std::string what) {
    if (!counters_.first_damage.empty()) return;
    log_.warning("{}: {}", demux_->name(), what);
    counters_.first_damage = std::move(what);
  }

  Status refused(int error) {
    if (error == AVERROR_EXIT || stop_.stop_requested()) return interrupted();
    if (error == AVERROR(ENOMEM)) return libav::to_error(ErrorCode::kInput, error, "decoding " + demux_->name());
    first_refusal_ = first_refusal_.empty() ? libav::error_text(error) : first_refusal_;
    // Before the first random access point there is nothing to decode from.
    if (!leading_.key_seen() && counters_.frames_decoded == 0) return {};
    ++counters_.frames_undecodable;
    note_damage(fmt::format("a picture cannot be decoded {} ({})", where(), libav::error_text(error)));
    return {};
  }

  Error nothing_decoded() const {
    return make_error(ErrorCode::kInput, "no picture of {} could be decoded{}{}", demux_->name(),
                      first_refusal_.empty() ? "" : "; the decoder says: ", first_refusal_);
  }

  Status take_picture() {
    AVFrame& picture = *picture_;
    const SourceVideo& video = probe_.info.video;
    if (picture.width != video.width || picture.height != video.height || picture.format != probe_.coded_format) {
      JINSHA_ASSIGN(const bool fitted, fit_foreign(picture));
      if (!fitted) return {};
    }
    ++counters_.frames_decoded;
    const std::int64_t ticks = time_of(picture);
    look_for_changes(picture);
    captions_.take(rescale(ticks, coded_time_base_, time_base_), libav::captions_of(picture));
    leading_.decoded_first(picture.pts != AV_NOPTS_VALUE ? picture.pts : ticks);
    counters_.frames_before_key = leading_.count();
    const bool damaged = is_damaged(picture);
    if (probe_.chain.empty()) return place(ticks, damaged);
    if (!chain_) {
      JINSHA_ASSIGN(chain_, libav::PictureFilter::open(probe_.chain, picture, coded_time_base_, probe_.picture_format,
                                                       spec_.threads));
    }
    picture.pts = ticks;
    if (damaged) picture.flags |= AV_FRAME_FLAG_CORRUPT;
    const int error = chain_->send(&picture);
    return error < 0 ? refused(error) : Status();
  }

  // Puts the picture at hand where it belongs on the grid.
  Status place(std::int64_t ticks, bool damaged) {
    AVFrame& picture = *picture_;
    const Cadence::Placement place = cadence_.place(ticks);
    if (cadence_.slots() == 1) first_picture_is_known();
    if (place.jump_ticks != 0) note_jump(place.jump_ticks);
    if (place.drop) {
      ++counters_.frames_dropped;
      note_uneven("a picture too many is left out");
      return {};
    }
    if (demux_->clock_may_jump()) tell_audio_clocks(place.slot);
    // A progressive picture among interlaced ones stands for both of its fields.
    const bool held = place.repeats == 1 && probe_.pictures_from_each == 2;
    if (place.repeats > 0 && !held) note_uneven("pictures are missing and the one before is repeated");
    if (place.repeats > 0) JINSHA_TRY(repeat_until(place.slot, held ? Repeat::kAsCoded : Repeat::kCounted));
    if (place.slot >= end_) return finish_video();
    if (place.slot < first_) {
      av_frame_unref(skipped_.get());
      av_frame_move_ref(skipped_.get(), &picture);
      skipped_damaged_ = damaged;
      captions_.skip(ticks);
      return {};
    }
    JINSHA_TRY(deliver(picture, place.slot, damaged, captions_.give(ticks)));
    if (place.slot + 1 >= end_) return finish_video();
    return {};
  }

  // What the plan could not know, because it begins later than the pictures looked at for it.
  void look_for_changes(const AVFrame& picture) {
    std::vector<std::string>& known = probe_.info.video.dynamic_metadata;
    for (std::string& name : libav::dynamic_metadata_of(picture)) {
      if (name == kCaptions) continue;  // they ride on the pictures, and are counted
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      late_loss(fmt::format("{}, which begins {} (not carried by this version)", name, where()));
      known.push_back(std::move(name));
    }
    const ColorInfo color = libav::color_of(picture);
    if (counters_.frames_decoded == 1) first_color_ = color;
    const auto changed = [](auto now, auto before, auto unknown) {
      return now != before && now != unknown && before != unknown;
    };
    if (color_changed_ || (!changed(color.transfer, first_color_.transfer, Transfer::kUnspecified) &&
                           !changed(color.primaries, first_color_.primaries, Primaries::kUnspecified) &&
                           !changed(color.matrix, first_color_.matrix, Matrix::kUnspecified) &&
                           !changed(color.range, first_color_.range, Range::kUnspecified))) {
      return;
    }
    color_changed_ = true;
    late_loss(fmt::format("the colour changes from {} to {} {}; all is treated as the first was",
                          describe(first_color_), describe(color), where()));
  }

  void late_loss(std::string what) {
    log_.warning("{}: {}", demux_->name(), what);
    counters_.late_losses.push_back(std::move(what));
  }

  // All that follows was planned for one size and format: pictures of another are fitted into it, with
  // black around them where the shape differs.
  Result<bool> fit_foreign(AVFrame& picture) {
    const SourceVideo& video = probe_.info.video;
    const std::string kind = fmt::format("{}x{} {}", picture.width, picture.height,
                                         libav::name_of_format(static_cast<AVPixelFormat>(picture.format)));
    if (kind != foreign_) {
      const std::string chain = fmt::format(
          "scale={0}:{1}:force_original_aspect_ratio=decrease:force_divisible_by=2,pad={0}:{1}:(ow-iw)/2:(oh-ih)/"
          "2,setsar={2}/{3}",
          video.width, video.height, video.sample_aspect.num, video.sample_aspect.den);
      JINSHA_ASSIGN(fitter_,
                    libav::PictureFilter::open(chain, picture, coded_time_base_, probe_.coded_format, spec_.threads));
      if (foreign_.empty())
        late_loss(fmt::format("the pictures change from {}x{} {} to {} {}; they are fitted into the first size",
                              video.width, video.height, video.coded_format, kind, where()));
      foreign_ = kind;
    }
    int error = fitter_->send(&picture);
    if (error >= 0) error = fitter_->receive(&picture);
    if (error >= 0) return true;
    JINSHA_TRY(refused(error));
    return false;
  }

  std::int64_t time_of(const AVFrame& picture) {
    std::int64_t ticks = picture.best_effort_timestamp;
    if (!demux_->has_timestamps()) {
      ticks = counters_.frames_decoded - 1;
    } else if (ticks == AV_NOPTS_VALUE) {
      const std::int64_t frame = rescale(1, probe_.coded_rate.inverse(), coded_time_base_);
      ticks = cadence_.started() ? last_ticks_ + frame : 0;
    }
    last_ticks_ = ticks;
    last_duration_ = libav::duration_of(picture);
    return ticks;
  }

  bool is_damaged(const AVFrame& picture) {
    bool damaged = libav::is_damaged(picture);
    if (picture.pts != AV_NOPTS_VALUE && corrupt_times_.erase(picture.pts) > 0) damaged = true;
    if (damaged) note_damage(fmt::format("a picture has concealed errors {}", where()));
    return damaged;
  }

  // Where the rate varies such is the plan, said while probing.
  void note_uneven(const char* what) {
    if (!probe_.info.video.variable_rate) note_damage(fmt::format("{} {}", what, where()));
  }

  void tell_audio_clocks(std::int64_t slot) {
    tracks_.set_video_time(rescale(slot - first_, probe_.info.video.frame_rate.inverse(), time_base_));
  }

  void note_jump(std::int64_t ticks) {
    ++counters_.timestamp_jumps;
    const double seconds = static_cast<double>(ticks) * time_base_.to_double();
    const std::string what = fmt::format("the timestamps jump by {:+.3f} s {}; the gap is closed up", seconds, where());
    log_.warning("{}: {}", demux_->name(), what);
    if (counters_.first_damage.empty()) counters_.first_damage = what;
    tracks_.set_jump(cadence_.jumped_ticks());
  }

  // From here on the times of sound can be told.
  void first_picture_is_known() {
    const Rational frame = probe_.info.video.frame_rate.inverse();
    const std::int64_t zero = cadence_.origin() + rescale(first_, frame, time_base_);
    std::optional<std::int64_t> length;
    if (end_ != INT64_MAX) length = rescale(end_ - first_, frame, time_base_);
    tracks_.begin(cadence_.origin(), zero, length, time_base_, ready_);
  }

  enum class Repeat { kCounted, kAsCoded };  // kAsCoded: the source itself means the picture to stand longer

  Status repeat_until(std::int64_t slot, Repeat kind = Repeat::kCounted) {
    if (slot <= first_) return {};
    if (!last_) {
      // The picture before the range is the one to be shown at its beginning.
      JINSHA_ASSIGN(last_, make_frame(*skipped_, skipped_damaged_));
      next_slot_ = first_;
    }
    av_frame_unref(skipped_.get());
    for (; next_slot_ < std::min(slot, end_); ++next_slot_) {
      push(last_);
      if (kind == Repeat::kCounted) ++counters_.frames_repeated;
    }
    return {};
  }

  Status deliver(const AVFrame& picture, std::int64_t slot, bool damaged, Bytes captions) {
    av_frame_unref(skipped_.get());
    JINSHA_ASSIGN(last_, make_frame(picture, damaged));
    next_slot_ = slot + 1;
    if (damaged) ++counters_.frames_concealed;
    if (captions) ++counters_.frames_captioned;
    push_at(last_, slot, std::move(captions));
    return {};
  }

  void push(const Frame& frame) { push_at(frame, next_slot_, nullptr); }
  void push_at(const Frame& frame, std::int64_t slot, Bytes captions) {
    FrameInfo info = frame.info();
    info.pts = slot - first_;
    info.captions = std::move(captions);
    ++counters_.frames_delivered;
    ready_.emplace_back(frame.with_info(info));
  }

  Result<Frame> make_frame(const AVFrame& picture, bool damaged) {
    const SourceVideo& video = probe_.info.video;
    const FrameInfo info{.pts = 0, .duration = 1, .color = video.color, .hdr = video.hdr, .damaged = damaged};
    if (bridge_) {
      if (std::optional<Frame> frame = bridge_->frame_of(picture)) return frame->with_info(info);
    }
    std::optional<FrameMut> copy = pool_.acquire(stop_);
    if (!copy) return interrupted();
    copy->set_layout(FrameLayout::packed(video.format, video.width, video.height));
    unpack_picture(picture.data, picture.linesize, probe_.picture_format, probe_.use, *copy);
    copy->info() = info;
    return std::move(*copy).publish();
  }

  Status finish_video() {
    video_done_ = true;
    const std::int64_t end =
        cadence_.origin() + cadence_.jumped_ticks() + rescale(end_, probe_.info.video.frame_rate.inverse(), time_base_);
    late_ = rescale(end, time_base_, coded_time_base_) +
            static_cast<std::int64_t>(kLateAudioS * coded_time_base_.inverse().to_double());
    return {};
  }

  void take_beside(const libav::PacketPtr& packet) { tracks_.take(packet, ready_); }

  std::unique_ptr<LavfDemux> demux_;
  LavfProbe probe_;
  SourceSpec spec_;
  Log log_;
  SideTracks tracks_;
  FramePool pool_;
  std::stop_token stop_;
  std::unique_ptr<PoolBridge> bridge_;  // outlives the decoder and every AVFrame below
  VideoDecoder decoder_;
  libav::FramePtr picture_;
  libav::FramePtr skipped_;  // the last picture before the range wanted
  bool skipped_damaged_ = false;

  std::optional<libav::PictureFilter> chain_;  // once there is a picture
  bool chain_ended_ = false;
  std::optional<libav::PictureFilter> fitter_;  // of pictures of another size or format
  std::string foreign_;                         // what it was made for

  Rational coded_time_base_{1, 90'000};  // of the stream
  Rational time_base_{1, 90'000};        // of the pictures as they are put on the grid
  Cadence cadence_;
  CaptionQueue captions_;  // times in time_base_
  LeadingPictures leading_;
  std::set<std::int64_t> corrupt_times_;
  ColorInfo first_color_;
  bool color_changed_ = false;
  std::int64_t last_ticks_ = 0;
  std::int64_t last_duration_ = 0;
  std::int64_t first_ = 0;
  std::int64_t end_ = INT64_MAX;   // slots [first_, end_) are wanted
  std::int64_t next_slot_ = 0;     // to be filled
  std::int64_t late_ = INT64_MAX;  // in the stream's time base
  Frame last_;                     // delivered last
  std::int64_t read_failures_ = 0;
  std::string first_refusal_;

  std::deque<Item> ready_;
  bool video_done_ = false;
  bool done_ = false;
  SourceCounters counters_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_lavf_source(const SourceSpec& spec, InputFile file, const Log& log) {
  JINSHA_ASSIGN(std::unique_ptr<LavfDemux> demux, LavfDemux::open(std::move(file), spec));
  JINSHA_ASSIGN(LavfProbe probe, probe_lavf(*demux, spec));
  return std::unique_ptr<Source>(std::make_unique<LavfSource>(std::move(demux), std::move(probe), spec, log));
}

}  // namespace jinsha
