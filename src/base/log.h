// Log: where a job says what it does. A value handle; copies share the same sinks; thread-safe.
//
// There is no global logger: the library must not write anywhere its user did not ask it to.
#pragma once

#include <fmt/core.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace spdlog {
class logger;
}

namespace jinsha {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// Lower-case name: "debug", "info", "warning", "error".
const char* log_level_name(LogLevel level);

// Called under the logger's lock, in the thread that logged. Must not log itself.
using LogSink = std::function<void(LogLevel, std::string_view)>;

class Log {
 public:
  // Discards everything.
  Log();

  // Sends every message of at least `level` to `sink`, and to `file` as timestamped lines where it
  // is not empty. A file that cannot be opened is reported to `sink` as an error message.
  static Log create(LogLevel level, LogSink sink, const std::string& file = {});

  template <typename... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) const {
    if (enabled(LogLevel::kDebug)) write(LogLevel::kDebug, fmt::format(format, std::forward<Args>(args)...));
  }
  template <typename... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) const {
    if (enabled(LogLevel::kInfo)) write(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
  }
  template <typename... Args>
  void warning(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
  }
  template <typename... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::kError, fmt::format(format, std::forward<Args>(args)...));
  }

  bool enabled(LogLevel level) const;
  void write(LogLevel level, std::string_view message) const;

 private:
  std::shared_ptr<spdlog::logger> logger_;  // null: discard
};

}  // namespace jinsha
