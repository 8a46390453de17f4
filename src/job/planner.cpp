// Over 400 lines: one class, whose steps use what the earlier ones found.
#include "job/planner.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <utility>

#include "base/os.h"
#include "encode/encoder.h"
#include "job/audio_plan.h"
#include "job/copy_plan.h"
#include "job/level_text.h"
#include "job/light_scan.h"
#include "job/memory_plan.h"
#include "job/output_check.h"
#include "job/output_config.h"
#include "mux/muxer.h"

namespace jinsha {
namespace {

// 0 when unknown.
std::uint64_t file_bytes(const std::string& path) {
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(path, error);
  return error ? 0 : bytes;
}

std::int64_t frame_of(const SourcePoint& point, Rational frame_rate) {
  return point.is_frame ? point.frame : std::llround(point.seconds * frame_rate.to_double());
}

class Planner {
 public:
  Planner(const JobSpec& spec, const Source& source) : spec_(spec), source_(source), info_(source.info()) {}

  Result<PlannedJob> make() {
    JINSHA_TRY(plan_output());
    JINSHA_TRY(check_options_apply(spec_, plan_.kind, plan_.coded));
    if (spec_.encoder == kCopyEncoder) {
      JINSHA_TRY(plan_copied_video(info_, plan_));
    } else {
      JINSHA_TRY(plan_span());
      JINSHA_TRY(plan_image_work());
      if (plan_.coded) JINSHA_TRY(plan_encoder());
    }
    JINSHA_TRY(plan_audio(spec_, info_, plan_));
    plan_other_streams();
    JINSHA_TRY(plan_container());
    plan_.threads = threads();
    plan_.decode_threads = threads();
    plan_memory(plan_, image_, source_);
    JINSHA_TRY(check_memory(plan_, spec_.max_memory_bytes));
    if (is_file_output(spec_.output, plan_.kind)) {
      JINSHA_TRY(check_output(spec_.output, spec_.input, spec_.overwrite, expected_bytes()));
    }
    return PlannedJob{std::move(plan_), std::move(image_), std::move(scenes_)};
  }

 private:
  void note(PlanNote::Kind kind, std::string what) { plan_.notes.push_back({kind, std::move(what)}); }

  Status plan_output() {
    if (spec_.output.empty()) return make_error(ErrorCode::kUsage, "there is no output: give -o FILE");
    plan_.input = spec_.input;
    plan_.output = spec_.output;
    JINSHA_ASSIGN(plan_.kind, output_kind(spec_.output, spec_.format));
    plan_.coded = container_row(plan_.kind).coded;
    plan_.warnings = info_.warnings;
    for (const std::string& conflict : info_.video.conflicts) plan_.warnings.push_back(conflict);
    return {};
  }

  Status plan_span() {
    const Rational fps = info_.video.frame_rate;
    if (spec_.range_start) plan_.first_frame = frame_of(*spec_.range_start, fps);
    std::int64_t available = info_.video.frame_count > 0 ? info_.video.frame_count - plan_.first_frame : 0;
    if (info_.video.frame_count > 0 && available <= 0) {
      return make_error(ErrorCode::kUsage, "--range: starts at frame {}, but {} has only {} frames", plan_.first_frame,
                        spec_.input, info_.video.frame_count);
    }
    std::int64_t wanted = 0;
    if (spec_.range_end) {
      wanted = frame_of(*spec_.range_end, fps) - plan_.first_frame;
      if (wanted <= 0) return make_error(ErrorCode::kUsage, "--range: the end is not after the start");
    }
    if (plan_.kind == ContainerKind::kPng) {
      if (spec_.frames > 1)
        return make_error(ErrorCode::kUsage, "--frames {}: a PNG holds one picture; leave --frames out", spec_.frames);
      wanted = 1;
    }
    if (spec_.frames > 0) wanted = wanted > 0 ? std::min(wanted, spec_.frames) : spec_.frames;
    plan_.exact_frame_count = info_.video.exact_frame_count;
    plan_.frame_count = available > 0 && wanted > 0 ? std::min(available, wanted) : std::max(available, wanted);
    plan_.frame_limit = wanted;
    return {};
  }

