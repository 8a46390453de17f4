#include "pipeline/transcode.h"

#include <algorithm>
#include <chrono>

#include "job/output_config.h"
#include "pipeline/audio_stage.h"
#include "pipeline/light_stage.h"

namespace jinsha {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Counts what passes and when the first byte did.
class MeteredSink final : public ByteSink {
 public:
  MeteredSink(ByteSink& next, Clock::time_point start) : next_(next), start_(start) {}

  Status write(std::span<const std::uint8_t> bytes) override {
    JINSHA_TRY(next_.write(bytes));
    if (bytes_ == 0 && !bytes.empty()) first_byte_s_ = seconds_since(start_);
    bytes_ += static_cast<std::int64_t>(bytes.size());
    return {};
  }

  std::int64_t bytes() const { return bytes_; }
  double first_byte_s() const { return first_byte_s_; }

 private:
  ByteSink& next_;
  Clock::time_point start_;
  std::atomic<std::int64_t> bytes_{0};
  std::atomic<double> first_byte_s_{0};
};

}  // namespace

struct Transcode::Parts {
  Parts(PlannedJob planned, std::unique_ptr<Source> opened, ByteSink& output)
      : job(std::move(planned)), source(std::move(opened)), start(Clock::now()), sink(output, start) {}

  PlannedJob job;
  std::unique_ptr<Source> source;
  Clock::time_point start;
  MeteredSink sink;
  std::unique_ptr<Muxer> muxer;
  std::unique_ptr<FrameWriter> writer;
  EncodeCounts encode_counts;
  MuxCounts mux_counts;
  AudioStage* audio = nullptr;  // in the graph
  std::string device_name = "none";
  std::unique_ptr<Graph> graph;
};

Transcode::Transcode() = default;
Transcode::~Transcode() = default;

Result<std::unique_ptr<Transcode>> Transcode::open(PlannedJob job, std::unique_ptr<Source> source, ByteSink& sink,
                                                   PacketTap tap, std::stop_source stop, const Log& log) {
  return open(std::move(job), std::move(source), sink, std::move(tap), nullptr, std::move(stop), log);
}

Result<std::unique_ptr<Transcode>> Transcode::open_look(PlannedJob job, std::unique_ptr<Source> source, LightScan& scan,
                                                        std::stop_source stop, const Log& log) {
  static NullSink nothing;  // holds nothing
  return open(std::move(job), std::move(source), nothing, {}, &scan, std::move(stop), log);
}

