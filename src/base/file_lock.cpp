#include "base/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/os.h"

namespace jinsha {

Result<FileLock> FileLock::take(const std::string& path) {
  for (;;) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor < 0) {
      return make_error(ErrorCode::kOutput, "{}: cannot be created: {}", path, errno_text(errno));
    }
    FileLock lock(descriptor);
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return lock;  // a file system without locks
      return make_error(ErrorCode::kOutput, "{}: another job is writing it; wait for that one or choose another name",
                        path);
    }
    // Whoever held it may have renamed or removed it since it was opened.
    struct stat opened {};
    struct stat named {};
    if (fstat(descriptor, &opened) == 0 && stat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
        opened.st_ino == named.st_ino) {
      return lock;
    }
  }
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace jinsha
