#include "cli/run_job.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <thread>

#include "cli/progress.h"
#include "jinsha/jinsha.hpp"

namespace jinsha::cli {
namespace {

volatile std::sig_atomic_t signals_seen = 0;

void on_signal(int number) {
  signals_seen = signals_seen + 1;
  // The first asks the job to finish what it has written; the second means now.
  if (signals_seen > 1) _exit(128 + number);
}

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    // What the caller ignores (nohup, a script's background job) stays ignored.
    struct sigaction before {};
    if (sigaction(number, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    sigaction(number, &action, nullptr);
  }
  // A reader of our messages that goes away does not end the job.
  std::signal(SIGPIPE, SIG_IGN);
}

struct Style {
  bool quiet = false;
  bool verbose = false;
  bool dry_run = false;
  std::string progress;
};

// How to talk, wherever it was said: on the command line, in the document or in a preset.
Style style_of(Job& job) {
  const auto on = [&](const char* key) {
    const std::optional<std::string> value = job.get(key);
    return value && (value->empty() || *value == "true" || *value == "yes" || *value == "1");
  };
  return {on("quiet"), on("verbose"), on("dry_run"), job.get("progress").value_or("auto")};
}

int fail(const Outcome& outcome) {
  std::fprintf(stderr, "jinsha: %s\n", outcome.message.c_str());
  return outcome.exit_status();
}

}  // namespace

int run_job(const std::vector<std::pair<std::string, std::string>>& options, const std::string& document) {
  Job job;
  if (!document.empty()) {
    if (const Outcome loaded = job.load_file(document); !loaded.ok()) return fail(loaded);
  }
  for (const auto& [key, value] : options) {
    if (const Outcome set = job.set(key, value); !set.ok()) return fail(set);
  }
  const Style style = style_of(job);
  ProgressPrinter printer(style.quiet ? "none" : style.progress);
  job.on_log([&](jinsha_log_level level, const char* message) {
    if (level == JINSHA_LOG_DEBUG || level == JINSHA_LOG_INFO) {
      if (style.verbose) printer.line(message);
    } else if (level == JINSHA_LOG_WARNING && !style.quiet) {
      printer.line(std::string("warning: ") + message);
    }
    // Errors end the job and are printed once, with its outcome.
  });
  if (const Outcome planned = job.plan(); !planned.ok()) return fail(planned);
  if (style.dry_run) {
    std::printf("%s", job.plan_text().c_str());
    return 0;
  }
  if (style.verbose) printer.line(job.plan_text());
  catch_signals();
  if (const Outcome started = job.start(); !started.ok()) return fail(started);
  constexpr std::chrono::milliseconds kLook{5};  // so late a finished job or a signal is noticed
  bool cancelled = false;
  while (job.running()) {
    if (signals_seen > 0 && !cancelled) {
      cancelled = true;
      job.cancel();
    }
    if (printer.due()) {
      if (const auto progress = job.progress()) printer.update(*progress);
    }
    std::this_thread::sleep_for(kLook);
  }
  const Outcome outcome = job.wait();
  if (const auto progress = job.progress()) printer.finish(*progress);
  if (!outcome.ok()) std::fprintf(stderr, "jinsha: %s\n", outcome.message.c_str());
  if (!style.quiet && !job.summary().empty()) std::fprintf(stderr, "%s\n", job.summary().c_str());
  return outcome.exit_status();
}

}  // namespace jinsha::cli
