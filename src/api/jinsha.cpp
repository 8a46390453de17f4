// The C interface to jobs and to the option table: thin functions over JobRun. Nothing throws past here.
#include "jinsha/jinsha.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <deque>
#include <new>
#include <thread>

#include "api/c_boundary.h"
#include "api/job_handle.h"
#include "api/report.h"
#include "base/os.h"
#include "base/version.h"
#include "job/option_choices.h"

namespace {

using jinsha::Error;
using jinsha::ErrorCode;
using jinsha::Status;
using jinsha::api::copy_sized;
using jinsha::api::give;
using jinsha::api::guarded;
using jinsha::api::missing;

// Flags of the table as the C strings handed out; built once.
struct OptionNames {
  std::vector<std::string> flags;
  std::vector<std::string> short_flags;
  std::vector<std::string> choices;
};
const OptionNames& option_names() {
  static const OptionNames names = [] {
    OptionNames all;
    for (const jinsha::OptionRow& row : jinsha::option_table()) {
      all.flags.push_back(jinsha::flag_of(row));
      std::string choices;
      for (const std::string& word : jinsha::option_choices(row).words) {
        if (!choices.empty()) choices += ' ';
        choices += word;
      }
      all.choices.push_back(std::move(choices));
      all.short_flags.push_back(*row.short_flag ? std::string("-") + row.short_flag : "");
    }
    return all;
  }();
  return names;
}

}  // namespace

