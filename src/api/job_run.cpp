#include "api/job_run.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>

#include "api/report.h"
#include "base/file_lock.h"
#include "base/os.h"
#include "job/auto_crop.h"
#include "job/copy_plan.h"
#include "job/output_check.h"
#include "job/plan_json.h"
#include "mux/file_sink.h"

namespace jinsha {
namespace {

LogLevel level_of(int verbosity) {
  if (verbosity < 0) return LogLevel::kError;
  return verbosity > 0 ? LogLevel::kDebug : LogLevel::kInfo;
}

class FunctionSink final : public ByteSink {
 public:
  explicit FunctionSink(const std::function<Status(std::span<const std::uint8_t>)>& write) : write_(write) {}
  Status write(std::span<const std::uint8_t> bytes) override { return write_(bytes); }

 private:
  const std::function<Status(std::span<const std::uint8_t>)>& write_;
};

Status rename_file(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) == 0) return {};
  return make_error(ErrorCode::kOutput, "cannot rename {} to {}: {}", from, to, errno_text(errno));
}

Status write_report(const std::string& name, const std::string& text) {
  std::ofstream file(name);
  file << text << "\n";
  file.close();
  if (!file.fail()) return {};
  return make_error(ErrorCode::kOutput, "the report {} cannot be written: {}", name, errno_text(errno));
}

}  // namespace

JobRun::JobRun() = default;
JobRun::~JobRun() {
  const bool ran = transcode_ != nullptr;
  transcode_.reset();
  source_.reset();
  if (ran) return_freed_memory();
}

Status JobRun::plan() {
  JINSHA_ASSIGN(spec_, settings_.resolve());
  JINSHA_TRY(check_side_output("--log-file", spec_.log_file, spec_.input, spec_.output));
  JINSHA_TRY(check_side_output("--report", spec_.report, spec_.input, spec_.output));
  Status planned = make_plan_of_spec();
  // A refusal names flags; where they come from is the next question.
  if (!planned.ok()) {
    const std::string& message = planned.error().message;
    planned = Error{planned.error().code, message + settings_.origins(message)};
  }
  // Whoever reads the reports must not find that of an earlier run.
  if (!planned.ok() && !spec_.report.empty() && !spec_.dry_run)
    (void)write_report(spec_.report, refusal_json(planned.error()));
  return planned;
}

Status JobRun::make_plan_of_spec() {
  if (pushes_) {
    JINSHA_ASSIGN(frames_, PushedFrames::make(spec_.input_format.value_or(RawFormat{})));
    reader_ = PushedFrames::reader(frames_);
    close_frames_.emplace(stop_.get_token(), [frames = frames_] { frames->close(); });
  }
  if (reader_) spec_.input = reader_->name;
  if (write_ || packets_) spec_.output = "-";
  if (spec_.passes > 1 && reader_ && !reader_->seek) {
    return make_error(ErrorCode::kUsage, "--passes {}: {} can be read only once", spec_.passes, reader_->name);
  }
  log_ = Log::create(level_of(spec_.verbosity), log_sink_, spec_.log_file);
  if (spec_.input.empty()) return Error{ErrorCode::kUsage, "there is no input: name a file, or - for standard input"};
  if (spec_.encoder == kCopyEncoder) JINSHA_TRY(check_copy_options(spec_));
  if (spec_.crop_auto) JINSHA_TRY(find_crop_of_spec());
  JINSHA_ASSIGN(source_, open_input());
  source_info_ = source_->info();
  frame_rate_ = source_info_.video.frame_rate;
  JINSHA_ASSIGN(planned_, make_plan(spec_, *source_, log_));
  if ((spec_.source_peak_measured || spec_.measure_first) && read_once()) {
    return make_error(ErrorCode::kUsage, "{} reads the input more than once, and {} can be read only once",
                      spec_.source_peak_measured ? "--source-peak measure" : "--measure first",
                      reader_ ? reader_->name : "standard input");
  }
  return {};
}

bool JobRun::read_once() const { return spec_.input == "-" || (reader_ && !reader_->seek); }

