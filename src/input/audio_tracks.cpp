#include "input/audio_tracks.h"

extern "C" {
#include <libavcodec/packet.h>
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <cmath>
#include <utility>

#include "input/adts.h"
#include "input/audio_frame.h"

namespace jinsha {
namespace {

constexpr std::size_t kMaxHeldBytes = std::size_t{64} << 20;  // waiting for the first picture

}  // namespace

AudioTracks::AudioTracks(const LavfDemux& demux, const std::vector<SourceAudio>& info,
                         const std::vector<bool>& strip_adts, std::function<void(std::string_view)> damage)
    : damage_(std::move(damage)) {
  for (std::size_t i = 0; i < demux.audio().size(); ++i) {
    const AudioStreamInfo& audio = info[i].info;
    tracks_.push_back({.stream_index = demux.audio()[i]->index,
                       .codec = audio.codec,
                       .strip_adts = strip_adts[i],
                       .time_base = audio.time_base,
                       .frame_size = audio.frame_size,
                       .sample_rate = audio.sample_rate,
                       .clock = AudioClock(audio.time_base),
                       .next = {}});
  }
}

void AudioTracks::keep_before(double seconds) {
  for (Track& track : tracks_) track.clock.keep_before(std::llround(seconds * track.time_base.inverse().to_double()));
}

void AudioTracks::begin(std::int64_t origin, std::int64_t zero, std::optional<std::int64_t> length, Rational video_base,
                        std::deque<Item>& ready) {
  begun_ = true;
  origin_ = origin;
  video_base_ = video_base;
  for (Track& track : tracks_) track.clock.set_span(zero, length, video_base);
  for (; !held_.empty(); held_.pop_front()) take(held_.front(), ready);
}

void AudioTracks::set_jump(std::int64_t video_ticks) {
  for (Track& track : tracks_) track.clock.set_jump(video_ticks);
}

void AudioTracks::set_video_time(std::int64_t video_ticks) {
  for (Track& track : tracks_) track.clock.set_video_time(video_ticks);
}

bool AudioTracks::past_end() const {
  return std::all_of(tracks_.begin(), tracks_.end(), [](const Track& track) { return track.clock.past_end(); });
}

void AudioTracks::take(const libav::PacketPtr& packet, std::deque<Item>& ready) {
  if (!begun_) return hold(packet);
  if ((packet->flags & AV_PKT_FLAG_CORRUPT) != 0) return damage_("an audio packet is corrupt");
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    if (tracks_[i].stream_index == packet->stream_index) place(static_cast<int>(i), *packet, ready);
  }
}

void AudioTracks::hold(const libav::PacketPtr& packet) {
  held_bytes_ += static_cast<std::size_t>(packet->size);
  held_.push_back(libav::clone(*packet));
  while (held_bytes_ > kMaxHeldBytes) {
    held_bytes_ -= static_cast<std::size_t>(held_.front()->size);
    held_.pop_front();
  }
}

// Coded sound is passed on as it is, so a packet that is no whole frame must not be.
void AudioTracks::place(int index, const AVPacket& from, std::deque<Item>& ready) {
  Track& track = tracks_[static_cast<std::size_t>(index)];
  std::int64_t duration = from.duration;
  if (duration <= 0 && track.frame_size > 0 && track.sample_rate > 0) {
    duration = rescale(track.frame_size, {1, track.sample_rate}, track.time_base);
  }
  std::int64_t ticks = from.pts != AV_NOPTS_VALUE ? from.pts : from.dts;
  if (ticks == AV_NOPTS_VALUE) ticks = track.next.value_or(rescale(origin_, video_base_, track.time_base));
  track.next = ticks + duration;
  const std::optional<std::int64_t> time = track.clock.place(ticks, duration);
  if (track.clock.overlaps() != track.overlaps) {
    track.overlaps = track.clock.overlaps();
    return damage_("an audio packet begins before the one before it has ended");
  }
  if (!time || from.size <= 0) return;
  std::span<const std::uint8_t> data(from.data, static_cast<std::size_t>(from.size));
  if (track.strip_adts) {
    const auto adts = parse_adts(data);
    if (!adts) return damage_("an audio packet has no valid ADTS header");
    data = data.subspan(adts->header_bytes);
  }
  if (!is_whole_frame(track.codec, data)) return damage_("an audio packet is no whole frame");
  Packet packet;
  packet.stream = 1 + index;
  packet.data = copy_bytes(data);
  packet.pts = packet.dts = *time;
  packet.duration = duration;
  packet.key = true;
  ready.emplace_back(std::move(packet));
}

}  // namespace jinsha
