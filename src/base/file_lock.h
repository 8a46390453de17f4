// FileLock: one process, or one job of it, at a time works on a file.
#pragma once

#include <string>

#include "base/result.h"

namespace jinsha {

// Movable; gives the lock back when it goes. The lock holds against other openings of the file, in
// this process too, and ends with the process however it ends (flock(2)).
class FileLock {
 public:
  // Creates the file where it is missing. kOutput when it cannot be opened or somebody holds it.
  static Result<FileLock> take(const std::string& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace jinsha