  Status plan_image_work() {
    const SourceVideo& video = info_.video;
    ImageRequest request;
    request.source = {.format = video.format,
                      .width = video.width,
                      .height = video.height,
                      .color = video.color,
                      .hdr = video.hdr,
                      .sample_aspect = video.sample_aspect};
    request.orientation = {video.rotation_degrees, video.mirrored};
    request.crop = spec_.crop;
    apply(spec_.input_color, request.source.color);
    apply(spec_.output_color, request.color);
    request.width = spec_.width;
    request.height = spec_.height;
    request.fit = spec_.fit;
    request.scale_filter = spec_.scale_filter;
    request.tone_map = spec_.tone_map;
    request.tone_map_on = spec_.tone_map_on;
    request.gamut = spec_.gamut;
    request.dither = spec_.dither;
    if (!spec_.lut.empty()) {
      JINSHA_ASSIGN(CubeLut lut, read_cube(spec_.lut));
      request.lut = std::make_shared<const CubeLut>(std::move(lut));
      request.lut_place = spec_.lut_place;
    }
    request.source_peak_nits = spec_.source_peak_nits;
    for (const SceneLight& scene : spec_.scenes)
      request.source_peak_nits = std::max(request.source_peak_nits.value_or(1), scene.peak_nits);
    request.target_peak_nits = spec_.target_peak_nits;
    request.keep_hdr_metadata = spec_.keep_hdr_metadata;
    request.measured_light = spec_.content_light;
    JINSHA_TRY(plan_format(request));
    if (plan_.coded) make_even(request);
    JINSHA_ASSIGN(image_, plan_image(request));
    JINSHA_TRY(check_measuring());
    JINSHA_TRY(plan_scenes(request));
    for (const std::string& text : image_.notes) note(PlanNote::Kind::kAssumed, text);
    for (const std::string& text : info_.converted) note(PlanNote::Kind::kConverted, text);
    for (const std::string& text : image_.converted) note(PlanNote::Kind::kConverted, text);
    for (const std::string& text : image_.dropped) note(PlanNote::Kind::kDropped, text);
    for (const std::string& text : info_.losses) note(PlanNote::Kind::kDropped, text);
    plan_.captions = backend_ != nullptr && backend_->capabilities().captions;
    for (const std::string& text : video.dynamic_metadata) {
      const bool kept = plan_.captions && text == kCaptions;
      note(kept ? PlanNote::Kind::kKept : PlanNote::Kind::kDropped,
           kept ? text : text + " (not carried by this version)");
    }
    return {};
  }

  // One program a scene, of curves from its own peak. Peaks count in steps, so that many scenes share a program.
  Status plan_scenes(ImageRequest request) {
    if (spec_.scenes.empty()) return {};
    const auto [least, most] =
        std::minmax_element(spec_.scenes.begin(), spec_.scenes.end(),
                            [](const SceneLight& a, const SceneLight& b) { return a.peak_nits < b.peak_nits; });
    note(PlanNote::Kind::kAssumed,
         fmt::format("peak of the source measured: {} scene{}, {:.0f} to {:.0f} cd/m2", spec_.scenes.size(),
                     spec_.scenes.size() == 1 ? "" : "s", least->peak_nits, most->peak_nits));
    plan_.scenes = spec_.scenes;
    // A curve from the target's own peak changes nothing, but every scene is to have one.
    constexpr double kJustAbove = 1.001, kStepsOfOctave = 32;
    const double target = image_.target_peak_nits * kJustAbove;
    if (most->peak_nits <= target) return {};
    std::map<double, std::shared_ptr<const kernels::PictureProgram>> programs;
    for (const SceneLight& scene : spec_.scenes) {
      const double step = std::exp2(std::ceil(std::log2(scene.peak_nits) * kStepsOfOctave) / kStepsOfOctave);
      request.source_peak_nits = std::clamp(step, target, std::max(target, most->peak_nits));
      auto& program = programs[*request.source_peak_nits];
      if (!program) {
        JINSHA_ASSIGN(ImagePlan image, plan_image(request));
        program = std::make_shared<const kernels::PictureProgram>(std::move(image.program));
      }
      if (scenes_.empty() || scenes_.back().program != program) scenes_.push_back({scene.first_frame, program});
    }
    return {};
  }

  // Whether there is light that can be measured.
  Status check_measuring() const {
    if (spec_.source_peak_measured && !nits_of_signal(image_.source.color)) {
      return make_error(ErrorCode::kUsage,
                        "--source-peak measure: the source is {}, whose peak follows from its definition; leave it out",
                        name_of(image_.source.color.transfer));
    }
    if (spec_.measure_first && image_.output.color.transfer != Transfer::kPq) {
      return make_error(
          ErrorCode::kUsage,
          "--measure first: MaxCLL and MaxFALL belong to PQ, the output is {}; leave it out or add --color pq",
          name_of(image_.output.color.transfer));
    }
    return {};
  }