extern "C" {

const char* jinsha_version(void) { return jinsha::version(); }

const char* jinsha_build_info(void) {
  static const std::string text = jinsha::build_info();
  return text.c_str();
}

size_t jinsha_option_count(void) { return jinsha::option_table().size(); }

int jinsha_option_at(size_t index, jinsha_option* option) {
  if (index >= jinsha::option_table().size() || !option || option->size < sizeof(size_t)) return 0;
  const jinsha::OptionRow& row = jinsha::option_table()[index];
  jinsha_option filled{};
  filled.key = row.key;
  filled.flag = option_names().flags[index].c_str();
  filled.short_flag = option_names().short_flags[index].c_str();
  filled.group = row.group;
  filled.value = row.value;
  filled.default_text = row.default_text;
  filled.help = row.help;
  filled.repeatable = row.repeatable ? 1 : 0;
  filled.choices = option_names().choices[index].c_str();
  copy_sized(filled, option);
  return 1;
}

jinsha_job* jinsha_job_new(void) { return new (std::nothrow) jinsha_job; }

void jinsha_job_free(jinsha_job* job) {
  if (!job) return;
  job->run.cancel();
  if (job->thread.joinable()) job->thread.join();
  delete job;
}

jinsha_code jinsha_job_set(jinsha_job* job, const char* key, const char* value, jinsha_error** error) {
  if (!job || !key || !value) return give(missing("job, key or value"), error);
  return guarded(error, [&]() -> Status {
    if (job->run.planned())
      return Error{ErrorCode::kUsage, "the job is planned already; make a new one to change its options"};
    return job->run.set(key, value);
  });
}

jinsha_code jinsha_job_load_file(jinsha_job* job, const char* file, jinsha_error** error) {
  if (!job || !file) return give(missing("job or file"), error);
  return guarded(error, [&]() -> Status {
    if (job->run.planned())
      return Error{ErrorCode::kUsage, "the job is planned already; make a new one to change its options"};
    return job->run.load_document(file);
  });
}

const char* jinsha_job_get(jinsha_job* job, const char* key) {
  if (!job || !key) return nullptr;
  try {
    std::optional<std::string> value = job->run.get(key);
    if (!value) return nullptr;
    job->value = std::move(*value);
    return job->value.c_str();
  } catch (const std::exception&) {
    return nullptr;
  }
}

void jinsha_job_on_log(jinsha_job* job, jinsha_log_callback callback, void* user) {
  if (!job || !callback) return;
  job->run.set_log_sink([callback, user](jinsha::LogLevel level, std::string_view message) {
    callback(user, static_cast<jinsha_log_level>(level), std::string(message).c_str());
  });
}

jinsha_code jinsha_job_plan(jinsha_job* job, jinsha_error** error) {
  if (!job) return give(missing("job"), error);
  return guarded(error, [&]() -> Status {
    if (!job->run.planned()) JINSHA_TRY(job->run.plan());
    job->plan_json = job->run.plan_json();
    job->plan_text = job->run.plan_text();
    return {};
  });
}

const char* jinsha_job_plan_json(const jinsha_job* job) {
  return job && !job->plan_json.empty() ? job->plan_json.c_str() : nullptr;
}
const char* jinsha_job_plan_text(const jinsha_job* job) {
  return job && !job->plan_text.empty() ? job->plan_text.c_str() : nullptr;
}

jinsha_code jinsha_job_start(jinsha_job* job, jinsha_error** error) {
  if (!job) return give(missing("job"), error);
  if (job->started) return give(Error{ErrorCode::kUsage, "the job was started already"}, error);
  if (const jinsha_code code = jinsha_job_plan(job, error); code != JINSHA_OK) return code;
  return guarded(error, [&]() -> Status {
    job->running = true;
    job->started = true;
    job->thread = std::jthread([job] {
      try {
        job->result = job->run.run();
        job->report = job->run.report();
        job->summary = job->run.summary();
      } catch (const std::exception& failure) {
        job->result = Error{ErrorCode::kInternal, failure.what()};
      }
      job->running = false;
    });
    return {};
  });
}

jinsha_code jinsha_job_wait(jinsha_job* job, jinsha_error** error) {
  if (!job) return give(missing("job"), error);
  if (!job->started) return give(Error{ErrorCode::kUsage, "the job was not started"}, error);
  if (job->thread.joinable()) job->thread.join();
  return give(job->result, error);
}

int jinsha_job_running(const jinsha_job* job) { return job && job->running ? 1 : 0; }

void jinsha_job_cancel(jinsha_job* job) {
  if (job) job->run.cancel();
}

int jinsha_job_progress(jinsha_job* job, jinsha_progress* progress) {
  if (!job || !progress || progress->size < sizeof(size_t)) return 0;
  try {
    const auto now = job->run.progress();
    if (!now) return 0;
    jinsha_progress filled{};
    filled.pass = now->pass;
    filled.passes = now->passes;
    filled.frames = now->frames;
    filled.total_frames = now->total_frames;
    filled.bytes = now->bytes;
    filled.elapsed_s = now->elapsed_s;
    {
      constexpr double kWindowSeconds = 5;
      const std::lock_guard lock(job->rate_mutex);
      if (!job->recent.empty() && job->recent.back().second > now->frames) job->recent.clear();  // another pass
      job->recent.emplace_back(now->elapsed_s, now->frames);
      while (job->recent.size() > 2 && job->recent.front().first < now->elapsed_s - kWindowSeconds)
        job->recent.pop_front();
      const double span = now->elapsed_s - job->recent.front().first;
      const double frames = static_cast<double>(now->frames - job->recent.front().second);
      if (span > 0.5) filled.frames_per_s = frames / span;
      if (filled.frames_per_s <= 0)
        filled.frames_per_s = static_cast<double>(now->frames) / std::max(now->elapsed_s, 1e-9);
    }
    const double rate = job->run.frame_rate().to_double();
    filled.speed = rate > 0 ? filled.frames_per_s / rate : 0;
    filled.eta_s = -1;
    if (now->total_frames > 0 && filled.frames_per_s > 0) {
      filled.eta_s =
          static_cast<double>(std::max<std::int64_t>(0, now->total_frames - now->frames)) / filled.frames_per_s;
    }
    if (now->frames > 0 && rate > 0) {
      filled.bits_per_s =
          static_cast<std::int64_t>(static_cast<double>(now->bytes) * 8 * rate / static_cast<double>(now->frames));
    }
    filled.memory_bytes = jinsha::resident_bytes();
    std::string loads;
    for (const auto& stage : now->stages)
      loads += fmt::format("{}{} {:.0f}%", loads.empty() ? "" : " ", stage.name, stage.busy * 100);
    std::snprintf(filled.stage_loads, sizeof filled.stage_loads, "%s", loads.c_str());
    copy_sized(filled, progress);
    return 1;
  } catch (const std::exception&) {
    return 0;
  }
}

const char* jinsha_job_report(const jinsha_job* job) {
  return job && !job->running && !job->report.empty() ? job->report.c_str() : nullptr;
}
const char* jinsha_job_summary(const jinsha_job* job) {
  return job && !job->running && !job->summary.empty() ? job->summary.c_str() : nullptr;
}

}  // extern "C"
