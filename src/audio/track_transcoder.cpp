#include "audio/track_transcoder.h"

extern "C" {
#include <libavutil/avutil.h>
#include <libavutil/frame.h>
}

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "audio/ac3_header.h"
#include "audio/codec_table.h"
#include "audio/layouts.h"
#include "base/time.h"
#include "libav/frame_flags.h"

namespace jinsha {
namespace {

// A frame this far from where the one before ends is off its place: half a frame, as times are
// rounded and jitter, but neither so little that rounding to milliseconds counts nor so much that
// sound and picture come apart.
constexpr std::int64_t kLeastLimitMs = 5;
constexpr std::int64_t kMostLimitMs = 20;
// Less is followed slowly: when all of a second is off by more than this, the next second is made as
// much longer or shorter, by 1/200 at most.
constexpr std::int64_t kDriftMs = 2;
constexpr std::int64_t kMostStretch = 200;

}  // namespace

AudioTranscoder::AudioTranscoder(const AudioTrackConfig& config, std::optional<AudioDecoder> decoder,
                                 AudioEncoder encoder, const ConverterConfig& conversion)
    : config_(config),
      decoder_(std::move(decoder)),
      encoder_(std::move(encoder)),
      converter_(conversion),
      queue_(encoder_.info().channels) {}

Result<std::unique_ptr<AudioTranscoder>> AudioTranscoder::open(const AudioTrackConfig& config) {
  std::optional<AudioDecoder> decoder;
  if (!config.source.codec.empty()) {
    JINSHA_ASSIGN(decoder, AudioDecoder::open(config.source));
  }
  JINSHA_ASSIGN(AudioEncoder encoder, AudioEncoder::open(config.output));
  ConverterConfig conversion;
  conversion.positions = positions_named(config.output.layout);
  conversion.sample_rate = config.output.sample_rate;
  conversion.first_channel = config.first_channel;
  conversion.picked_channels = config.picked_channels;
  conversion.source_positions = positions_named(config.source.layout);
  return std::unique_ptr<AudioTranscoder>(
      new AudioTranscoder(config, std::move(decoder), std::move(encoder), conversion));
}

void AudioTranscoder::note_damage(std::string what) {
  if (!counters_.first_damage.empty()) return;
  const double at_s = static_cast<double>(end()) / config_.output.sample_rate;
  counters_.first_damage = fmt::format("{} at {:.3f} s", what, at_s);
}

Status AudioTranscoder::take(const Packet& packet, const Emit& emit) {
  if (!decoder_) return {};
  const AudioCodecRow* row = find_audio_codec(config_.output.codec);
  const bool stated = config_.source.codec == "ac3" || config_.source.codec == "eac3";
  if (stated && row != nullptr && row->dialogue_level && packet.data) {
    if (const auto level = dialogue_level_of(*packet.data); level && *level != level_) {
      level_ = *level;
      encoder_.set_dialogue_level(level_);
    }
  }
  JINSHA_ASSIGN(const bool good, decoder_->decode(&packet, [&](const AVFrame& f) { return take_frame(f, emit); }));
  if (!good) {
    ++counters_.packets_undecodable;
    note_damage(fmt::format("a packet cannot be decoded ({})", decoder_->refusal()));
  }
  return {};
}

Status AudioTranscoder::take_frame(const AVFrame& frame, const Emit& emit) {
  if (frame.nb_samples <= 0 || frame.sample_rate <= 0) return {};
  if (libav::is_damaged(frame)) {
    ++counters_.frames_concealed;
    note_damage("a frame has errors");
  }
  const Rational clock{1, config_.output.sample_rate};
  if (converter_.changes(frame)) {
    ++counters_.format_changes;
    JINSHA_TRY(drain_converter(emit));
  }
  const std::int64_t length = std::max<std::int64_t>(1, rescale(frame.nb_samples, {1, frame.sample_rate}, clock));
  const std::int64_t start =
      frame.pts != AV_NOPTS_VALUE ? rescale(frame.pts, config_.source.time_base, clock) : end() - skip_;
  if (start - end() > kMaxGapS * config_.output.sample_rate) {
    ++counters_.misplaced;
    note_damage("a packet's time is more than an hour off");
    return {};
  }
  JINSHA_TRY(place(start, length, emit));
  started_ = true;
  filling_ = false;
  return append(frame, emit);
}

// Makes end() the place for a frame that starts at `start`, or arranges for its beginning to be cut off.
Status AudioTranscoder::place(std::int64_t start, std::int64_t length, const Emit& emit) {
  // What is still to be cut off stands in front of the samples that count.
  const std::int64_t deviation = start + skip_ - end();
  const std::int64_t rate = config_.output.sample_rate;
  const std::int64_t limit = std::clamp(length / 2, kLeastLimitMs * rate / 1000, kMostLimitMs * rate / 1000);
  // The first frame, and one after silence that was put in ahead of it, is placed to the sample.
  const std::int64_t allowed = started_ && !filling_ ? limit : 0;
  if (deviation > allowed) {
    JINSHA_TRY(drain_converter(emit));
    drift_ = {};
    skip_ = 0;
    const std::int64_t missing = start - end_;
    if (missing < 0) {  // only of what was to be cut off there is less
      skip_ = -missing;
      return {};
    }
    if (!filling_ && missing > limit) ++counters_.gaps;
    if (missing > limit || filling_) counters_.gap_samples += missing;
    return silence(missing, emit);
  }
  if (deviation < -allowed) {
    JINSHA_TRY(drain_converter(emit));
    drift_ = {};
    skip_ = end_ - start;
    // Before the first picture there is nothing to lose.
    losing_ = started_ || end_ > 0;
    if (losing_) {
      ++counters_.overlaps;
      note_damage("packets overlap");
    }
    return {};
  }
  return follow_drift(deviation, length);
}

Status AudioTranscoder::follow_drift(std::int64_t deviation, std::int64_t length) {
  const std::int64_t rate = config_.output.sample_rate;
  drift_.least = drift_.samples == 0 ? deviation : std::min(drift_.least, deviation);
  drift_.most = drift_.samples == 0 ? deviation : std::max(drift_.most, deviation);
  drift_.samples += length;
  if (drift_.samples < rate) return {};
  const std::int64_t by = drift_.least > 0 ? drift_.least : drift_.most < 0 ? drift_.most : 0;
  drift_ = {};
  if (std::abs(by) <= kDriftMs * rate / 1000) return {};
  ++counters_.corrections;
  const std::int64_t most = rate / kMostStretch;
  return converter_.stretch(static_cast<int>(std::clamp(by, -most, most)), config_.output.sample_rate);
}

Status AudioTranscoder::append(const AVFrame& frame, const Emit& emit) {
  const std::size_t before = queue_.size();
  JINSHA_TRY(converter_.convert(frame, queue_));
  count_new(before);
  return encode_whole(emit);
}

Status AudioTranscoder::drain_converter(const Emit& emit) {
  const std::size_t before = queue_.size();
  JINSHA_TRY(converter_.drain(queue_));
  count_new(before);
  return encode_whole(emit);
}

// Takes note of samples new in the queue and cuts off those that must go.
void AudioTranscoder::count_new(std::size_t before) {
  const auto made = static_cast<std::int64_t>(queue_.size() - before);
  const std::int64_t cut = std::min(skip_, made);
  if (cut > 0) queue_.remove(before, static_cast<std::size_t>(cut));
  skip_ -= cut;
  if (losing_) counters_.overlap_samples += cut;
  end_ += made - cut;
}

Status AudioTranscoder::silence(std::int64_t samples, const Emit& emit) {
  const std::int64_t frame = encoder_.info().frame_size;
  while (samples > 0) {
    const std::int64_t now = std::min(samples, frame);
    queue_.grow(static_cast<std::size_t>(now));
    end_ += now;
    samples -= now;
    JINSHA_TRY(encode_whole(emit));
  }
  return {};
}

Status AudioTranscoder::encode_whole(const Emit& emit) {
  const auto frame = static_cast<std::size_t>(encoder_.info().frame_size);
  while (queue_.size() >= frame) JINSHA_TRY(encoder_.encode(queue_, emit));
  return {};
}

Status AudioTranscoder::fill_to(std::int64_t sample, const Emit& emit) {
  if (end() >= sample) return {};
  JINSHA_TRY(drain_converter(emit));
  drift_ = {};
  skip_ = 0;
  const bool going_on = std::exchange(filling_, true);
  if (decoder_) {  // what is nothing but silence has no gaps
    if (!going_on) ++counters_.gaps;
    counters_.gap_samples += std::max<std::int64_t>(0, sample - end_);
  }
  return silence(sample - end_, emit);
}

Status AudioTranscoder::finish(std::int64_t least_samples, const Emit& emit) {
  if (decoder_) {
    JINSHA_TRY(decoder_->decode(nullptr, [&](const AVFrame& f) { return take_frame(f, emit); }));
  }
  JINSHA_TRY(drain_converter(emit));
  const std::int64_t frame = encoder_.info().frame_size;
  // Less than a coded frame is the usual unevenness of an end.
  if (least_samples - end_ >= frame) JINSHA_TRY(fill_to(least_samples, emit));
  if (end_ == 0 && least_samples <= 0) return {};
  // Whole frames, and one more where the decoder would otherwise keep the last samples to itself.
  const std::int64_t wanted = std::max(end_, least_samples) + (encoder_.has_delay() ? 0 : encoder_.priming_samples());
  JINSHA_TRY(silence((wanted + frame - 1) / frame * frame - end_, emit));
  return encoder_.finish(emit);
}

}  // namespace jinsha