  // Subsampled pictures are coded in whole chroma samples: where nobody chose a size, the odd row or column goes.
  void make_even(ImageRequest& request) {
    if (request.width > 0 || request.crop) return;
    const bool turned = request.orientation.rotation_degrees % 180 != 0;
    const int width = turned ? request.source.height : request.source.width;
    const int height = turned ? request.source.width : request.source.height;
    const Rectangle even{.width = width >> request.format.chroma_shift_x() << request.format.chroma_shift_x(),
                         .height = height >> request.format.chroma_shift_y() << request.format.chroma_shift_y()};
    if ((even.width == width && even.height == height) || even.width == 0 || even.height == 0) return;
    request.crop = even;
    note(PlanNote::Kind::kDropped,
         fmt::format("the last {}{}{} of {}x{}: {} has whole chroma samples only; --size or --crop choose otherwise",
                     even.width != width ? "column" : "", even.width != width && even.height != height ? " and " : "",
                     even.height != height ? "row" : "", width, height, describe(request.format)));
  }

  static void apply(const ColorOverride& from, ColorInfo& to) {
    if (from.primaries) to.primaries = *from.primaries;
    if (from.transfer) to.transfer = *from.transfer;
    if (from.matrix) to.matrix = *from.matrix;
    if (from.range) to.range = *from.range;
    if (from.chroma_location) to.chroma_location = *from.chroma_location;
  }

  // Depth and chroma of the output: as asked, else the source's, moved into what the encoder takes.
  Status plan_format(ImageRequest& request) {
    request.format = info_.video.format;
    if (spec_.depth > 0) request.format.depth = spec_.depth;
    if (spec_.chroma) request.format.chroma = *spec_.chroma;
    Transfer transfer = request.color.transfer;
    if (transfer == Transfer::kUnspecified) transfer = request.source.color.transfer;
    if (spec_.depth == 0 && (is_hdr(transfer) || is_camera_log(transfer)))
      request.format.depth = std::max(request.format.depth, 10);
    if (request.color.transfer == Transfer::kDcdm) {  // ST 428-1
      if (spec_.depth == 0) request.format.depth = 12;
      if (!spec_.chroma) request.format.chroma = Chroma::k444;
    }
    if (!plan_.coded) return {};

    JINSHA_ASSIGN(backend_, choose_encoder());
    const EncoderCapabilities can = backend_->capabilities();
    if (std::find(can.depths.begin(), can.depths.end(), request.format.depth) == can.depths.end()) {
      if (spec_.depth > 0) {
        return make_error(ErrorCode::kNotPossible,
                          "--depth {}: {} does not code {} bits a sample; leave --depth out or choose another encoder",
                          spec_.depth, backend_->name, spec_.depth);
      }
      const int before = request.format.depth;
      int best = can.depths.front();
      for (const int depth : can.depths) {
        if (std::abs(depth - before) < std::abs(best - before)) best = depth;
      }
      request.format.depth = best;
      note(PlanNote::Kind::kConverted,
           fmt::format("{}-bit samples to {}-bit: {} has no {}-bit", before, best, backend_->name, before));
    }
    if (std::find(can.chromas.begin(), can.chromas.end(), request.format.chroma) == can.chromas.end()) {
      if (spec_.chroma) {
        return make_error(ErrorCode::kNotPossible,
                          "--chroma {}: {} does not code it; leave --chroma out or choose another encoder",
                          name_of(*spec_.chroma), backend_->name);
      }
      note(PlanNote::Kind::kConverted,
           fmt::format("chroma {} to 420: {} codes only 4:2:0", name_of(request.format.chroma), backend_->name));
      request.format.chroma = Chroma::k420;
    }
    return {};
  }

  Result<const EncoderBackend*> choose_encoder() const {
    const std::vector<Codec>& carried = container_row(plan_.kind).codecs;
    Codec codec = spec_.codec.value_or(Codec::kUnknown);
    std::string name = spec_.encoder;
    if (name.empty()) {
      if (codec == Codec::kUnknown && !carried.empty()) codec = carried.front();
      name = codec == Codec::kAv1 ? "svt-av1" : "x265";
    }
    JINSHA_ASSIGN(const EncoderBackend* const backend, find_encoder(name));
    if (codec != Codec::kUnknown) {
      const std::vector<Codec> codecs = backend->capabilities().codecs;
      if (std::find(codecs.begin(), codecs.end(), codec) == codecs.end()) {
        return make_error(ErrorCode::kUsage, "--codec {}: {} does not write it; choose another --encoder",
                          jinsha::name_of(codec), name);
      }
    }
    if (const auto version = backend->available(); !version.ok()) return version.error();
    return backend;
  }

