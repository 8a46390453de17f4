#include "base/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <vector>

namespace jinsha {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::info;
}

LogLevel from_spdlog(spdlog::level::level_enum level) {
  if (level >= spdlog::level::err) return LogLevel::kError;
  if (level == spdlog::level::warn) return LogLevel::kWarning;
  return level == spdlog::level::info ? LogLevel::kInfo : LogLevel::kDebug;
}

class CallbackSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit CallbackSink(LogSink receiver) : sink_(std::move(receiver)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    sink_(from_spdlog(message.level), std::string_view(message.payload.data(), message.payload.size()));
  }
  void flush_() override {}

  LogSink sink_;
};

}  // namespace

const char* log_level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarning: return "warning";
    case LogLevel::kError: return "error";
  }
  return "info";
}

Log::Log() = default;

Log Log::create(LogLevel level, LogSink sink, const std::string& file) {
  std::vector<spdlog::sink_ptr> sinks;
  std::string trouble;
  if (sink) sinks.push_back(std::make_shared<CallbackSink>(std::move(sink)));
  if (!file.empty()) {
    try {
      sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(file));
    } catch (const spdlog::spdlog_ex& error) {
      trouble = error.what();
    }
  }
  Log log;
  log.logger_ = std::make_shared<spdlog::logger>("jinsha", sinks.begin(), sinks.end());
  log.logger_->set_level(to_spdlog(level));
  log.logger_->flush_on(spdlog::level::warn);
  if (!trouble.empty()) log.error("the log file {} cannot be opened: {}", file, trouble);
  return log;
}

bool Log::enabled(LogLevel level) const { return logger_ && logger_->should_log(to_spdlog(level)); }

void Log::write(LogLevel level, std::string_view message) const {
  if (logger_) logger_->log(to_spdlog(level), spdlog::string_view_t(message.data(), message.size()));
}

}  // namespace jinsha