Result<std::unique_ptr<Transcode>> Transcode::open(PlannedJob job, std::unique_ptr<Source> source, ByteSink& sink,
                                                   PacketTap tap, LightScan* scan, std::stop_source stop,
                                                   const Log& log) {
  std::unique_ptr<Transcode> transcode(new Transcode);
  transcode->parts_ = std::make_unique<Parts>(std::move(job), std::move(source), sink);
  Parts& parts = *transcode->parts_;
  Plan& plan = parts.job.plan;
  const ImagePlan& image = parts.job.image;
  const std::stop_token token = stop.get_token();

  std::vector<std::unique_ptr<Stage>> stages;
  FramePool input_pool;  // none where pictures stay coded
  if (!plan.copied) {
    JINSHA_ASSIGN(input_pool, FramePool::create(parts.source->layout(), plan.input_frames));
  }
  if (!image.program.steps.empty()) {
    JINSHA_ASSIGN(std::unique_ptr<Device> device, open_cpu_device(plan.threads, SimdTarget::kAuto, log));
    JINSHA_TRY(device->load(image.program));
    parts.device_name = device->name();
    const FrameLayout layout = FrameLayout::packed(image.output.format, image.output.width, image.output.height);
    JINSHA_ASSIGN(FramePool output_pool, FramePool::create(layout, plan.output_frames));
    FrameInfo info;
    info.color = image.output.color;
    info.hdr = image.output.hdr;
    stages.push_back(
        make_color_stage(std::move(device), std::move(parts.job.scenes), std::move(output_pool), info, token));
  }

  const SourceVideo& source_video = parts.source->info().video;
  VideoStreamInfo video = output_video(plan, image, source_video);
  if (plan.coded && !plan.copied) {
    JINSHA_ASSIGN(const EncoderBackend* const backend, find_encoder(plan.encoder.encoder));
    // Nobody reads plan.video before the first packet has come, or the run has ended.
    const auto open_encoder = [&plan, backend, log]() -> Result<std::unique_ptr<Encoder>> {
      JINSHA_ASSIGN(std::unique_ptr<Encoder> encoder, backend->open(plan.encoder, log));
      plan.video = encoder->settings();
      return encoder;
    };
    stages.push_back(make_encode_stage(open_encoder, video, plan.encoder.keyframes, parts.encode_counts));
  }
  if (scan != nullptr) {
    stages.push_back(make_light_stage(*scan));
  } else if (plan.encoder.looks_only()) {
    // It leaves its statistics, and no stream.
  } else if (plan.coded) {
    const Rational base = plan.copied ? source_video.packet_time_base : plan.encoder.frame_rate.inverse();
    JINSHA_ASSIGN(std::unique_ptr<AudioStage> audio, AudioStage::open(plan, parts.source->info(), base));
    parts.audio = audio.get();
    stages.push_back(std::move(audio));
    const auto open = [&parts, log](VideoStreamInfo described) {
      return open_muxer(mux_config(parts.job.plan, std::move(described)), parts.sink, log);
    };
    stages.push_back(make_mux_stage(open, parts.muxer, plan, parts.mux_counts));
    if (tap) stages.push_back(make_tap_stage(std::move(tap)));
  } else {
    if (plan.kind != ContainerKind::kNull) {
      FrameWriterConfig config;
      config.kind = plan.kind;
      config.video = std::move(video);
      JINSHA_ASSIGN(parts.writer, open_frame_writer(config, parts.sink));
    }
    stages.push_back(make_frame_writer_stage(parts.writer.get(), parts.encode_counts));
  }

  const bool decodes_audio =
      std::any_of(plan.audio.begin(), plan.audio.end(), [](const PlannedAudio& a) { return a.encoded; });
  if (decodes_audio) parts.source->keep_sound_before(AudioStage::kLeadS);
  JINSHA_TRY(parts.source->start(std::move(input_pool), token, plan.first_frame, plan.frame_limit));
  parts.graph = std::make_unique<Graph>(
      "decode", [&parts] { return parts.source->next(); }, std::move(stages), std::move(stop));
  return transcode;
}

Status Transcode::run() {
  Parts& parts = *parts_;
  const Status ran = parts.graph->run();
  // A sink that failed would only fail again.
  if (!ran.ok() && ran.error().code == ErrorCode::kOutput) return ran;
  Status finished;
  if (parts.muxer) finished = parts.muxer->finish();
  if (parts.writer) finished = parts.writer->finish();
  return ran.ok() ? finished : ran;
}

TranscodeProgress Transcode::progress() const {
  const Parts& parts = *parts_;
  TranscodeProgress progress;
  progress.pass = std::max(1, parts.job.plan.encoder.pass);
  progress.passes = parts.job.plan.encoder.passes;
  progress.total_frames = parts.job.plan.frame_count;
  progress.bytes = parts.sink.bytes();
  progress.elapsed_s = seconds_since(parts.start);
  progress.first_byte_s = parts.sink.first_byte_s();
  for (const auto& meter : parts.graph->meters()) {
    const double busy_s = static_cast<double>(meter->busy_ns) / 1e9;
    progress.stages.push_back({.name = meter->name,
                               .busy = progress.elapsed_s > 0 ? busy_s / progress.elapsed_s : 0,
                               .frames = meter->frames,
                               .queued = meter->queued,
                               .busy_s = busy_s,
                               .cpu_s = static_cast<double>(meter->cpu_ns) / 1e9});
  }
  progress.frames = progress.stages.back().frames;
  return progress;
}

const Plan& Transcode::plan() const { return parts_->job.plan; }
const Source& Transcode::source() const { return *parts_->source; }
const EncodeCounts& Transcode::encode_counts() const { return parts_->encode_counts; }
const MuxCounts& Transcode::mux_counts() const { return parts_->mux_counts; }
std::vector<AudioTrackCounters> Transcode::audio_counters() const {
  return parts_->audio == nullptr ? std::vector<AudioTrackCounters>() : parts_->audio->counters();
}
std::string Transcode::device_name() const { return parts_->device_name; }

}  // namespace jinsha
