// SideTracks: coded sound, subtitles and data of a container on their way out: kept until the first picture is known,
// placed on the pictures' clock, cut to their span; of sound whole frames only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "input/audio_clock.h"
#include "input/lavf_demux.h"
#include "media/item.h"

namespace jinsha {

// One thread.
class SideTracks {
 public:
  // `info` and `strip_adts` as probed, for the tracks of `demux`; without `sound` only data is delivered. `damage` is
  // told of each packet left out: "an audio packet is corrupt".
  SideTracks(const LavfDemux& demux, const SourceInfo& info, const std::vector<bool>& strip_adts, bool sound,
             std::function<void(std::string_view)> damage);

  // As Source::keep_sound_before.
  void keep_before(double seconds);
  // The first picture of the source is known and stands at `origin`; wanted are `length` (empty: all) from `zero` on,
  // in ticks of `video_base`. What waited goes to `ready`.
  void begin(std::int64_t origin, std::int64_t zero, std::optional<std::int64_t> length, Rational video_base,
             std::deque<Item>& ready);
  // As AudioClock's.
  void set_jump(std::int64_t video_ticks);
  void set_video_time(std::int64_t video_ticks);
  // Every track of sound has gone beyond the end of the span.
  bool past_end() const;

  // Puts what the packet holds, placed, at the end of `ready`, unless it lies outside the span or is damaged.
  void take(const libav::PacketPtr& packet, std::deque<Item>& ready);

 private:
  struct Track {
    int stream_index = 0;
    std::string codec;
    bool sound = true;
    bool strip_adts = false;
    Rational time_base;
    int frame_size = 0;  // samples
    int sample_rate = 0;
    AudioClock clock;
    std::int64_t overlaps = 0;         // of the clock, already counted
    std::int64_t last = 0;             // time of the packet before, of data
    std::optional<std::int64_t> next;  // where the packet after the last one begins, for packets without a time
  };

  void hold(const libav::PacketPtr& packet);
  void place(int index, const AVPacket& packet, std::deque<Item>& ready);

  std::vector<Track> tracks_;
  std::function<void(std::string_view)> damage_;
  bool begun_ = false;
  std::int64_t origin_ = 0;
  Rational video_base_{1, 90'000};
  std::deque<libav::PacketPtr> held_;
  std::size_t held_bytes_ = 0;
};

}  // namespace jinsha