  Status plan_rate(RateControl& rate, const EncoderCapabilities& can) {
    if (spec_.crf && spec_.qp) return make_error(ErrorCode::kUsage, "--crf and --qp exclude each other; give one");
    if ((spec_.crf || spec_.qp) && spec_.bitrate_bits_per_s > 0) {
      return make_error(ErrorCode::kUsage,
                        "--bitrate excludes --crf and --qp; to cap a CRF encode give --crf with --maxrate");
    }
    if (spec_.cbr && spec_.bitrate_bits_per_s == 0) return make_error(ErrorCode::kUsage, "--cbr needs --bitrate");
    if (spec_.cbr && spec_.maxrate_bits_per_s > 0 && spec_.maxrate_bits_per_s != spec_.bitrate_bits_per_s) {
      return make_error(ErrorCode::kUsage, "--cbr: the rate is constant at --bitrate; leave --maxrate out");
    }
    if (spec_.qp) {
      rate.mode = RateControl::Mode::kQp;
      rate.qp = *spec_.qp;
    } else if (spec_.bitrate_bits_per_s > 0) {
      rate.mode = spec_.cbr ? RateControl::Mode::kCbr : RateControl::Mode::kVbr;
      rate.bitrate_bits_per_s = spec_.bitrate_bits_per_s;
    } else {
      rate.mode = RateControl::Mode::kCrf;
      rate.crf = spec_.crf.value_or(can.default_crf);
    }
    if (spec_.passes > 1) JINSHA_TRY(check_passes(rate, can));
    rate.maxrate_bits_per_s = spec_.maxrate_bits_per_s;
    rate.bufsize_bits = spec_.bufsize_bits;
    if (rate.bufsize_bits > 0 && rate.maxrate_bits_per_s == 0 && rate.bitrate_bits_per_s == 0) {
      return make_error(ErrorCode::kUsage, "--bufsize needs --maxrate or --bitrate");
    }
    // A transport stream feeds a decoder with a finite buffer: an average rate alone is no promise.
    const bool broadcast = plan_.kind == ContainerKind::kMpegTs && can.hrd;
    if (rate.maxrate_bits_per_s == 0 && rate.bitrate_bits_per_s > 0 &&
        (spec_.cbr || broadcast || rate.bufsize_bits > 0)) {
      rate.maxrate_bits_per_s = rate.bitrate_bits_per_s;
    }
    if (rate.maxrate_bits_per_s > 0 && rate.maxrate_bits_per_s < rate.bitrate_bits_per_s) {
      return make_error(ErrorCode::kUsage, "--maxrate {} is below --bitrate {}", rate.maxrate_bits_per_s,
                        rate.bitrate_bits_per_s);
    }
    if (rate.maxrate_bits_per_s == 0 && rate.mode == RateControl::Mode::kCrf && can.hrd && needs_fixed_muxrate()) {
      rate.maxrate_bits_per_s = generous_rate();
      note(PlanNote::Kind::kAssumed,
           fmt::format("--maxrate {}: so few pictures a second need a transport stream of constant rate",
                       rate.maxrate_bits_per_s));
    }
    if (rate.bufsize_bits == 0) rate.bufsize_bits = rate.maxrate_bits_per_s;
    return {};
  }

  Status check_passes(const RateControl& rate, const EncoderCapabilities& can) const {
    if (rate.mode != RateControl::Mode::kVbr) {
      return make_error(ErrorCode::kUsage,
                        "--passes {}: a second pass spreads the bits of an average rate: give --bitrate{}",
                        spec_.passes, spec_.cbr ? " without --cbr" : "");
    }
    if (can.passes < 2) {
      return make_error(ErrorCode::kNotPossible,
                        "--passes {}: {} has no second pass here; leave it out or choose x265 or svt-av1", spec_.passes,
                        backend_->name);
    }
    if (spec_.input == "-") {
      return make_error(ErrorCode::kUsage, "--passes {}: standard input can be read only once; name a file",
                        spec_.passes);
    }
    return {};
  }

