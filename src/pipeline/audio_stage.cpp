#include "pipeline/audio_stage.h"

#include <algorithm>
#include <utility>

namespace jinsha {
namespace {

// How far sound may lag behind the coded pictures before silence takes its place: less than the
// muxers wait (mux/interleaver.h: 5 s; the fMP4 muxer 10 s for a first packet), more than streams
// are interleaved apart. The encoder's delay comes on top.
constexpr std::int64_t kPatienceTsS = 4;
constexpr std::int64_t kPatienceMp4S = 8;

Emit to_stream(std::size_t index, const Emit& emit) {
  return [index, &emit](Item item) -> Status {
    std::get<Packet>(item).stream = static_cast<int>(index) + 1;
    return emit(std::move(item));
  };
}

}  // namespace

Result<std::unique_ptr<AudioStage>> AudioStage::open(const Plan& plan, const SourceInfo& source, Rational video_base) {
  std::vector<Output> outputs;
  const std::int64_t patience_s = plan.kind == ContainerKind::kMpegTs ? kPatienceTsS : kPatienceMp4S;
  for (const PlannedAudio& planned : plan.audio) {
    Output output;
    output.source_track = planned.source_track;
    if (planned.encoded) {
      AudioTrackConfig config;
      if (planned.source_track >= 0) {
        config.source = source.audio[static_cast<std::size_t>(planned.source_track)].info;
        output.patience_ticks = rescale(patience_s, {1, 1}, video_base);
      }
      config.output = planned.info;
      config.first_channel = planned.first_channel;
      config.picked_channels = planned.picked_channels;
      JINSHA_ASSIGN(output.transcoder, AudioTranscoder::open(config));
    }
    outputs.push_back(std::move(output));
  }
  std::vector<int> data;
  for (const PlannedData& planned : plan.data)
    data.push_back(static_cast<int>(source.audio.size()) + planned.source_track);
  return std::unique_ptr<AudioStage>(new AudioStage(video_base, std::move(outputs), std::move(data)));
}

Status AudioStage::process(Item item, const Emit& emit) {
  auto* packet = std::get_if<Packet>(&item);
  if (packet == nullptr) return emit(std::move(item));
  if (packet->stream > 0) return take(std::move(*packet), emit);
  JINSHA_TRY(keep_up(*packet, emit));
  return emit(std::move(item));
}

std::int64_t AudioStage::samples_at(std::int64_t video_ticks, const Output& output) const {
  return rescale(video_ticks, video_base_, {1, output.transcoder->output().sample_rate});
}

// Puts silence where the pictures have gone on without sound.
Status AudioStage::keep_up(const Packet& video, const Emit& emit) {
  video_end_ = std::max(video_end_, video.pts + std::max<std::int64_t>(1, video.duration));
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const Output& output = outputs_[i];
    if (!output.transcoder) continue;
    const std::int64_t ticks = video.dts - output.patience_ticks;
    if (ticks <= 0) continue;
    const Emit emit_here = to_stream(i, emit);
    JINSHA_TRY(output.transcoder->fill_to(samples_at(ticks, output), emit_here));
  }
  return {};
}

Status AudioStage::take(Packet packet, const Emit& emit) {
  const int track = packet.stream - 1;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const Output& output = outputs_[i];
    if (output.source_track != track) continue;
    const Emit emit_here = to_stream(i, emit);
    if (output.transcoder) {
      JINSHA_TRY(output.transcoder->take(packet, emit_here));
    } else if (packet.pts + packet.duration > 0) {  // the rest is there for decoders to begin with
      JINSHA_TRY(emit_here(packet));
    }
  }
  for (std::size_t i = 0; i < data_.size(); ++i) {
    if (data_[i] == track && packet.pts >= 0) JINSHA_TRY(to_stream(outputs_.size() + i, emit)(packet));
  }
  return {};
}

Status AudioStage::flush(const Emit& emit) {
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const Output& output = outputs_[i];
    if (!output.transcoder) continue;
    const Emit emit_here = to_stream(i, emit);
    JINSHA_TRY(output.transcoder->finish(samples_at(video_end_, output), emit_here));
  }
  return {};
}

std::vector<AudioTrackCounters> AudioStage::counters() const {
  std::vector<AudioTrackCounters> list;
  for (const Output& output : outputs_)
    list.push_back(output.transcoder ? output.transcoder->counters() : AudioTrackCounters());
  return list;
}

}  // namespace jinsha
