#include "mux/muxer.h"

#include "mux/elementary_muxer.h"
#include "mux/fmp4_muxer.h"
#include "mux/ts_muxer.h"

namespace jinsha {
namespace {

Status check_streams(const MuxConfig& config) {
  const ContainerRow& row = container_row(config.kind);
  if (config.streams.empty() || !std::holds_alternative<VideoStreamInfo>(config.streams.front())) {
    return make_error(ErrorCode::kInternal, "the first stream of an output must be the video");
  }
  for (std::size_t i = 0; i < config.streams.size(); ++i) {
    const auto* audio = std::get_if<AudioStreamInfo>(&config.streams[i]);
    const Rational base = std::visit([](const auto& info) { return info.time_base; }, config.streams[i]);
    if (!base.valid()) {
      return make_error(ErrorCode::kInternal, "stream {} has no valid time base ({}/{})", i, base.num, base.den);
    }
    if (const auto* data = std::get_if<DataStreamInfo>(&config.streams[i])) {
      if (config.kind == ContainerKind::kMpegTs) continue;
      return make_error(ErrorCode::kNotPossible, "{} carries no {}", row.format_name, data->codec);
    }
    if (audio == nullptr) {
      if (i > 0) return make_error(ErrorCode::kNotPossible, "{} is written with one video stream", row.format_name);
      continue;
    }
    JINSHA_TRY(audio_can_be_carried(config.kind, *audio));
    if (audio->sample_rate <= 0 || audio->channels <= 0) {
      return make_error(ErrorCode::kInput, "audio stream {} states {} Hz and {} channels", i, audio->sample_rate,
                        audio->channels);
    }
  }
  const auto& video = std::get<VideoStreamInfo>(config.streams.front());
  if (video.width <= 0 || video.height <= 0) {
    return make_error(ErrorCode::kInternal, "the video has no size ({}x{})", video.width, video.height);
  }
  return video_can_be_carried(config.kind, video.codec);
}

}  // namespace

Status check_mux_config(const MuxConfig& config) {
  JINSHA_TRY(check_streams(config));
  if (config.kind == ContainerKind::kMpegTs) return check_ts_config(config);
  if (config.kind == ContainerKind::kFragmentedMp4) return check_fmp4_config(config);
  return {};
}

Result<std::unique_ptr<Muxer>> open_muxer(const MuxConfig& config, ByteSink& sink, const Log& log) {
  JINSHA_TRY(check_mux_config(config));
  switch (config.kind) {
    case ContainerKind::kMpegTs: return open_ts_muxer(config, sink, log);
    case ContainerKind::kFragmentedMp4: return open_fmp4_muxer(config, sink, log);
    case ContainerKind::kByteStream:
    case ContainerKind::kObu: return open_elementary_muxer(config, sink);
    case ContainerKind::kIvf: return open_ivf_muxer(config, sink);
    case ContainerKind::kY4m:
    case ContainerKind::kRawFrames:
    case ContainerKind::kPng:
    case ContainerKind::kNull: break;
  }
  return make_error(ErrorCode::kInternal, "{} takes pictures, not packets", container_row(config.kind).format_name);
}

}  // namespace jinsha
