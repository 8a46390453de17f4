#include "job/output_config.h"

namespace jinsha {

HdrMetadata coded_hdr(HdrMetadata hdr) {
  if (hdr.content_light == ContentLight{}) hdr.content_light.reset();
  return hdr;
}

VideoStreamInfo output_video(const Plan& plan, const ImagePlan& image, const SourceVideo& source) {
  VideoStreamInfo video;
  video.codec = plan.coded ? plan.video.codec : Codec::kRaw;
  video.width = plan.copied ? source.width : image.output.width;
  video.height = plan.copied ? source.height : image.output.height;
  video.format = plan.copied ? source.format : image.output.format;
  video.frame_rate = source.frame_rate;
  video.time_base = video.frame_rate.inverse();
  video.sample_aspect = plan.coded ? plan.video.sample_aspect : image.output.sample_aspect;
  // What the encoder really writes: --encoder-param may say other than the picture's own.
  video.color = plan.coded ? plan.video.color : image.output.color;
  video.hdr = plan.coded ? plan.video.hdr : image.output.hdr;
  video.reorder_frames = plan.coded ? plan.video.b_frames : 0;
  return video;
}

MuxConfig mux_config(const Plan& plan, VideoStreamInfo video) {
  MuxConfig config;
  config.kind = plan.kind;
  config.streams.emplace_back(std::move(video));
  for (const PlannedAudio& audio : plan.audio) config.streams.emplace_back(audio.info);
  for (const PlannedData& data : plan.data) config.streams.emplace_back(data.info);
  config.muxrate_bits_per_s = plan.muxrate_bits_per_s;
  config.video_maxrate_bits_per_s = plan.video.rate.maxrate_bits_per_s;
  config.video_bufsize_bits = plan.video.rate.bufsize_bits;
  config.service_name = plan.service_name;
  config.service_provider = plan.service_provider;
  config.service_id = plan.service_id;
  config.pmt_pid = plan.pmt_pid;
  config.first_es_pid = plan.first_es_pid;
  config.fragment_s = plan.fragment_s;
  return config;
}

}  // namespace jinsha