  bool needs_fixed_muxrate() const {
    const Rational fps = info_.video.frame_rate;
    return plan_.kind == ContainerKind::kMpegTs && fps.num < kLeastTsPictures * fps.den;
  }

  // Two bits a luma sample: several times what pictures need.
  std::int64_t generous_rate() const {
    const double samples = static_cast<double>(image_.output.width) * image_.output.height;
    return std::max<std::int64_t>(1'000'000, std::llround(2 * samples * info_.video.frame_rate.to_double()));
  }

  Status plan_encoder() {
    const EncoderCapabilities can = backend_->capabilities();
    const PictureSide& picture = image_.output;
    EncoderConfig& config = plan_.encoder;
    config.encoder = backend_->name;
    const std::vector<Codec>& carried = container_row(plan_.kind).codecs;
    config.codec = spec_.codec.value_or(can.codecs.front());
    if (!spec_.codec && std::find(can.codecs.begin(), can.codecs.end(), carried.front()) != can.codecs.end())
      config.codec = carried.front();
    JINSHA_TRY(video_can_be_carried(plan_.kind, config.codec));
    config.format = picture.format;
    config.width = picture.width;
    config.height = picture.height;
    config.frame_rate = info_.video.frame_rate;
    config.sample_aspect = picture.sample_aspect;
    config.color = picture.color;
    config.hdr = coded_hdr(picture.hdr);
    JINSHA_TRY(plan_rate(config.rate, can));
    config.speed = spec_.speed.empty() ? can.default_speed : spec_.speed;
    config.tune = spec_.tune;
    config.profile = spec_.profile;
    config.tier = spec_.tier;
    if (!spec_.level.empty()) {
      JINSHA_ASSIGN(config.level_idc, parse_level(config.codec, spec_.level));
    }
    const GopLength gop = spec_.gop.value_or(GopLength{.seconds = plan_.kind == ContainerKind::kMpegTs ? 1.0 : 2.0});
    config.gop_frames = static_cast<int>(
        gop.frames > 0 ? gop.frames : std::max(1L, std::lround(gop.seconds * config.frame_rate.to_double())));
    for (const SourcePoint& point : spec_.keyframes) {
      config.keyframes.push_back(frame_of(point, config.frame_rate) - plan_.first_frame);
    }
    std::sort(config.keyframes.begin(), config.keyframes.end());
    config.access_unit_delimiters = config.codec == Codec::kHevc && plan_.kind == ContainerKind::kMpegTs;
    config.hrd = can.hrd && config.rate.bufsize_bits > 0;
    config.repeat_headers = plan_.kind != ContainerKind::kFragmentedMp4;
    config.threads = threads();
    config.total_frames = plan_.exact_frame_count ? plan_.frame_count : 0;
    config.passes = spec_.passes > 1 ? can.passes : 1;
    config.params = spec_.encoder_params;
    JINSHA_ASSIGN(plan_.video, backend_->plan(config));
    for (std::string& text : std::exchange(plan_.video.notes, {})) note(PlanNote::Kind::kAssumed, std::move(text));
    return {};
  }

  void plan_other_streams() {
    for (std::size_t i = 0; i < info_.data.size(); ++i) {
      const DataStreamInfo& data = info_.data[i].info;
      const std::string name = fmt::format("stream {} ({})", info_.data[i].source_index, data.codec);
      if (plan_.kind != ContainerKind::kMpegTs) {
        note(PlanNote::Kind::kDropped,
             fmt::format("{}: {} does not carry it, MPEG-TS does", name, container_row(plan_.kind).format_name));
        continue;
      }
      plan_.data.push_back({.info = data, .source_track = static_cast<int>(i)});
      note(PlanNote::Kind::kKept, fmt::format("{}, as it is", name));
    }
    for (const SourceOther& other : info_.other) {
      note(PlanNote::Kind::kDropped,
           fmt::format("{} stream {} ({}): not carried by this version", other.kind, other.source_index, other.codec));
    }
  }

  Status plan_container() {
    plan_.service_name = spec_.service_name;
    plan_.service_provider = spec_.service_provider;
    plan_.service_id = spec_.service_id;
    plan_.pmt_pid = spec_.pmt_pid;
    plan_.first_es_pid = spec_.first_es_pid;
    plan_.fragment_s = spec_.fragment_s;
    if (plan_.kind == ContainerKind::kMpegTs) JINSHA_TRY(plan_muxrate());
    return plan_.coded ? check_mux_config(mux_config(plan_, output_video(plan_, image_, info_.video))) : Status();
  }

