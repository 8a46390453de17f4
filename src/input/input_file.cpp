#include "input/input_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/os.h"

namespace jinsha {
namespace {

constexpr int kPollMs = 50;               // how late a stop request may be seen while waiting for a pipe
constexpr std::size_t kRowsAtOnce = 512;  // below IOV_MAX (1024)
constexpr std::size_t kSkipBytes = std::size_t{1} << 20;

Error open_error(const std::string& path, int error_number) {
  switch (error_number) {
    case ENOENT: return make_error(ErrorCode::kInput, "there is no file {}", path);
    case EACCES:
    case EPERM:
      return make_error(ErrorCode::kInput,
                        "{} may not be read by this user: check the permissions of it and its folder", path);
    case ENOTDIR: return make_error(ErrorCode::kInput, "there is no file {}: a part of the path is not a folder", path);
    default: return make_error(ErrorCode::kInput, "{} cannot be opened: {}", path, errno_text(error_number));
  }
}

}  // namespace

Result<InputFile> InputFile::open(const std::string& path) {
  InputFile file;
  if (path == "-") {
    file.fd_ = STDIN_FILENO;
    file.name_ = "standard input";
  } else {
    file.fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file.fd_ < 0) return open_error(path, errno);
    file.owned_ = true;
    file.name_ = path;
  }
  struct stat info {};
  if (fstat(file.fd_, &info) != 0) return open_error(file.name_, errno);
  if (S_ISDIR(info.st_mode)) {
    return make_error(ErrorCode::kInput, "{} is a folder: name a file in it", file.name_);
  }
  if (S_ISREG(info.st_mode)) {
    // Standard input may be a file that was read from already: what is left begins here.
    const off_t here = lseek(file.fd_, 0, SEEK_CUR);
    file.position_ = here > 0 ? static_cast<std::uint64_t>(here) : 0;
    file.size_ = static_cast<std::uint64_t>(info.st_size);
    if (file.size_ <= file.position_) return make_error(ErrorCode::kInput, "{} is empty (0 bytes)", file.name_);
    file.seekable_ = file.position_ == 0;
    posix_fadvise(file.fd_, 0, 0, POSIX_FADV_SEQUENTIAL);  // advice
  }
  return file;
}

InputFile InputFile::over(std::shared_ptr<const InputReader> reader) {
  InputFile file;
  file.name_ = reader->name;
  file.seekable_ = static_cast<bool>(reader->seek);
  file.size_ = file.seekable_ ? reader->size : 0;
  file.reader_ = std::move(reader);
  return file;
}

InputFile::InputFile(InputFile&& other) noexcept { *this = std::move(other); }

InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(reader_, other.reader_);
  std::swap(fd_, other.fd_);
  std::swap(owned_, other.owned_);
  std::swap(seekable_, other.seekable_);
  std::swap(size_, other.size_);
  std::swap(position_, other.position_);
  std::swap(name_, other.name_);
  std::swap(ahead_, other.ahead_);
  std::swap(ahead_used_, other.ahead_used_);
  std::swap(stop_, other.stop_);
  return *this;
}

InputFile::~InputFile() {
  if (owned_ && fd_ >= 0) close(fd_);
}

Status InputFile::wait_readable() const {
  if (stop_.stop_requested()) return make_error(ErrorCode::kInterrupted, "stopped while reading {}", name_);
  if (seekable_ || reader_) return {};
  for (;;) {
    pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
    const int ready = poll(&waiting, 1, kPollMs);
    if (stop_.stop_requested()) return make_error(ErrorCode::kInterrupted, "stopped while reading {}", name_);
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return {};  // let read() say what is wrong
  }
}

std::int64_t InputFile::read_bytes(std::uint8_t* to, std::size_t count) const {
  if (!reader_) return ::read(fd_, to, count);
  const std::int64_t got = reader_->read(to, count);
  if (got >= 0 && got <= static_cast<std::int64_t>(count)) return got;
  errno = EIO;
  return -1;
}

std::string InputFile::read_failure() const {
  return reader_ ? "the function that reads it reports a failure" : errno_text(errno);
}

Result<std::span<const std::uint8_t>> InputFile::peek(std::size_t count) {
  ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(ahead_used_));
  ahead_used_ = 0;
  while (ahead_.size() < count) {
    JINSHA_TRY(wait_readable());
    const std::size_t had = ahead_.size();
    ahead_.resize(count);
    const std::int64_t got = read_bytes(ahead_.data() + had, count - had);
    ahead_.resize(had + static_cast<std::size_t>(std::max<std::int64_t>(got, 0)));
    if (got == 0) break;
    if (got < 0 && errno != EINTR && errno != EAGAIN) {
      return make_error(ErrorCode::kInput, "reading {} failed at its beginning: {}", name_, read_failure());
    }
  }
  return std::span<const std::uint8_t>(ahead_);
}

