#include "mux/ts_muxer.h"

extern "C" {
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "mux/annexb.h"
#include "mux/file_sink.h"
#include "mux/interleaver.h"
#include "mux/lavf_output.h"
#include "mux/timeline.h"
#include "mux/ts_arrival.h"

namespace jinsha {
namespace {

constexpr std::size_t kTsBytes = 188;
constexpr int kFirstFreePid = 0x20;    // below: tables of MPEG and DVB
constexpr int kLastFreePid = 0x1ffa;   // above: ATSC PSIP and null packets
constexpr double kUsualDelay_s = 0.7;  // what broadcast encoders and the ffmpeg program use
constexpr double kDelayMargin_s = 0.3;
constexpr std::int64_t kEarlyAudio_ticks = 90'000 / 5;  // less than the margin

// EN 300 468 table 87.
int service_type(const VideoStreamInfo& video) {
  if (video.codec == Codec::kAvc) return 0x19;                              // AVC digital television, HD
  return is_hdr(video.color.transfer) && video.width > 1920 ? 0x20 : 0x1f;  // HEVC UHD with HDR : HEVC
}

// How long before its decoding time a byte is sent at most: the time the rate needs to fill the
// decoder's buffer, else a large picture would come late.
double mux_delay_s(const MuxConfig& config) {
  if (config.video_maxrate_bits_per_s <= 0 || config.video_bufsize_bits <= 0) return kUsualDelay_s;
  const double fill_s =
      static_cast<double>(config.video_bufsize_bits) / static_cast<double>(config.video_maxrate_bits_per_s);
  return std::clamp(fill_s + kDelayMargin_s, kUsualDelay_s, 10.0);
}

Interleaver::Limits limits_of(const MuxConfig& config) {
  const auto is_data = [](const StreamInfo& info) { return std::holds_alternative<DataStreamInfo>(info); };
  const auto first = std::find_if(config.streams.begin(), config.streams.end(), is_data);
  return {.first_sparse = static_cast<std::size_t>(first - config.streams.begin())};
}

class TsMuxer final : public Muxer {
 public:
  TsMuxer(const MuxConfig& config, ByteSink& sink, std::vector<Rational> time_bases)
      : time_bases_(time_bases),
        interleaver_(std::move(time_bases), limits_of(config)),
        tee_(sink, [this](auto bytes) { watch(bytes); }) {
    if (config.muxrate_bits_per_s > 0) {
      arrival_.emplace(config.muxrate_bits_per_s, config.first_es_pid, static_cast<int>(config.streams.size()));
    }
  }

  Status open(const MuxConfig& config) {
    JINSHA_ASSIGN(output_, LavfOutput::create("mpegts", 348 * kTsBytes, tee_));
    const auto& video = std::get<VideoStreamInfo>(config.streams.front());
    for (std::size_t i = 0; i < config.streams.size(); ++i) {
      JINSHA_TRY(output_->add_stream(config.streams[i], config.first_es_pid + static_cast<int>(i)));
      const auto* audio = std::get_if<AudioStreamInfo>(&config.streams[i]);
      needs_frame_.push_back(audio != nullptr && audio->codec == "ac3");
    }
    codec_ = video.codec;
    if (video.headers && !video.headers->empty()) parameter_sets_.emplace(codec_, *video.headers);
    AVFormatContext* context = output_->context();
    if (av_dict_set(&context->metadata, "service_name", config.service_name.c_str(), 0) < 0 ||
        av_dict_set(&context->metadata, "service_provider", config.service_provider.c_str(), 0) < 0) {
      return make_error(ErrorCode::kNotPossible, "no memory for the service name");
    }
    context->max_delay = static_cast<int>(mux_delay_s(config) * AV_TIME_BASE);
    JINSHA_TRY(output_->set_option("mpegts_transport_stream_id", config.transport_stream_id));
    JINSHA_TRY(output_->set_option("mpegts_service_id", config.service_id));
    JINSHA_TRY(output_->set_option("mpegts_service_type", service_type(video)));
    JINSHA_TRY(output_->set_option("mpegts_pmt_start_pid", config.pmt_pid));
    JINSHA_TRY(output_->set_option("mpegts_flags", "+system_b"));  // AC-3 and E-AC-3 as EN 300 468 annex D
    JINSHA_TRY(output_->set_option("mpegts_m2ts_mode", 0));
    JINSHA_TRY(output_->set_option("muxrate", std::max<std::int64_t>(config.muxrate_bits_per_s, 1)));  // 1: variable
    // TS 101 154 recommends a PCR every 40 ms. At a variable rate libavformat puts them only at the
    // beginning of a picture: every picture gets one.
    JINSHA_TRY(output_->set_option("pcr_period", config.muxrate_bits_per_s > 0 ? 20 : 1));
    JINSHA_TRY(output_->set_option("pat_period", "0.1"));
    JINSHA_TRY(output_->set_option("sdt_period", "0.5"));
    // An audio frame a PES packet: frames gathered in one would wait and miss their decoding times.
    JINSHA_TRY(output_->set_option("pes_payload_size", 0));
    return output_->write_header();
  }

  Status write(Packet packet) override {
    JINSHA_TRY(interleaver_.push(std::move(packet)));
    return drain();
  }

  Status finish() override {
    interleaver_.end();
    JINSHA_TRY(drain());
    JINSHA_TRY(output_->finish());
    return arrival_status_;
  }

 private:
  Status drain() {
    if (!offset_ && interleaver_.ready()) JINSHA_TRY(begin());
    while (const std::optional<Packet> packet = interleaver_.pop()) JINSHA_TRY(write_packet(*packet));
    return {};
  }

  // DTS below zero would wrap: everything moves by the same whole number of ticks.
  Status begin() {
    const auto& waiting = interleaver_.waiting();
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (!waiting[i].empty()) first = std::min(first, dts_of(waiting[i].front()));
    }
    offset_ = std::max<std::int64_t>(0, -first);
    // libavformat learns from the first AC-3 frame what its descriptor in the PMT says. The frame
    // goes in front of the first picture, before which the first PMT is written.
    for (std::size_t i = 1; i < waiting.size(); ++i) {
      if (needs_frame_[i] && !waiting[i].empty() && dts_of(waiting[i].front()) - first <= kEarlyAudio_ticks) {
        needs_frame_[i] = false;
        JINSHA_TRY(write_packet(*interleaver_.pop_from(i)));
      }
    }
    return {};
  }

  std::int64_t dts_of(const Packet& packet) const {
    return rescale_half_up(packet.dts, time_bases_[static_cast<std::size_t>(packet.stream)], kPtsTimeBase);
  }

  Status write_packet(const Packet& packet) {
    const auto i = static_cast<std::size_t>(packet.stream);
    // Too late for the first PMT: another content needs another version (ISO/IEC 13818-1 2.4.4.9).
    if (needs_frame_[i]) {
      needs_frame_[i] = false;
      JINSHA_TRY(output_->set_option("tables_version", ++tables_version_ % 32));
    }
    const auto clock = [&](std::int64_t ticks) {
      return rescale_half_up(ticks, time_bases_[i], kPtsTimeBase) + *offset_;
    };
    const std::int64_t pts = clock(packet.pts);
    const MuxTimes times{.pts = pts, .dts = clock(packet.dts), .duration = clock(packet.pts + packet.duration) - pts};
    // Copied pictures may come from where parameter sets stand in the header only; receivers tune in at key frames.
    if (i == 0 && packet.key && parameter_sets_ && !begins_with_parameter_sets(codec_, *packet.data)) {
      const std::vector<std::uint8_t> unit = with_parameter_sets(codec_, *packet.data, parameter_sets_->annexb());
      JINSHA_TRY(output_->write(packet.stream, unit, times, packet.key));
    } else {
      JINSHA_TRY(output_->write(packet.stream, *packet.data, times, packet.key));
    }
    return arrival_status_;
  }

  void watch(std::span<const std::uint8_t> bytes) {
    if (arrival_ && arrival_status_.ok()) arrival_status_ = arrival_->feed(bytes);
  }

  std::vector<Rational> time_bases_;
  Interleaver interleaver_;
  std::optional<TsArrivalCheck> arrival_;
  Status arrival_status_;
  TeeSink tee_;
  std::unique_ptr<LavfOutput> output_;  // after tee_: it writes there until it is gone
  std::optional<std::int64_t> offset_;
  Codec codec_ = Codec::kHevc;
  std::optional<ParameterSets> parameter_sets_;  // of the video's headers
  std::vector<bool> needs_frame_;                // AC-3 whose first frame was not written yet
  int tables_version_ = 0;
};

}  // namespace

Status check_ts_config(const MuxConfig& config) {
  const int last_es_pid = config.first_es_pid + static_cast<int>(config.streams.size()) - 1;
  if (config.pmt_pid < kFirstFreePid || config.pmt_pid > kLastFreePid || config.first_es_pid < kFirstFreePid ||
      last_es_pid > kLastFreePid) {
    return make_error(ErrorCode::kUsage,
                      "MPEG-TS: PMT PID 0x{:x} and stream PIDs 0x{:x} to 0x{:x} must lie in 0x{:x} to 0x{:x}",
                      config.pmt_pid, config.first_es_pid, last_es_pid, kFirstFreePid, kLastFreePid);
  }
  if (config.pmt_pid >= config.first_es_pid && config.pmt_pid <= last_es_pid) {
    return make_error(ErrorCode::kUsage, "MPEG-TS: PMT PID 0x{:x} is also the PID of stream {}", config.pmt_pid,
                      config.pmt_pid - config.first_es_pid);
  }
  for (const auto& [what, value, least] : {std::tuple("service id", config.service_id, 1),
                                           std::tuple("transport stream id", config.transport_stream_id, 0)}) {
    if (value < least || value > 0xffff) {
      return make_error(ErrorCode::kUsage, "MPEG-TS: {} {} is outside {} to 65535", what, value, least);
    }
  }
  // Both names, their lengths and two character-set bytes share one descriptor of 255 bytes.
  if (config.service_name.size() + config.service_provider.size() > 250) {
    return make_error(ErrorCode::kUsage, "MPEG-TS: service name and provider have {} bytes, 250 fit",
                      config.service_name.size() + config.service_provider.size());
  }
  if (config.muxrate_bits_per_s < 0 || config.muxrate_bits_per_s > std::numeric_limits<int>::max()) {
    return make_error(ErrorCode::kUsage, "MPEG-TS: a mux rate of {} bit/s is outside 0 to {}",
                      config.muxrate_bits_per_s, std::numeric_limits<int>::max());
  }
  const auto& video = std::get<VideoStreamInfo>(config.streams.front());
  if (config.muxrate_bits_per_s == 0 && video.frame_rate.valid() &&
      video.frame_rate.num < kLeastTsPictures * video.frame_rate.den) {
    return make_error(
        ErrorCode::kUsage,
        "MPEG-TS: a stream without a fixed mux rate has its clock (PCR) at the pictures only, and at {:.3g} "
        "frames/s they are more than the allowed 100 ms apart: give --mux.muxrate, with --bitrate or "
        "--maxrate",
        video.frame_rate.to_double());
  }
  std::int64_t needed = config.video_maxrate_bits_per_s;
  for (const StreamInfo& stream : config.streams) {
    if (const auto* audio = std::get_if<AudioStreamInfo>(&stream)) needed += audio->bitrate_bits_per_s;
  }
  // 184 of 188 bytes of a packet are payload, at most.
  needed = needed * 188 / 184;
  if (config.muxrate_bits_per_s > 0 && config.muxrate_bits_per_s < needed) {
    return make_error(ErrorCode::kUsage,
                      "MPEG-TS: a mux rate of {} bit/s is less than the {} bit/s the streams take in packets at their "
                      "highest rates; raise --mux.muxrate or lower --bitrate",
                      config.muxrate_bits_per_s, needed);
  }
  return {};
}

Result<std::unique_ptr<Muxer>> open_ts_muxer(const MuxConfig& config, ByteSink& sink, const Log& log) {
  std::vector<Rational> time_bases;
  for (const StreamInfo& stream : config.streams) {
    time_bases.push_back(std::visit([](const auto& info) { return info.time_base; }, stream));
  }
  auto muxer = std::make_unique<TsMuxer>(config, sink, std::move(time_bases));
  JINSHA_TRY(muxer->open(config));
  log.debug("MPEG-TS: {} streams from PID 0x{:x}, PMT 0x{:x}, {} bit/s, sent at most {:.2f} s ahead",
            config.streams.size(), config.first_es_pid, config.pmt_pid, config.muxrate_bits_per_s, mux_delay_s(config));
  return std::unique_ptr<Muxer>(std::move(muxer));
}

}  // namespace jinsha