  Status plan_muxrate() {
    plan_.muxrate_bits_per_s = spec_.muxrate_bits_per_s;
    if (plan_.copied) return {};  // its rate is only known when it has been read: the muxer sees whether it fits
    const std::int64_t needed = needed_muxrate();
    if (spec_.muxrate_bits_per_s == 0 &&
        (spec_.cbr || (needs_fixed_muxrate() && plan_.video.rate.maxrate_bits_per_s > 0)))
      plan_.muxrate_bits_per_s = needed;
    if (plan_.muxrate_bits_per_s > 0 && plan_.video.rate.maxrate_bits_per_s == 0) {
      return make_error(ErrorCode::kUsage,
                        "--mux.muxrate needs a video whose rate is capped: give --bitrate or --maxrate");
    }
    if (plan_.muxrate_bits_per_s > 0 && plan_.muxrate_bits_per_s < needed) {
      return make_error(
          ErrorCode::kUsage,
          "--mux.muxrate {}: the streams need {} bit/s (video {}, audio and tables {}); raise it or lower --bitrate",
          plan_.muxrate_bits_per_s, needed, plan_.video.rate.maxrate_bits_per_s,
          needed - plan_.video.rate.maxrate_bits_per_s);
    }
    return {};
  }

  // Transport rate that carries the streams at their caps: packet and PES headers (188/184 and some
  // per access unit), tables, and 2 % of null packets for scheduling.
  std::int64_t needed_muxrate() const {
    double elementary =
        static_cast<double>(plan_.video.rate.maxrate_bits_per_s) + info_.video.frame_rate.to_double() * 8 * 188;
    for (const PlannedAudio& audio : plan_.audio) {
      const std::int64_t rate = audio.info.bitrate_bits_per_s > 0 ? audio.info.bitrate_bits_per_s : 640'000;
      elementary += static_cast<double>(rate) + 50.0 * 8 * 188;
    }
    for (const PlannedData& data : plan_.data) {
      constexpr std::int64_t kUnknownRate = 500'000;  // more than teletext and subtitles take
      elementary += static_cast<double>(data.info.bitrate_bits_per_s > 0 ? data.info.bitrate_bits_per_s : kUnknownRate);
    }
    constexpr double kTables = 60'000;
    return static_cast<std::int64_t>(std::ceil((elementary * 188 / 184 + kTables) * 1.02 / 1000)) * 1000;
  }

  int threads() const { return spec_.threads > 0 ? spec_.threads : cpu_count(); }

  // What will be written, where it can be known; 0 otherwise.
  std::uint64_t expected_bytes() const {
    const double frames = static_cast<double>(plan_.frame_count);
    if (plan_.copied) return file_bytes(spec_.input);
    if (!plan_.coded) {
      return static_cast<std::uint64_t>(frames) *
             FrameLayout::packed(image_.output.format, image_.output.width, image_.output.height).bytes;
    }
    const std::int64_t rate = std::max(plan_.muxrate_bits_per_s, plan_.video.rate.bitrate_bits_per_s);
    return static_cast<std::uint64_t>(frames / info_.video.frame_rate.to_double() * static_cast<double>(rate) / 8);
  }

  const JobSpec& spec_;
  const Source& source_;
  const SourceInfo& info_;
  const EncoderBackend* backend_ = nullptr;
  Plan plan_;
  ImagePlan image_;
  std::vector<SceneProgram> scenes_;
};

}  // namespace

SourceSpec source_spec_of(const JobSpec& spec) {
  SourceSpec source;
  source.path = spec.input;
  source.raw = spec.input_format;
  source.threads = spec.threads > 0 ? spec.threads : cpu_count();
  source.use_audio = wants_audio(spec);
  source.frame_rate = spec.frame_rate;
  source.deinterlace = spec.deinterlace;
  source.decoder = spec.decoder;
  source.video_track = spec.video_track;
  source.program = spec.program;
  source.copy_video = spec.encoder == kCopyEncoder;
  return source;
}

Result<PlannedJob> make_plan(const JobSpec& spec, const Source& source, const Log& log) {
  Result<PlannedJob> job = Planner(spec, source).make();
  if (job.ok()) {
    for (const std::string& warning : job->plan.warnings) log.warning("{}", warning);
  }
  return job;
}

}  // namespace jinsha