Result<std::size_t> InputFile::read_some(std::span<std::uint8_t> to) {
  if (to.empty()) return std::size_t{0};
  if (ahead_used_ < ahead_.size()) {
    const std::size_t count = std::min(to.size(), ahead_.size() - ahead_used_);
    std::memcpy(to.data(), ahead_.data() + ahead_used_, count);
    ahead_used_ += count;
    position_ += count;
    return count;
  }
  for (;;) {
    JINSHA_TRY(wait_readable());
    const std::int64_t got = read_bytes(to.data(), to.size());
    if (got >= 0) {
      position_ += static_cast<std::uint64_t>(got);
      return static_cast<std::size_t>(got);
    }
    if (stop_.stop_requested()) continue;  // a reader that was woken
    if (errno != EINTR && errno != EAGAIN) {
      return make_error(ErrorCode::kInput, "reading {} failed at byte {}: {}", name_, position_, read_failure());
    }
  }
}

Result<std::size_t> InputFile::read_full(std::span<std::uint8_t> to) {
  std::size_t done = 0;
  while (done < to.size()) {
    JINSHA_ASSIGN(const std::size_t got, read_some(to.subspan(done)));
    if (got == 0) break;
    done += got;
  }
  return done;
}

Result<std::size_t> InputFile::read_rows(std::byte* to, std::size_t row_bytes, std::size_t stride, int rows) {
  if (stride == row_bytes) {
    return read_full({reinterpret_cast<std::uint8_t*>(to), row_bytes * static_cast<std::size_t>(rows)});
  }
  std::size_t done = 0;
  int row = 0;
  // What peek() holds first, and what a function gives, row by row.
  while (row < rows && (reader_ || ahead_used_ < ahead_.size())) {
    JINSHA_ASSIGN(const std::size_t got,
                  read_full({reinterpret_cast<std::uint8_t*>(to + static_cast<std::size_t>(row) * stride), row_bytes}));
    done += got;
    if (got < row_bytes) return done;
    ++row;
  }
  if (row == rows) return done;
  JINSHA_ASSIGN(const std::size_t rest,
                read_rows_directly(to + static_cast<std::size_t>(row) * stride, row_bytes, stride, rows - row));
  return done + rest;
}

Result<std::size_t> InputFile::read_rows_directly(std::byte* to, std::size_t row_bytes, std::size_t stride, int rows) {
  const std::size_t total = row_bytes * static_cast<std::size_t>(rows);
  std::size_t done = 0;
  while (done < total) {
    JINSHA_TRY(wait_readable());
    std::array<iovec, kRowsAtOnce> parts;
    std::size_t count = 0;
    std::size_t row = done / row_bytes, in_row = done % row_bytes;
    while (count < parts.size() && row < static_cast<std::size_t>(rows)) {
      parts[count++] = {to + row * stride + in_row, row_bytes - in_row};
      in_row = 0;
      ++row;
    }
    const ssize_t got = readv(fd_, parts.data(), static_cast<int>(count));
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      return make_error(ErrorCode::kInput, "reading {} failed at byte {}: {}", name_, position_, errno_text(errno));
    }
    done += static_cast<std::size_t>(got);
    position_ += static_cast<std::uint64_t>(got);
  }
  return done;
}

Status InputFile::seek(std::uint64_t position) {
  ahead_.clear();
  ahead_used_ = 0;
  const bool there = reader_ ? reader_->seek(position) : lseek(fd_, static_cast<off_t>(position), SEEK_SET) >= 0;
  if (!there) return make_error(ErrorCode::kInput, "{} cannot be read at byte {}: {}", name_, position, read_failure());
  position_ = position;
  return {};
}

Result<bool> InputFile::skip(std::uint64_t count) {
  if (seekable_) {
    JINSHA_TRY(seek(position_ + count));
    return position_ <= size_;
  }
  std::vector<std::uint8_t> waste(static_cast<std::size_t>(std::min<std::uint64_t>(count, kSkipBytes)));
  while (count > 0) {
    const std::size_t want = static_cast<std::size_t>(std::min<std::uint64_t>(count, waste.size()));
    JINSHA_ASSIGN(const std::size_t got, read_full({waste.data(), want}));
    if (got < want) return false;
    count -= got;
  }
  return true;
}

}  // namespace jinsha
