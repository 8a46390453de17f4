#include "mux/file_sink.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "base/os.h"

namespace jinsha {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

// Keeps SIGPIPE from this thread while it lives, and takes away the one a write inside may have
// raised (one that was pending before stays). MSG_NOSIGNAL exists only for sockets.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    blocked_ = !was_pending_ && pthread_sigmask(SIG_BLOCK, &pipe_, &before_) == 0;
  }
  ~WithoutSigpipe() {
    if (!blocked_) return;
    const timespec no_wait{};
    while (sigtimedwait(&pipe_, nullptr, &no_wait) == -1 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
  bool blocked_ = false;
};

// Writes all of it, whatever pieces the system takes. Returns 0 or the errno; `position` counts.
int write_all(int descriptor, std::span<const std::uint8_t> bytes, std::int64_t& position) {
  const WithoutSigpipe guard;
  while (!bytes.empty()) {
    const ssize_t taken = ::write(descriptor, bytes.data(), bytes.size());
    if (taken > 0) {
      position += taken;
      bytes = bytes.subspan(static_cast<std::size_t>(taken));
    } else if (taken == 0) {
      return EIO;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // A pipe somebody made non-blocking: wait for room.
      pollfd ready{descriptor, POLLOUT, 0};
      if (poll(&ready, 1, -1) < 0 && errno != EINTR) return errno;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

FileSink::FileSink(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {
  buffer_.reserve(kPieceBytes);
}

Result<std::unique_ptr<FileSink>> FileSink::create(const std::string& path, Existing existing) {
  const int how = existing == Existing::kRefuse ? O_EXCL : O_TRUNC;
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
  if (descriptor < 0) {
    const int error_number = errno;
    return make_error(ErrorCode::kOutput, "{}: cannot be created: {}", path, errno_text(error_number));
  }
  return std::unique_ptr<FileSink>(new FileSink(descriptor, path));
}

FileSink::~FileSink() {
  if (descriptor_ >= 0) close(descriptor_);
}

Error FileSink::failed(const char* what, int error_number) const {
  return make_error(ErrorCode::kOutput, "{}: {} failed at byte {}: {}", path_, what, position_,
                    errno_text(error_number));
}

Status FileSink::write_through(std::span<const std::uint8_t> bytes) {
  if (descriptor_ < 0) return make_error(ErrorCode::kInternal, "{}: written to after it was finished", path_);
  if (const int error_number = write_all(descriptor_, bytes, position_); error_number != 0) {
    return failed("writing", error_number);
  }
  return {};
}

Status FileSink::write(std::span<const std::uint8_t> bytes) {
  if (buffer_.size() + bytes.size() > kPieceBytes) JINSHA_TRY(flush());
  if (bytes.size() >= kPieceBytes) return write_through(bytes);
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  return {};
}

Status FileSink::flush() {
  const Status status = write_through(buffer_);
  buffer_.clear();
  return status;
}

Status FileSink::finish() {
  JINSHA_TRY(flush());
  // EINVAL: something that cannot be synchronised, such as /dev/null.
  if (fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) return failed("writing to disk", errno);
  const int closed = close(std::exchange(descriptor_, -1));
  if (closed != 0 && errno != EINTR) return failed("closing", errno);
  return {};
}

PipeSink::PipeSink(int descriptor, std::string name, std::stop_token stop)
    : descriptor_(descriptor), name_(std::move(name)), stop_(std::move(stop)) {}

// False when a stop was asked for and the reader took nothing for the time of grace.
bool PipeSink::wait_for_room() const {
  constexpr std::chrono::milliseconds kStep{100};
  std::chrono::milliseconds waited{0};
  pollfd ready{descriptor_, POLLOUT, 0};
  for (;;) {
    const int count = poll(&ready, 1, static_cast<int>(kStep.count()));
    if (count > 0 || (count < 0 && errno != EINTR)) return true;  // room, or an error that the write tells
    if (count == 0 && stop_.stop_requested() && (waited += kStep) >= kGrace) return false;
  }
}

Status PipeSink::write(std::span<const std::uint8_t> bytes) {
  int error_number = 0;
  while (!bytes.empty() && error_number == 0) {
    if (!wait_for_room()) {
      return make_error(ErrorCode::kInterrupted, "stopped; {}: the reader takes nothing, after {} bytes", name_,
                        position_);
    }
    // Where poll() says there is room, this much does not block.
    const std::size_t piece = std::min<std::size_t>(bytes.size(), PIPE_BUF);
    error_number = write_all(descriptor_, bytes.first(piece), position_);
    bytes = bytes.subspan(piece);
  }
  if (error_number == EPIPE) {
    return make_error(ErrorCode::kOutput, "{}: the reader closed it after {} bytes", name_, position_);
  }
  if (error_number != 0) {
    return make_error(ErrorCode::kOutput, "{}: writing failed at byte {}: {}", name_, position_,
                      errno_text(error_number));
  }
  return {};
}

}  // namespace jinsha
