// MP4, ISO/IEC 14496-12, as it arrives: boxes that describe are kept whole, media data is walked
// sample by sample.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "verify/audio_frames.h"
#include "verify/mp4_boxes.h"
#include "verify/video_reader.h"

namespace jinsha::verify {
namespace {

using mp4::Sample;

constexpr std::int64_t kMaxKept = std::int64_t{64} << 20;  // of a moov or moof
constexpr int kMaxBrokenFragments = 16;
constexpr std::array<std::string_view, 4> kKeptBoxes = {"ftyp", "styp", "moov", "moof"};

Codec video_codec(const std::string& name) {
  if (name == "hevc") return Codec::kHevc;
  if (name == "av1") return Codec::kAv1;
  if (name == "h264") return Codec::kAvc;
  if (name == "vp9") return Codec::kVp9;
  if (name == "prores") return Codec::kProRes;
  return Codec::kOther;
}

class Mp4Reader final : public ContainerReader {
 public:
  Mp4Reader(StreamLog& log, std::vector<std::uint8_t> moov, std::int64_t moov_byte)
      : log_(log), mp4_(log.mp4.emplace()) {
    log.container = "mp4";
    if (moov.empty()) return;
    early_moov_byte_ = box_byte_ = moov_byte;
    byte_ = moov_byte + 8 + static_cast<std::int64_t>(moov.size());
    kept_ = std::move(moov);
    movie(kept_);
    byte_ = 0;
  }
  void feed(ByteView bytes) override;
  void finish() override;

 private:
  enum class State { kHeader, kKeep, kMedia, kSkip };
  struct Sound {
    std::size_t audio = 0;  // index into log_.audio
    std::int64_t next_dts = kNoTime;
    std::array<std::uint8_t, kAudioHeaderBytes> head{};
    std::size_t head_size = 0;
  };

  void damage(std::string found, std::int64_t byte) {
    log_.findings.fail(Property::kContainer, "an MP4 file without errors", std::move(found), Place{-1, byte});
  }
  void open_box();
  void close_box();
  void end_fragment();
  void movie(ByteView moov);
  void describe_tracks(const mp4::Movie& movie);
  void fragment(ByteView moof);
  void media(ByteView bytes);
  void open_sample(const Sample& sample);
  void close_sample(const Sample& sample, std::int64_t byte);
  std::int64_t shifted(std::int64_t time, const Mp4Track& track) const;

