#include "mux/fmp4_muxer.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "mux/annexb.h"
#include "mux/interleaver.h"
#include "mux/lavf_output.h"
#include "mux/timeline.h"

namespace jinsha {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10;
constexpr std::int64_t kLeastTimescale = 10'000;
constexpr double kLongestWait_s = 10.0;  // for the first packet of every stream

// Ticks a second in which frame times are whole: 60000 for 59.94, 50000 for 50.
std::int64_t video_timescale(const VideoStreamInfo& video) {
  // Copied pictures may stand on a clock of their own.
  const bool own = !(video.time_base == video.frame_rate.inverse());
  const Rational rate = own ? video.time_base.inverse().reduced() : video.frame_rate.reduced();
  std::int64_t scale = rate.num;
  while (scale < kLeastTimescale) scale *= 10;
  return scale;
}

// Edits are in the movie's own ticks: a whole number of every track's, where 31 bits allow.
std::int64_t movie_timescale(const MuxConfig& config) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  std::int64_t scale = 1;
  for (const StreamInfo& stream : config.streams) {
    const auto* audio = std::get_if<AudioStreamInfo>(&stream);
    const std::int64_t own = audio ? audio->sample_rate : video_timescale(std::get<VideoStreamInfo>(stream));
    const Int128 both = static_cast<Int128>(scale) / std::gcd(scale, own) * own;
    if (both > kMost) return std::max<std::int64_t>(scale, 90'000);
    scale = static_cast<std::int64_t>(both);
  }
  return scale;
}

unsigned sample_entry(Codec codec) {
  switch (codec) {
    case Codec::kHevc: return MKTAG('h', 'v', 'c', '1');
    case Codec::kAvc: return MKTAG('a', 'v', 'c', '1');
    default: return MKTAG('a', 'v', '0', '1');
  }
}

class Fmp4Muxer final : public Muxer {
 public:
  Fmp4Muxer(const MuxConfig& config, std::vector<Rational> time_bases, const Log& log)
      : streams_(config.streams),
        time_bases_(time_bases),
        fragment_s_(config.fragment_s),
        log_(log),
        interleaver_(std::move(time_bases)),
        tracks_(config.streams.size()) {}

  Status open(const MuxConfig& config, ByteSink& sink) {
    JINSHA_ASSIGN(output_, LavfOutput::create("mp4", kPieceBytes, sink));
    auto& video = std::get<VideoStreamInfo>(streams_.front());
    if (!video.headers || video.headers->empty()) {
      return make_error(ErrorCode::kInternal, "MP4 needs the parameter sets of the video before its first packet");
    }
    if (video.codec != Codec::kAv1) {
      parameter_sets_.emplace(video.codec, *video.headers);
      if (!parameter_sets_->complete()) {
        return make_error(ErrorCode::kInput, "MP4: the headers of the {} video lack a parameter set",
                          name_of(video.codec));
      }
      video.headers = make_bytes(parameter_sets_->annexb());
    }
    for (const StreamInfo& stream : streams_) JINSHA_TRY(output_->add_stream(stream, 0));
    // FFmpeg 5.1 writes FLAC's sample entry, standard since, only when asked for experiments.
    output_->context()->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    output_->context()->streams[0]->codecpar->codec_tag = sample_entry(video.codec);
    // frag_custom: fragments end where we say. delay_moov: the header waits for the first packets,
    // from which edits and the boxes of AC-3 and E-AC-3 are made.
    std::string flags = "+frag_custom+delay_moov+default_base_moof";
    const ColorInfo unspecified{.range = video.color.range, .chroma_location = video.color.chroma_location};
    if (!(video.color == unspecified)) flags += "+write_colr";
    JINSHA_TRY(output_->set_option("movflags", flags));
    JINSHA_TRY(output_->set_option("use_editlist", 1));
    JINSHA_TRY(output_->set_option("video_track_timescale", video_timescale(video)));
    JINSHA_TRY(output_->set_option("movie_timescale", movie_timescale(config)));
    return output_->write_header();
  }

  Status write(Packet packet) override {
    JINSHA_TRY(interleaver_.push(std::move(packet)));
    return drain();
  }

  Status finish() override {
    interleaver_.end();
    JINSHA_TRY(drain());
    for (std::size_t i = 0; i < tracks_.size(); ++i) JINSHA_TRY(write_pending(i, std::nullopt));
    return output_->finish();
  }

 private:
  // A packet is written when the next of its stream is known: the time between them is its
  // duration, which libavformat needs exactly at the end of a fragment.
  struct Track {
    std::optional<Packet> pending;
    MuxTimes times;  // of pending
    bool started = false;
    std::int64_t samples_after = 0;  // audio: where the sample grid expects the next packet
  };

  Status drain() {
    while (std::optional<Packet> packet = interleaver_.pop()) {
      const auto i = static_cast<std::size_t>(packet->stream);
      const MuxTimes times = times_of(*packet);
      JINSHA_TRY(write_pending(i, times.dts));
      if (i == 0 && packet->key) JINSHA_TRY(maybe_end_fragment(times.dts));
      tracks_[i].times = times;
      tracks_[i].pending = std::move(packet);
    }
    return {};
  }

