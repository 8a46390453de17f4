#include "cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

namespace jinsha::cli {
namespace {

std::string printed(const char* format, auto... values) {
  char text[256];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 120;
}

std::string clock_text(double seconds) {
  const long whole = static_cast<long>(seconds + 0.5);
  return printed("%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string tty_text(const jinsha_progress& p) {
  std::string text;
  if (p.passes > 1) text = printed("pass %d/%d  ", p.pass, p.passes);
  text += printed("%lld", static_cast<long long>(p.frames));
  if (p.total_frames > 0) {
    text += printed("/%lld frames %.1f%%", static_cast<long long>(p.total_frames),
                    100.0 * static_cast<double>(p.frames) / static_cast<double>(p.total_frames));
  } else {
    text += " frames";
  }
  text += printed("  %.2f fps", p.frames_per_s);
  if (p.speed > 0) text += printed("  %.3gx", p.speed);
  text += "  ETA " + (p.eta_s >= 0 ? clock_text(p.eta_s) : std::string("?"));
  if (p.bits_per_s > 0) text += printed("  %.1f Mbit/s", static_cast<double>(p.bits_per_s) / 1e6);
  text += printed("  %.1f GB", static_cast<double>(p.memory_bytes) / 1e9);
  return text + "  " + p.stage_loads;
}

// Member names are part of the interface for scripts: docs/options.md lists them.
std::string json_text(const jinsha_progress& p) {
  const std::string pass = p.passes > 1 ? printed("\"pass\":%d,\"passes\":%d,", p.pass, p.passes) : "";
  return "{" + pass +
         printed("\"frames\":%lld,\"total_frames\":%lld,\"fps\":%.3f,\"speed\":%.4f,\"eta_s\":%.1f,",
                 static_cast<long long>(p.frames), static_cast<long long>(p.total_frames), p.frames_per_s, p.speed,
                 p.eta_s) +
         printed("\"elapsed_s\":%.3f,\"bytes\":%lld,\"bits_per_s\":%lld,\"memory_bytes\":%llu,", p.elapsed_s,
                 static_cast<long long>(p.bytes), static_cast<long long>(p.bits_per_s),
                 static_cast<unsigned long long>(p.memory_bytes)) +
         "\"stages\":\"" + p.stage_loads + "\"}";
}

}  // namespace

ProgressPrinter::ProgressPrinter(const std::string& style) : style_(Style::kNone) {
  if (style == "tty" || (style == "auto" && isatty(STDERR_FILENO) == 1)) {
    style_ = Style::kTty;
  } else if (style == "json" || style == "auto") {
    style_ = Style::kJson;
  }
}

bool ProgressPrinter::due() const {
  const auto interval = style_ == Style::kTty ? std::chrono::milliseconds(200) : std::chrono::milliseconds(1000);
  return style_ != Style::kNone && std::chrono::steady_clock::now() - last_ >= interval;
}

void ProgressPrinter::update(const jinsha_progress& progress) {
  if (!due()) return;
  last_ = std::chrono::steady_clock::now();
  print(progress);
}

void ProgressPrinter::finish(const jinsha_progress& progress) {
  if (style_ == Style::kNone) return;
  print(progress);
  const std::lock_guard lock(mutex_);
  if (line_open_) std::fputc('\n', stderr);
  line_open_ = false;
}

void ProgressPrinter::print(const jinsha_progress& progress) {
  const std::lock_guard lock(mutex_);
  if (style_ == Style::kJson) {
    std::fprintf(stderr, "%s\n", json_text(progress).c_str());
    return;
  }
  std::fprintf(stderr, "\r\033[K%s", tty_text(progress).substr(0, terminal_width() - 1).c_str());
  line_open_ = true;
}

void ProgressPrinter::line(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (line_open_) std::fputs("\r\033[K", stderr);
  line_open_ = false;
  std::fprintf(stderr, "%s\n", text.c_str());
}

}  // namespace jinsha::cli