  StreamLog& log_;
  Mp4Log& mp4_;
  State state_ = State::kHeader;
  std::vector<std::uint8_t> header_;
  std::vector<std::uint8_t> kept_;
  std::string type_;
  std::int64_t byte_ = 0;      // of the file
  std::int64_t box_byte_ = 0;  // where the current box starts
  std::int64_t left_ = 0;      // of its body; -1: to the end of the file
  bool lost_ = false;
  bool has_movie_ = false;
  std::int64_t early_moov_byte_ = -1;  // of the moov box that was given beforehand
  std::unique_ptr<VideoReader> video_;
  std::vector<std::optional<Sound>> sounds_;  // per track
  std::vector<mp4::TrackClock> clocks_;
  std::vector<Sample> samples_;  // still to come in media data, by offset
  std::size_t next_ = 0;
  bool in_sample_ = false;
  std::int64_t sample_left_ = 0;
  std::uint32_t sequence_number_ = 0;
  int broken_fragments_ = 0;  // whose samples are not where they say
};

void Mp4Reader::feed(ByteView bytes) {
  while (!bytes.empty() && !lost_) {
    std::size_t take = bytes.size();
    if (state_ == State::kHeader) {
      if (header_.empty()) box_byte_ = byte_;
      const std::size_t need = header_.size() >= 8 && be32(header_) == 1 ? 16 : 8;
      take = std::min(take, need - header_.size());
      header_.insert(header_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(take));
      byte_ += static_cast<std::int64_t>(take);
      bytes = bytes.subspan(take);
      if (header_.size() == 16 || (header_.size() == 8 && be32(header_) != 1)) open_box();
      continue;
    }
    if (left_ >= 0) take = static_cast<std::size_t>(std::min<std::int64_t>(left_, static_cast<std::int64_t>(take)));
    const ByteView piece = bytes.subspan(0, take);
    if (state_ == State::kKeep) {
      kept_.insert(kept_.end(), piece.begin(), piece.end());
    } else if (state_ == State::kMedia) {
      media(piece);
    }
    byte_ += static_cast<std::int64_t>(take);
    bytes = bytes.subspan(take);
    if (left_ >= 0) {
      left_ -= static_cast<std::int64_t>(take);
      if (left_ == 0) close_box();
    }
  }
}

void Mp4Reader::open_box() {
  const ByteView header = header_;
  const std::uint64_t size = header.size() == 16 ? be64(header.subspan(8)) : be32(header);
  type_.assign(header_.begin() + 4, header_.begin() + 8);
  const std::size_t header_size = header_.size();
  header_.clear();
  if ((size != 0 && size < header_size) || size >= kMaxTime) {
    damage(fmt::format("a box of {} bytes", size), box_byte_);
    lost_ = true;
    return;
  }
  left_ = size == 0 ? -1 : static_cast<std::int64_t>(size - header_size);
  const bool keep = std::find(kKeptBoxes.begin(), kKeptBoxes.end(), type_) != kKeptBoxes.end();
  state_ = keep ? State::kKeep : type_ == "mdat" ? State::kMedia : State::kSkip;
  kept_.clear();
  if (keep && (left_ > kMaxKept || left_ < 0)) {
    damage(fmt::format("a {} box of {} bytes", type_, size), box_byte_);
    state_ = State::kSkip;
  }
  if (state_ == State::kMedia && !has_movie_) mp4_.unread_samples = true;
  if (left_ == 0) close_box();
}

void Mp4Reader::close_box() {
  if (type_ == "ftyp" && kept_.size() >= 4) mp4_.brand.assign(kept_.begin(), kept_.begin() + 4);
  if (state_ == State::kKeep && type_ == "moov") movie(kept_);
  if (state_ == State::kKeep && type_ == "moof") fragment(kept_);
  if (state_ == State::kMedia && mp4_.fragmented) end_fragment();
  state_ = State::kHeader;
}

// What the media data did not hold. Promises without data are cheap to write and dear to read: a file
// with many of them is given up.
void Mp4Reader::end_fragment() {
  if (next_ >= samples_.size()) return;
  damage(fmt::format("{} samples outside the media data", samples_.size() - next_), box_byte_);
  next_ = samples_.size();
  in_sample_ = false;
  lost_ = ++broken_fragments_ > kMaxBrokenFragments;
}

void Mp4Reader::movie(ByteView moov) {
  if (has_movie_) {
    if (box_byte_ == early_moov_byte_) return;
    damage("a second moov box", box_byte_);
    return;
  }
  has_movie_ = true;
  const std::int64_t body = byte_ + left_ - static_cast<std::int64_t>(moov.size());
  const auto report = [&](const std::string& what) { damage(what, box_byte_); };
  mp4::Movie movie = mp4::parse_movie(moov, report);
  mp4_.timescale = movie.timescale;
  mp4_.movie_duration = movie.duration;
  mp4_.fragment_duration = movie.fragment_duration;
  mp4_.fragmented = movie.fragmented;
  if (movie.timescale == 0) report("a movie timescale of 0");
  for (mp4::Movie::Track& track : movie.tracks) {
    if (track.log.configuration_byte >= 0) track.log.configuration_byte += body;
    if (track.log.timescale == 0 || track.log.timescale > 0x7FFFFFFF) {
      report(fmt::format("a media timescale of {}", track.log.timescale));
      track.log.timescale = 1;
    }
    for (const Mp4Track& other : mp4_.tracks) {
      if (other.id == track.log.id) report(fmt::format("two tracks with id {}", other.id));
    }
    if (!mp4_.fragmented) {
      mp4::parse_sample_table(track.sample_table, mp4_.tracks.size(), track.log, samples_, report);
    }
    mp4_.tracks.push_back(track.log);
  }
  std::stable_sort(samples_.begin(), samples_.end(),
                   [](const Sample& a, const Sample& b) { return a.offset < b.offset; });
  describe_tracks(movie);
  if (mp4_.unread_samples) {  // only what the tables say is known
    samples_.clear();
    for (const Mp4Track& track : mp4_.tracks) {
      if (mp4_.video_track >= 0 && &track == &mp4_.tracks[static_cast<std::size_t>(mp4_.video_track)]) {
        log_.video.unit_count = track.stts_samples;
        log_.video.key_count = track.stss_samples < 0 ? track.stts_samples : track.stss_samples;
      }
    }
    for (std::size_t i = 0; i < sounds_.size(); ++i) {
      if (sounds_[i]) log_.audio[sounds_[i]->audio].packets = mp4_.tracks[i].stts_samples;
    }
  }
}

void Mp4Reader::describe_tracks(const mp4::Movie& movie) {
  sounds_.resize(movie.tracks.size());
  for (std::size_t i = 0; i < movie.tracks.size(); ++i) {
    const mp4::Movie::Track& track = movie.tracks[i];
    if (track.log.handler == "vide") {
      if (++log_.video_streams > 1) continue;
      log_.has_video = true;
      mp4_.video_track = static_cast<int>(i);
      VideoLog& video = log_.video;
      video.codec = video_codec(track.codec);
      video.time_base = {1, track.log.timescale};
      const bool units = video.codec == Codec::kHevc || video.codec == Codec::kAvc;
      Framing framing = units                        ? Framing::kLengthPrefixed
                        : video.codec == Codec::kAv1 ? Framing::kObuUnits
                                                     : Framing::kOpaque;
      if (framing != Framing::kOpaque && !track.log.configuration) {
        damage(fmt::format("a sample entry {} without its decoder configuration", track.log.entry), box_byte_);
      }
      video_ = make_video_reader(video.codec, framing, track.length_bytes, video);
      for (const mp4::ConfigurationUnit& unit : track.configuration) {
        video_->configuration(unit.bytes, byte_ + left_ - static_cast<std::int64_t>(kept_.size()) +
                                              static_cast<std::int64_t>(unit.offset));
      }
    } else if (track.log.handler == "soun") {
      AudioLog& audio = log_.audio.emplace_back();
      audio.codec = track.codec;
      audio.id = static_cast<int>(track.log.id);
      audio.language = track.log.language;
      audio.sample_rate = track.log.sample_rate;
      audio.channels = track.log.channels;
      audio.time_base = {1, track.log.timescale};
      sounds_[i] = Sound{log_.audio.size() - 1, kNoTime, {}, 0};
    } else {
      ++log_.other_streams;
    }
  }
}

void Mp4Reader::fragment(ByteView moof) {
  if (!has_movie_) {
    damage("a fragment before the moov box", box_byte_);
    return;
  }
  ++mp4_.fragments;
  if (mp4_.fragmented) end_fragment();
  if (lost_) return;
  if (!mp4_.fragmented) {
    damage("a fragment in a file without mvex", box_byte_);
    return;
  }
  const auto report = [&](const std::string& what) { damage(what, box_byte_); };
  mp4::Fragment fragment = mp4::parse_fragment(moof, box_byte_, mp4_.tracks, clocks_, report);
  if (mp4_.fragments > 1 && fragment.sequence_number <= sequence_number_) {
    report(fmt::format("fragment {} after {}", fragment.sequence_number, sequence_number_));
  }
  sequence_number_ = fragment.sequence_number;
  for (const mp4::Fragment::Jump& jump : fragment.jumps) {
    if (static_cast<int>(jump.track) != mp4_.video_track) continue;
    log_.findings.fail(Property::kTimestamps, fmt::format("a fragment that starts at {}", jump.expected),
                       fmt::format("tfdt {}", jump.found), Place{log_.video.unit_count, box_byte_});
  }
  samples_ = std::move(fragment.samples);
  next_ = 0;
  in_sample_ = false;
}

// Media time to presentation time: the edit list, ISO/IEC 14496-12 8.6.6.
std::int64_t Mp4Reader::shifted(std::int64_t time, const Mp4Track& track) const {
  const std::int64_t start =
      mp4_.timescale > 0 ? rescale(track.empty_edit, {1, mp4_.timescale}, {1, track.timescale}) : 0;
  return time - track.media_start + start;
}

void Mp4Reader::open_sample(const Sample& sample) {
  const Mp4Track& track = mp4_.tracks[sample.track];
  const std::int64_t pts = shifted(sample.pts, track);
  if (static_cast<int>(sample.track) == mp4_.video_track) {
    if (mp4_.video_duration == 0) mp4_.video_duration = sample.duration;
    video_->open_unit({pts, shifted(sample.dts, track), byte_, sample.sync});
    return;
  }
  if (!sounds_[sample.track]) return;
  Sound& sound = *sounds_[sample.track];
  AudioLog& audio = log_.audio[sound.audio];
  ++audio.packets;
  audio.bytes += sample.size;
  sound.head_size = 0;
  if (audio.last_pts != kNoTime && pts <= audio.last_pts) {
    audio.backwards.add({-1, byte_});
  } else if (sound.next_dts != kNoTime && std::llabs(sample.dts - sound.next_dts) > sample.duration) {
    if (audio.gaps.count == 0) {
      audio.first_gap = fmt::format("{} ticks from where the packet before ends", sample.dts - sound.next_dts);
    }
    audio.gaps.add({-1, byte_});
  }
  sound.next_dts = sample.dts + sample.duration;
  if (audio.first_pts == kNoTime) audio.first_pts = pts;
  audio.last_pts = pts;
  audio.last_duration = sample.duration;
}

void Mp4Reader::close_sample(const Sample& sample, std::int64_t byte) {
  if (!sounds_[sample.track]) return;
  Sound& sound = *sounds_[sample.track];
  AudioLog& audio = log_.audio[sound.audio];
  // AAC in MP4 has no frame headers of its own; the rest must start like a frame.
  if (audio.codec == "aac" || !knows_audio(audio.codec)) return;
  const auto frame = parse_audio_frame(audio.codec, ByteView(sound.head).subspan(0, sound.head_size));
  if (!frame || frame->bytes > sample.size) {
    if (audio.damaged.count == 0) audio.first_damage = "a sample that does not start with a frame";
    audio.damaged.add({-1, byte});
    return;
  }
  if (audio.packets != 1) return;
  // The sample entry of these codecs says little; the frame is what is played.
  if (frame->codec != nullptr) audio.codec = frame->codec;
  if (frame->channels > 0) audio.channels = frame->channels;
}

void Mp4Reader::media(ByteView bytes) {
  std::int64_t at = byte_;
  const std::int64_t start = byte_;
  const std::int64_t end = byte_ + static_cast<std::int64_t>(bytes.size());
  while (next_ < samples_.size() && at < end) {
    const Sample& sample = samples_[next_];
    if (!in_sample_) {
      if (sample.offset < at) {
        damage("samples that overlap or lie outside the media data", at);
        ++next_;
        continue;
      }
      if (sample.offset >= end) return;
      at = sample.offset;
      byte_ = at;  // places of findings
      if (sample.size > mp4::kMaxSampleBytes) {
        damage(fmt::format("a sample of {} bytes", sample.size), at);
        ++next_;
        byte_ = start;
        continue;
      }
      open_sample(sample);
      in_sample_ = true;
      sample_left_ = sample.size;
    }
    const std::int64_t take = std::min(sample_left_, end - at);
    const ByteView piece = bytes.subspan(static_cast<std::size_t>(at - start), static_cast<std::size_t>(take));
    if (static_cast<int>(sample.track) == mp4_.video_track) {
      video_->data(piece, at);
    } else if (sounds_[sample.track]) {
      Sound& sound = *sounds_[sample.track];
      const std::size_t copy = std::min(kAudioHeaderBytes - sound.head_size, piece.size());
      std::copy_n(piece.begin(), copy, sound.head.begin() + static_cast<std::ptrdiff_t>(sound.head_size));
      sound.head_size += copy;
    }
    at += take;
    sample_left_ -= take;
    if (sample_left_ == 0) {
      close_sample(sample, at);
      in_sample_ = false;
      ++next_;
    }
    byte_ = start;
  }
}

void Mp4Reader::finish() {
  if (state_ != State::kHeader && left_ > 0)
    damage(fmt::format("a {} box that lacks {} bytes", type_, left_), box_byte_);
  if (state_ == State::kHeader && !header_.empty()) damage("a box header that is cut short", box_byte_);
  if (!has_movie_) damage("no moov box", 0);
  if (in_sample_ || (has_movie_ && !mp4_.unread_samples && next_ < samples_.size())) {
    damage(fmt::format("{} samples that are missing", samples_.size() - next_), byte_);
  }
  if (video_) video_->finish();
}

}  // namespace

std::unique_ptr<ContainerReader> make_mp4_reader(StreamLog& log, std::vector<std::uint8_t> moov,
                                                 std::int64_t moov_byte) {
  return std::make_unique<Mp4Reader>(log, std::move(moov), moov_byte);
}

}  // namespace jinsha::verify