  MuxTimes times_of(const Packet& packet) {
    const auto i = static_cast<std::size_t>(packet.stream);
    const Rational from = time_bases_[i];
    const Rational to = output_->time_base(packet.stream);
    MuxTimes times;
    times.pts = rescale_half_up(packet.pts, from, to);
    times.dts = rescale_half_up(packet.dts, from, to);
    times.duration = rescale_half_up(packet.dts + packet.duration, from, to) - times.dts;
    if (const auto* audio = std::get_if<AudioStreamInfo>(&streams_[i]); audio && audio->frame_size > 0) {
      // Times rounded to a coarser clock on their way here: back onto the sample grid.
      Track& track = tracks_[i];
      const std::int64_t tolerance = 1 + rescale_half_up(1, from, to);
      const std::int64_t off = track.samples_after - times.dts;
      if (track.pending && std::abs(off) <= tolerance) {
        times.dts += off;
        times.pts += off;
      }
      track.samples_after = times.dts + audio->frame_size;
      if (std::abs(times.duration - audio->frame_size) <= tolerance) times.duration = audio->frame_size;
    }
    return times;
  }

  Status write_pending(std::size_t i, std::optional<std::int64_t> next_dts) {
    Track& track = tracks_[i];
    if (!track.pending) return {};
    const Packet packet = *std::exchange(track.pending, std::nullopt);
    MuxTimes times = track.times;
    if (next_dts) times.duration = *next_dts - times.dts;
    if (times.duration <= 0 && i == 0) times.duration = frame_ticks();
    // libavformat aborts the program on a duration that does not fit.
    if (times.duration < 0 || times.duration > std::numeric_limits<std::int32_t>::max()) {
      return make_error(ErrorCode::kInput, "MP4: stream {}: {} ticks after DTS {} is no duration of a packet", i,
                        times.duration, times.dts);
    }
    if (!std::exchange(track.started, true) && i == 0) fragment_dts_ = times.dts;
    std::span<const std::uint8_t> data(*packet.data);
    std::vector<std::uint8_t> without_parameter_sets;
    if (i == 0 && parameter_sets_) {
      ParameterSets::Stripped stripped = parameter_sets_->strip(data);
      if (stripped.foreign && !std::exchange(foreign_reported_, true)) {
        log_.warning(
            "MP4: the video changes its parameter sets within the stream; players that use only those of the "
            "header will fail");
      }
      without_parameter_sets = std::move(stripped.access_unit);
      if (!without_parameter_sets.empty()) data = without_parameter_sets;
    }
    return output_->write(static_cast<int>(i), data, times, packet.key || i > 0);
  }

  std::int64_t frame_ticks() const {
    const auto& video = std::get<VideoStreamInfo>(streams_.front());
    return rescale_half_up(1, video.frame_rate.inverse(), output_->time_base(0));
  }

  Status maybe_end_fragment(std::int64_t key_dts) {
    if (!tracks_.front().started) return {};
    const double lasted_s = static_cast<double>(key_dts - fragment_dts_) * output_->time_base(0).to_double();
    const double half_frame_s = static_cast<double>(frame_ticks()) * output_->time_base(0).to_double() / 2;
    if (lasted_s < fragment_s_ - half_frame_s) return {};
    const auto late = std::find_if(tracks_.begin(), tracks_.end(), [](const Track& track) { return !track.started; });
    if (late != tracks_.end()) {
      if (lasted_s < std::max(kLongestWait_s, fragment_s_)) return {};
      // Its first time belongs into the header, which cannot wait longer without holding the video.
      return make_error(ErrorCode::kInput,
                        "MP4: audio stream {} has not begun {:.0f} s after the video; leave it out or write .ts",
                        late - tracks_.begin(), lasted_s);
    }
    fragment_dts_ = key_dts;
    JINSHA_TRY(output_->flush_muxer());
    // The first flush writes only the delayed header.
    if (!std::exchange(header_out_, true)) JINSHA_TRY(output_->flush_muxer());
    return {};
  }

  std::vector<StreamInfo> streams_;
  std::vector<Rational> time_bases_;
  double fragment_s_;
  Log log_;
  Interleaver interleaver_;
  std::vector<Track> tracks_;
  std::optional<ParameterSets> parameter_sets_;
  std::unique_ptr<LavfOutput> output_;
  std::int64_t fragment_dts_ = 0;
  bool header_out_ = false;
  bool foreign_reported_ = false;
};

}  // namespace

Status check_fmp4_config(const MuxConfig& config) {
  if (!(config.fragment_s > 0 && config.fragment_s <= 60)) {
    return make_error(ErrorCode::kUsage, "MP4: a fragment of {} s is outside 0 to 60 s", config.fragment_s);
  }
  for (std::size_t i = 1; i < config.streams.size(); ++i) {
    const auto& audio = std::get<AudioStreamInfo>(config.streams[i]);
    // Framed as ADTS, as it is in transport streams, it would be unplayable.
    if (audio.codec == "aac" && (!audio.headers || audio.headers->empty())) {
      return make_error(ErrorCode::kInput, "MP4: audio stream {} is AAC without an AudioSpecificConfig", i);
    }
  }
  return {};
}

Result<std::unique_ptr<Muxer>> open_fmp4_muxer(const MuxConfig& config, ByteSink& sink, const Log& log) {
  std::vector<Rational> time_bases;
  for (const StreamInfo& stream : config.streams) {
    time_bases.push_back(std::visit([](const auto& info) { return info.time_base; }, stream));
  }
  auto muxer = std::make_unique<Fmp4Muxer>(config, std::move(time_bases), log);
  JINSHA_TRY(muxer->open(config, sink));
  return std::unique_ptr<Muxer>(std::move(muxer));
}

}  // namespace jinsha
