// JobRun: one job from options to a judged output. What jinsha_job is behind the C interface.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "base/log.h"
#include "base/queue.h"
#include "base/result.h"
#include "base/temp_folder.h"
#include "input/pushed_frames.h"
#include "job/planner.h"
#include "job/settings.h"
#include "job/spec.h"
#include "pipeline/transcode.h"
#include "verify/judge.h"

namespace jinsha {

// What the run left behind, for the report.
struct RunOutcome {
  Status status;       // how the job ended
  std::string output;  // name of the file that stands now; empty when none does
  std::vector<std::string> losses;
  std::optional<verify::Verdict> verdict;
  double judge_s = 0;
  double first_passes_s = 0;  // all but the last
  double measuring_s = 0;     // of light, before them
};

class JobRun {
 public:
  JobRun();
  ~JobRun();

  Status set(std::string_view key, std::string_view value) { return settings_.set(key, value); }
  Status load_document(const std::string& path) { return settings_.load(path); }
  // The value that stands for an option, as text; nothing when it is the default.
  std::optional<std::string> get(std::string_view key) const { return settings_.get(key); }
  void set_log_sink(LogSink sink) { log_sink_ = std::move(sink); }

  // Instead of the option "input". Before plan().
  void set_reader(std::shared_ptr<const InputReader> reader);
  // Instead of the option "output": the bytes in order, from the job's mux thread. Before plan().
  void set_writer(std::function<Status(std::span<const std::uint8_t>)> write);
  // Pictures come from frames(); option "input_format" says of which kind. Before plan().
  void push_frames() { pushes_ = true; }
  // Packets go to packets(), nothing is written; option "format" says for which container they are made. Before plan().
  void pull_packets();

  // Opens the source and plans. Once.
  Status plan();
  bool planned() const { return planned_.has_value(); }
  const Plan& planned_plan() const { return planned_->plan; }
  std::string plan_json() const;
  std::string plan_text() const;

  // Runs a planned job to its end. Blocks.
  Status run();
  // Any thread.
  void cancel() { stop_.request_stop(); }
  // After plan(), where they were asked for; else null.
  PushedFrames* frames() const { return frames_.get(); }
  // Where they were asked for: VideoStreamInfo first, then Packets; closed at the end. Waits with stop_token().
  BoundedQueue<Item>* packets() const { return packets_.get(); }
  std::stop_token stop_token() const { return stop_.get_token(); }
  std::optional<TranscodeProgress> progress() const;
  Rational frame_rate() const { return frame_rate_; }

  // After run().
  std::string report() const;
  std::string summary() const;

 private:
  Status make_plan_of_spec();
  Status find_crop_of_spec();
  // Plans again behind each run that only looked at the light of the pictures.
  Status run_measuring();
  Status run_look(PlannedJob look, LightScan& scan);
  // Every pass but the last; the source is opened anew behind each.
  Status run_first_passes();
  Status run_into_file();
  // Through a function of the caller's, into packets(), to standard output.
  Status run_into_pipe();
  Status run_into_nothing();
  Result<std::unique_ptr<Source>> open_input();
  // The input cannot be gone through again.
  bool read_once() const;
  Status run_passes();
  Status open_transcode(ByteSink& sink);
  Status settle_file(const Status& ran, const std::string& temporary);
  // Gives what stands its partial name; the error, saying so.
  Error keep_partial(const Error& error, const std::string& temporary);
  Status judge_result(verify::Verdict verdict);
  Status count_losses();
  Status write_reports();

  JobSettings settings_;
  JobSpec spec_;  // what they come to, from plan() on
  LogSink log_sink_;
  std::shared_ptr<const InputReader> reader_;
  std::function<Status(std::span<const std::uint8_t>)> write_;
  bool pushes_ = false;
  std::shared_ptr<PushedFrames> frames_;
  // Closes them when the job is cancelled or a stage fails: the decode thread may be waiting for a picture.
  std::optional<std::stop_callback<std::function<void()>>> close_frames_;
  std::unique_ptr<BoundedQueue<Item>> packets_;
  Log log_;
  std::unique_ptr<Source> source_;
  SourceInfo source_info_;
  std::optional<PlannedJob> planned_;
  Rational frame_rate_;
  std::stop_source stop_;
  mutable std::mutex mutex_;  // guards transcode_ against progress() from other threads
  std::unique_ptr<Transcode> transcode_;
  TempFolder pass_folder_;  // of the statistics
  RunOutcome outcome_;
};

}  // namespace jinsha
