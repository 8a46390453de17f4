#include "input/side_tracks.h"

extern "C" {
#include <libavcodec/packet.h>
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <cmath>
#include <utility>

#include "input/adts.h"
#include "input/audio_frame.h"
#include "input/dvb_subtitle.h"

namespace jinsha {
namespace {

constexpr std::size_t kMaxHeldBytes = std::size_t{64} << 20;  // waiting for the first picture
constexpr double kDataLeadS = 1;  // subtitles and data this long before the first picture are not lost
constexpr int kNobodys = -1;      // index of a stream that is not wanted

}  // namespace

SideTracks::SideTracks(const LavfDemux& demux, const SourceInfo& info, const std::vector<bool>& strip_adts, bool sound,
                       std::function<void(std::string_view)> damage)
    : damage_(std::move(damage)) {
  for (std::size_t i = 0; i < info.audio.size(); ++i) {
    const AudioStreamInfo& audio = info.audio[i].info;
    tracks_.push_back({.stream_index = sound ? demux.audio()[i]->index : kNobodys,
                       .codec = audio.codec,
                       .strip_adts = strip_adts[i],
                       .time_base = audio.time_base,
                       .frame_size = audio.frame_size,
                       .sample_rate = audio.sample_rate,
                       .clock = AudioClock(audio.time_base),
                       .next = {}});
  }
  for (const SourceData& data : info.data) {
    tracks_.push_back({.stream_index = data.source_index,
                       .codec = data.info.codec,
                       .sound = false,
                       .time_base = data.info.time_base,
                       .clock = AudioClock(data.info.time_base),
                       .next = {}});
    tracks_.back().clock.keep_before(std::llround(kDataLeadS * data.info.time_base.inverse().to_double()));
  }
}

void SideTracks::keep_before(double seconds) {
  for (Track& track : tracks_) {
    if (track.sound) track.clock.keep_before(std::llround(seconds * track.time_base.inverse().to_double()));
  }
}

void SideTracks::begin(std::int64_t origin, std::int64_t zero, std::optional<std::int64_t> length, Rational video_base,
                       std::deque<Item>& ready) {
  begun_ = true;
  origin_ = origin;
  video_base_ = video_base;
  for (Track& track : tracks_) track.clock.set_span(zero, length, video_base);
  for (; !held_.empty(); held_.pop_front()) take(held_.front(), ready);
}

void SideTracks::set_jump(std::int64_t video_ticks) {
  for (Track& track : tracks_) track.clock.set_jump(video_ticks);
}

void SideTracks::set_video_time(std::int64_t video_ticks) {
  for (Track& track : tracks_) track.clock.set_video_time(video_ticks);
}

bool SideTracks::past_end() const {
  return std::all_of(tracks_.begin(), tracks_.end(),
                     [](const Track& track) { return !track.sound || track.clock.past_end(); });
}

void SideTracks::take(const libav::PacketPtr& packet, std::deque<Item>& ready) {
  if (!begun_) return hold(packet);
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    if (tracks_[i].stream_index != packet->stream_index) continue;
    if ((packet->flags & AV_PKT_FLAG_CORRUPT) != 0) {
      damage_(tracks_[i].sound ? "an audio packet is corrupt" : "a packet of subtitles or data is corrupt");
    } else {
      place(static_cast<int>(i), *packet, ready);
    }
  }
}

void SideTracks::hold(const libav::PacketPtr& packet) {
  held_bytes_ += static_cast<std::size_t>(packet->size);
  held_.push_back(libav::clone(*packet));
  while (held_bytes_ > kMaxHeldBytes) {
    held_bytes_ -= static_cast<std::size_t>(held_.front()->size);
    held_.pop_front();
  }
}

// Coded sound is passed on as it is, so a packet that is no whole frame must not be. Subtitles and data are
// of a moment, several may be of the same.
void SideTracks::place(int index, const AVPacket& from, std::deque<Item>& ready) {
  Track& track = tracks_[static_cast<std::size_t>(index)];
  std::int64_t duration = track.sound ? from.duration : 0;
  if (track.sound && duration <= 0 && track.frame_size > 0 && track.sample_rate > 0) {
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
  if (track.codec == "dvb_subtitle") {
    data = dvb_subtitle_segments(data);
    if (data.empty()) return damage_("a packet of subtitles has no whole segment");
  }
  if (!is_whole_frame(track.codec, data)) return damage_("an audio packet is no whole frame");
  Packet packet;
  packet.stream = 1 + index;
  packet.data = copy_bytes(data);
  packet.pts = packet.dts = *time;
  // What was to be shown just before the first picture is shown with it; muxers want times that never go back.
  if (!track.sound) packet.pts = packet.dts = track.last = std::max({track.last, *time, std::int64_t{0}});
  packet.duration = duration;
  packet.key = true;
  ready.emplace_back(std::move(packet));
}

}  // namespace jinsha
