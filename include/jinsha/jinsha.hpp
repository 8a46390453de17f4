// Jinsha: the C++ layer over jinsha.h. Header-only; adds ownership and types, no behaviour.
#ifndef JINSHA_JINSHA_HPP
#define JINSHA_JINSHA_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "jinsha/jinsha.h"

namespace jinsha {

// How a call ended. Default-constructed: well.
struct Outcome {
  jinsha_code code = JINSHA_OK;
  std::string message;

  bool ok() const { return code == JINSHA_OK; }
  int exit_status() const { return jinsha_exit_status(code); }
};

namespace detail {

inline Outcome take(jinsha_code code, jinsha_error* error) {
  Outcome outcome{code, error ? jinsha_error_message(error) : ""};
  jinsha_error_free(error);
  return outcome;
}

inline std::string take(char* text) {
  std::string copy = text ? text : "";
  jinsha_string_free(text);
  return copy;
}

inline std::string copy(const char* text) { return text ? text : ""; }

}  // namespace detail

inline std::vector<jinsha_option> options() {
  std::vector<jinsha_option> all(jinsha_option_count());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].size = sizeof all[i];
    jinsha_option_at(i, &all[i]);
  }
  return all;
}

// A job; see the functions of the same names in jinsha.h.
class Job {
 public:
  using LogCallback = std::function<void(jinsha_log_level, const char*)>;

  Job() : job_(jinsha_job_new()) {}

