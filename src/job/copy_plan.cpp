#include "job/copy_plan.h"

#include <array>
#include <utility>

#include "mux/muxer.h"

namespace jinsha {

Status check_copy_options(const JobSpec& spec) {
  const auto given = [](const ColorOverride& color) {
    return color.primaries || color.transfer || color.matrix || color.range || color.chroma_location;
  };
  const std::array<std::pair<bool, const char*>, 39> options{{
      {spec.codec.has_value(), "--codec"},
      {!spec.speed.empty(), "--speed"},
      {!spec.tune.empty(), "--tune"},
      {!spec.profile.empty(), "--profile"},
      {!spec.encoder_params.empty(), "--encoder-param"},
      {spec.bitrate_bits_per_s > 0, "--bitrate"},
      {spec.maxrate_bits_per_s > 0, "--maxrate"},
      {spec.bufsize_bits > 0, "--bufsize"},
      {spec.crf.has_value(), "--crf"},
      {spec.qp.has_value(), "--qp"},
      {spec.cbr, "--cbr"},
      {spec.passes > 1, "--passes"},
      {spec.gop.has_value(), "--gop"},
      {!spec.level.empty(), "--level"},
      {spec.tier.has_value(), "--tier"},
      {!spec.keyframes.empty(), "--keyframes"},
      {spec.width > 0, "--size"},
      {spec.fit != Fit::kPad, "--fit"},
      {spec.scale_filter != ScaleFilter::kLanczos, "--scale-filter"},
      {spec.crop || spec.crop_auto, "--crop"},
      {spec.deinterlace != Deinterlace::kAuto, "--deinterlace"},
      {given(spec.input_color), "--input-color and its kin"},
      {given(spec.output_color), "--color and its kin"},
      {spec.depth > 0, "--depth"},
      {spec.chroma.has_value(), "--chroma"},
      {spec.tone_map != ToneMap::kAuto, "--tone-map"},
      {spec.tone_map_on != ToneMapOn::kMaxRgb, "--tone-map-on"},
      {spec.gamut != GamutMap::kClip, "--gamut"},
      {!spec.lut.empty(), "--lut"},
      {spec.dither != DitherMode::kAuto, "--dither"},
      {spec.source_peak_nits.has_value() || spec.source_peak_measured, "--source-peak"},
      {spec.measure_first, "--measure"},
      {spec.target_peak_nits.has_value(), "--target-peak"},
      {!spec.keep_hdr_metadata, "--hdr-metadata"},
      {spec.range_start || spec.range_end, "--range"},
      {spec.frames > 0, "--frames"},
      {spec.input_format.has_value(), "--input-format"},
      {spec.device != JobSpec().device, "--device"},
      {spec.decoder != DecoderChoice::kAuto, "--decoder"},
  }};
  for (const auto& [set, name] : options) {
    if (set) {
      return make_error(ErrorCode::kUsage,
                        "{} with --encoder copy: copied pictures stay as they are coded, from the first to the last; "
                        "leave it out or choose another encoder",
                        name);
    }
  }
  return {};
}

Status plan_copied_video(const SourceInfo& source, Plan& plan) {
  const SourceVideo& from = source.video;
  JINSHA_TRY(video_can_be_carried(plan.kind, from.codec));
  plan.copied = plan.captions = true;
  plan.frame_count = from.frame_count;
  EncoderSettings& video = plan.video;
  video.version = "copied";
  video.codec = from.codec;
  video.profile = from.profile;
  video.width = from.width;
  video.height = from.height;
  video.format = from.format;
  video.frame_rate = from.frame_rate;
  video.sample_aspect = from.sample_aspect;
  video.color = from.color;
  video.hdr = from.hdr;

  const auto note = [&](PlanNote::Kind kind, std::string what) { plan.notes.push_back({kind, std::move(what)}); };
  note(PlanNote::Kind::kKept, fmt::format("{} pictures as they are coded", from.codec_name));
  for (const std::string& name : from.dynamic_metadata)
    note(PlanNote::Kind::kKept, name + ", as far as it stands in the coded pictures");
  if (from.variable_rate && plan.kind == ContainerKind::kMpegTs) {
    plan.warnings.emplace_back(
        "The times of the pictures vary and are kept: where more than 100 ms lie between two, MPEG-TS needs "
        "--mux.muxrate for its clock.");
  }
  if (from.rotation_degrees != 0 || from.mirrored) {
    note(PlanNote::Kind::kDropped,
         fmt::format("the container's rotation by {} degrees{}: no output carries it, players will show the pictures "
                     "as they are coded",
                     from.rotation_degrees, from.mirrored ? ", mirrored" : ""));
  }
  return {};
}

}  // namespace jinsha