Status JobRun::find_crop_of_spec() {
  if (read_once()) {
    return make_error(ErrorCode::kUsage,
                      "--crop auto looks into the pictures before the job, and {} can be read only once; give "
                      "--crop W:H:X:Y",
                      reader_ ? reader_->name : "standard input");
  }
  JINSHA_ASSIGN(spec_.crop, find_crop(
                                spec_, [this] { return open_input(); }, stop_.get_token(), log_));
  return {};
}

std::string JobRun::plan_json() const {
  return plan_to_json(planned_->plan).dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string JobRun::plan_text() const { return describe_plan(planned_->plan, source_info_); }

Result<std::unique_ptr<Source>> JobRun::open_input() {
  SourceSpec source = source_spec_of(spec_);
  source.reader = reader_;
  if (reader_ && reader_->seek && !reader_->seek(0))
    return make_error(ErrorCode::kInput, "{} cannot be read from its beginning", reader_->name);
  return open_source(source, log_);
}

void JobRun::set_reader(std::shared_ptr<const InputReader> reader) { reader_ = std::move(reader); }

void JobRun::set_writer(std::function<Status(std::span<const std::uint8_t>)> write) { write_ = std::move(write); }

void JobRun::pull_packets() {
  constexpr std::size_t kPacketsAhead = 16;
  packets_ = std::make_unique<BoundedQueue<Item>>(kPacketsAhead);
}

Status JobRun::run() {
  const Status status = run_passes();
  if (frames_) frames_->close();
  if (packets_) packets_->close();
  return status;
}

Status JobRun::run_passes() {
  if (!planned_) return Error{ErrorCode::kInternal, "the job was not planned"};
  if (spec_.dry_run) return {};
  const Status measured = run_measuring();
  const Plan& plan = planned_->plan;
  const Status looked = measured.ok() && plan.encoder.passes > 1 ? run_first_passes() : measured;
  if (!looked.ok()) {
    outcome_.status = looked;
  } else if (plan.kind == ContainerKind::kNull) {
    outcome_.status = run_into_nothing();
  } else if (plan.output == "-") {
    outcome_.status = run_into_pipe();
  } else {
    outcome_.status = run_into_file();
  }
  if (outcome_.status.ok()) outcome_.status = count_losses();
  if (!outcome_.status.ok() && outcome_.status.error().code != ErrorCode::kInterrupted)
    log_.error("{}", outcome_.status.error().message);
  if (const Status written = write_reports(); !written.ok()) {
    log_.error("{}", written.error().message);
    if (outcome_.status.ok()) return written;
  }
  return outcome_.status;
}

Status JobRun::open_transcode(ByteSink& sink) {
  PacketTap tap;
  if (packets_) {
    tap = [this](const Item& item) -> Status {
      if (packets_->push(item, stop_.get_token())) return {};
      return Error{ErrorCode::kInterrupted, "stopped while packets were waiting to be pulled"};
    };
  }
  JINSHA_ASSIGN(auto transcode, Transcode::open(*planned_, std::move(source_), sink, std::move(tap), stop_, log_));
  const std::lock_guard lock(mutex_);
  transcode_ = std::move(transcode);
  return {};
}

Status JobRun::run_look(PlannedJob look, LightScan& scan) {
  {
    JINSHA_ASSIGN(auto transcode, Transcode::open_look(std::move(look), std::move(source_), scan, stop_, log_));
    const std::lock_guard lock(mutex_);
    transcode_ = std::move(transcode);
  }
  JINSHA_TRY(transcode_->run());
  const double took_s = transcode_->progress().elapsed_s;
  outcome_.measuring_s += took_s;
  log_.info("light of {} frames measured in {:.1f} s", scan.frames(), took_s);
  if (scan.frames() == 0) return make_error(ErrorCode::kInput, "{}: there is no picture to measure", spec_.input);
  JINSHA_ASSIGN(source_, open_input());
  const std::lock_guard lock(mutex_);
  transcode_.reset();
  return {};
}

Status JobRun::run_measuring() {
  if (spec_.source_peak_measured) {
    LightScan scan(nits_of_signal(planned_->image.source.color));
    JINSHA_ASSIGN(PlannedJob look, look_at_source(*planned_));
    JINSHA_TRY(run_look(std::move(look), scan));
    spec_.scenes = scan.scenes();
    JINSHA_ASSIGN(planned_, make_plan(spec_, *source_, log_));
  }
  if (spec_.measure_first) {
    LightScan scan(nits_of_signal(planned_->image.output.color));
    JINSHA_ASSIGN(PlannedJob look, look_at_output(*planned_));
    JINSHA_TRY(run_look(std::move(look), scan));
    spec_.content_light = scan.content_light();
    JINSHA_ASSIGN(planned_, make_plan(spec_, *source_, log_));
  }
  return {};
}

Status JobRun::run_first_passes() {
  JINSHA_ASSIGN(pass_folder_, TempFolder::make());
  EncoderConfig& encoder = planned_->plan.encoder;
  encoder.stats_file = pass_folder_.path() + "/stats";
  NullSink sink;
  for (encoder.pass = 1; encoder.looks_only(); ++encoder.pass) {
    JINSHA_TRY(open_transcode(sink));
    JINSHA_TRY(transcode_->run());
    const double took_s = transcode_->progress().elapsed_s;
    outcome_.first_passes_s += took_s;
    log_.info("pass {} of {}: {} frames in {:.1f} s", encoder.pass, encoder.passes, transcode_->encode_counts().frames,
              took_s);
    JINSHA_ASSIGN(source_, open_input());
    const std::lock_guard lock(mutex_);
    transcode_.reset();  // an encoder's memory is planned for once
  }
  return {};
}

Status JobRun::run_into_nothing() {
  NullSink sink;
  JINSHA_TRY(open_transcode(sink));
  return transcode_->run();
}

Status JobRun::run_into_pipe() {
  const Plan& plan = planned_->plan;
  PipeSink standard_output(STDOUT_FILENO, "standard output", stop_.get_token());
  FunctionSink function(write_);
  NullSink nothing;
  ByteSink& pipe = write_     ? static_cast<ByteSink&>(function)
                   : packets_ ? static_cast<ByteSink&>(nothing)
                              : static_cast<ByteSink&>(standard_output);
  const std::unique_ptr<verify::Judge> judge = plan.coded ? verify::open_judge(plan.kind) : nullptr;
  TeeSink tee(pipe, [&](std::span<const std::uint8_t> bytes) {
    if (judge) judge->feed(bytes);
  });
  JINSHA_TRY(open_transcode(tee));
  JINSHA_TRY(transcode_->run());
  if (!judge) return {};
  const verify::RunFacts facts = run_facts(*transcode_);
  return judge_result(judge->finish(&transcode_->plan(), &facts));
}

Status JobRun::run_into_file() {
  const std::string temporary = temporary_name(planned_->plan.output);
  // One left by a run that was killed is taken over; one that a job is writing is not.
  JINSHA_ASSIGN(const FileLock lock, FileLock::take(temporary));
  JINSHA_ASSIGN(const std::unique_ptr<FileSink> file, FileSink::create(temporary, FileSink::Existing::kTruncate));
  Status ran = open_transcode(*file);
  if (!ran.ok()) {
    unlink(temporary.c_str());
    return ran;
  }
  ran = transcode_->run();
  const Status closed = file->finish();
  return settle_file(ran.ok() ? closed : ran, temporary);
}

// Gives the finished temporary file the name it has earned.
Status JobRun::settle_file(const Status& ran, const std::string& temporary) {
  const Plan& plan = transcode_->plan();
  if (!ran.ok()) {
    if (transcode_->progress().frames == 0) {
      unlink(temporary.c_str());
      return ran;
    }
    return keep_partial(ran.error(), temporary);
  }
  if (plan.coded) {
    const auto started = std::chrono::steady_clock::now();
    const verify::RunFacts facts = run_facts(*transcode_);
    Result<verify::Verdict> verdict = verify::judge_file(temporary, plan.kind, &plan, &facts);
    if (!verdict.ok()) return keep_partial(verdict.error(), temporary);
    outcome_.judge_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    const Status judged = judge_result(std::move(*verdict));
    if (!judged.ok()) {
      const std::string rejected = rejected_name(plan.output);
      const Status renamed = rename_file(temporary, rejected);
      outcome_.output = renamed.ok() ? rejected : temporary;
      return Error{judged.error().code,
                   fmt::format("{}\nThe stream is kept as {}", judged.error().message, outcome_.output)};
    }
  }
  if (const Status named = rename_file(temporary, plan.output); !named.ok())
    return keep_partial(named.error(), temporary);
  outcome_.output = plan.output;
  return {};
}

Error JobRun::keep_partial(const Error& error, const std::string& temporary) {
  const std::string partial = partial_name(transcode_->plan().output);
  outcome_.output = rename_file(temporary, partial).ok() ? partial : temporary;
  return Error{error.code, fmt::format("{}; what was written is kept as {}", error.message, outcome_.output)};
}

Status JobRun::judge_result(verify::Verdict verdict) {
  outcome_.verdict = std::move(verdict);
  if (outcome_.verdict->passed()) return {};
  std::string text = "the output is not what was planned:";
  for (const std::string& failure : outcome_.verdict->failures()) text += "\n  " + failure;
  if (planned_->plan.copied)
    text += "\nThe pictures are the source's own: where they are at fault, choose an encoder instead of copy";
  return Error{ErrorCode::kRejected, std::move(text)};
}

Status JobRun::count_losses() {
  for (const PlanNote& note : transcode_->plan().notes) {
    if (note.kind == PlanNote::Kind::kDropped) outcome_.losses.push_back(note.what);
  }
  // Where they begin behind the pictures looked at for the plan, it says nothing of them.
  const std::vector<std::string>& known = source_info_.video.dynamic_metadata;
  const std::int64_t captioned = transcode_->source().counters().frames_captioned;
  if (captioned > 0 && !transcode_->plan().captions && std::find(known.begin(), known.end(), kCaptions) == known.end())
    outcome_.losses.push_back(fmt::format("CEA-608/708 captions of {} pictures", captioned));
  for (std::string& text : damage_sentences(transcode_->source().counters(), source_info_.video.variable_rate))
    outcome_.losses.push_back(std::move(text));
  for (std::string& text : audio_damage_sentences(*transcode_)) outcome_.losses.push_back(std::move(text));
  for (const std::string& text : audio_repair_sentences(*transcode_)) log_.info("{}", text);
  for (const std::string& loss : outcome_.losses) log_.warning("lost: {}", loss);
  if (!spec_.strict || outcome_.losses.empty()) return {};
  return make_error(ErrorCode::kLosses, "done, but --strict was given and {} lost: {}",
                    outcome_.losses.size() == 1 ? "something of the source was"
                                                : fmt::format("{} things of the source were", outcome_.losses.size()),
                    outcome_.losses.front());
}

std::optional<TranscodeProgress> JobRun::progress() const {
  const std::lock_guard lock(mutex_);
  if (!transcode_) return std::nullopt;
  return transcode_->progress();
}

std::string JobRun::report() const {
  if (!transcode_) return {};
  return report_json(*transcode_, source_info_, outcome_).dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string JobRun::summary() const { return transcode_ ? describe_run(*transcode_, outcome_) : ""; }

Status JobRun::write_reports() {
  if (!transcode_) return {};
  std::vector<std::string> names;
  if (!spec_.report.empty()) names.push_back(spec_.report);
  const bool rejected = !outcome_.status.ok() && outcome_.status.error().code == ErrorCode::kRejected;
  if (rejected && !outcome_.output.empty()) names.push_back(outcome_.output + ".json");
  Status status;
  for (const std::string& name : names) {
    if (const Status written = write_report(name, report()); !written.ok()) status = written;
  }
  return status;
}

}  // namespace jinsha