  Outcome set(const std::string& key, const std::string& value) {
    jinsha_error* error = nullptr;
    const jinsha_code code = jinsha_job_set(job_.get(), key.c_str(), value.c_str(), &error);
    return detail::take(code, error);
  }
  Outcome load_file(const std::string& file) {
    jinsha_error* error = nullptr;
    const jinsha_code code = jinsha_job_load_file(job_.get(), file.c_str(), &error);
    return detail::take(code, error);
  }
  // Empty when the default stands.
  std::optional<std::string> get(const std::string& key) {
    const char* value = jinsha_job_get(job_.get(), key.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  }
  void on_log(LogCallback callback) {
    log_ = std::make_unique<LogCallback>(std::move(callback));
    jinsha_job_on_log(
        job_.get(),
        [](void* user, jinsha_log_level level, const char* message) {
          (*static_cast<LogCallback*>(user))(level, message);
        },
        log_.get());
  }
  // The reader's and writer's functions outlive the job.
  Outcome set_reader(const jinsha_reader& reader) {
    jinsha_error* error = nullptr;
    const jinsha_code code = jinsha_job_set_reader(job_.get(), &reader, &error);
    return detail::take(code, error);
  }
  // `write` gives true while the bytes can be taken.
  Outcome set_writer(std::function<bool(const std::uint8_t*, std::size_t)> write) {
    write_ = std::make_unique<Write>(std::move(write));
    jinsha_writer writer{};
    writer.size = sizeof writer;
    writer.user = write_.get();
    writer.write = [](void* user, const std::uint8_t* bytes, std::size_t count) {
      return (*static_cast<Write*>(user))(bytes, count) ? 0 : 1;
    };
    jinsha_error* error = nullptr;
    const jinsha_code code = jinsha_job_set_writer(job_.get(), &writer, &error);
    return detail::take(code, error);
  }
  Outcome push_frames() {
    jinsha_error* error = nullptr;
    const jinsha_code code = jinsha_job_push_frames(job_.get(), &error);
    return detail::take(code, error);
  }
  Outcome push_frame(const std::vector<const std::uint8_t*>& planes, const std::vector<std::size_t>& strides) {
    jinsha_error* error = nullptr;
    const std::size_t count = planes.size() == strides.size() ? planes.size() : 0;
    const jinsha_code code = jinsha_job_push_frame(job_.get(), planes.data(), strides.data(), count, &error);
    return detail::take(code, error);
  }
  Outcome push_end() {
    jinsha_error* error = nullptr;
    const jinsha_code code = jinsha_job_push_end(job_.get(), &error);
    return detail::take(code, error);
  }
  Outcome pull_packets() {
    jinsha_error* error = nullptr;
    const jinsha_code code = jinsha_job_pull_packets(job_.get(), &error);
    return detail::take(code, error);
  }
  Outcome pull_packet(jinsha_packet& packet) {
    packet = {};
    packet.size = sizeof packet;
    jinsha_error* error = nullptr;
    const jinsha_code code = jinsha_job_pull_packet(job_.get(), &packet, &error);
    return detail::take(code, error);
  }
  Outcome plan() {
    jinsha_error* error = nullptr;
    const jinsha_code code = jinsha_job_plan(job_.get(), &error);
    return detail::take(code, error);
  }
  std::string plan_json() const { return detail::copy(jinsha_job_plan_json(job_.get())); }
  std::string plan_text() const { return detail::copy(jinsha_job_plan_text(job_.get())); }
  Outcome start() {
    jinsha_error* error = nullptr;
    const jinsha_code code = jinsha_job_start(job_.get(), &error);
    return detail::take(code, error);
  }
  Outcome wait() {
    jinsha_error* error = nullptr;
    const jinsha_code code = jinsha_job_wait(job_.get(), &error);
    return detail::take(code, error);
  }
  bool running() const { return jinsha_job_running(job_.get()) != 0; }
  void cancel() { jinsha_job_cancel(job_.get()); }
  std::optional<jinsha_progress> progress() {
    jinsha_progress progress{};
    progress.size = sizeof progress;
    if (!jinsha_job_progress(job_.get(), &progress)) return std::nullopt;
    return progress;
  }
  std::string report() const { return detail::copy(jinsha_job_report(job_.get())); }
  std::string summary() const { return detail::copy(jinsha_job_summary(job_.get())); }

 private:
  struct Deleter {
    void operator()(jinsha_job* job) const { jinsha_job_free(job); }
  };
  using Write = std::function<bool(const std::uint8_t*, std::size_t)>;
  std::unique_ptr<LogCallback> log_;  // these outlive the job
  std::unique_ptr<Write> write_;
  std::unique_ptr<jinsha_job, Deleter> job_;
};

inline Outcome probe(const std::string& input, const std::string& raw_format, std::string& json) {
  jinsha_error* error = nullptr;
  char* text = nullptr;
  const jinsha_code code =
      jinsha_probe(input.c_str(), raw_format.empty() ? nullptr : raw_format.c_str(), &text, &error);
  json = detail::take(text);
  return detail::take(code, error);
}

inline Outcome verify(const std::string& file, std::string& json) {
  jinsha_error* error = nullptr;
  char* text = nullptr;
  const jinsha_code code = jinsha_verify(file.c_str(), &text, &error);
  json = detail::take(text);
  return detail::take(code, error);
}

// `progress` gives true to go on; may be empty, as may the names of files.
struct CompareOptions {
  std::int64_t frames = 0;
  int threads = 0;
  std::string html;
  std::string heatmap;
  std::optional<std::int64_t> heatmap_frame;  // from 0
  std::function<bool(const jinsha_progress&)> progress;
};

inline Outcome compare(const std::string& reference, const std::string& other, const CompareOptions& options,
                       std::string& json) {
  jinsha_compare_options c{};
  c.size = sizeof c;
  c.frames = options.frames;
  c.threads = options.threads;
  c.html = options.html.empty() ? nullptr : options.html.c_str();
  c.heatmap = options.heatmap.empty() ? nullptr : options.heatmap.c_str();
  c.heatmap_frame = options.heatmap_frame ? &*options.heatmap_frame : nullptr;
  c.user = const_cast<CompareOptions*>(&options);
  if (options.progress) {
    c.progress = [](void* user, const jinsha_progress* progress) {
      return static_cast<const CompareOptions*>(user)->progress(*progress) ? 0 : 1;
    };
  }
  jinsha_error* error = nullptr;
  char* text = nullptr;
  const jinsha_code code = jinsha_compare(reference.c_str(), other.c_str(), &c, &text, &error);
  json = detail::take(text);
  return detail::take(code, error);
}

inline std::string encoders() { return detail::take(jinsha_encoders()); }

inline std::string job_schema() { return detail::take(jinsha_job_schema()); }

inline std::string presets() { return detail::take(jinsha_presets()); }

inline Outcome preset(const std::string& name, std::string& json) {
  jinsha_error* error = nullptr;
  char* text = nullptr;
  const jinsha_code code = jinsha_preset(name.c_str(), &text, &error);
  json = detail::take(text);
  return detail::take(code, error);
}

}  // namespace jinsha

#endif
