// TempFolder: a folder of its own for files that end with their job.
#pragma once

#include <string>

#include "base/result.h"

namespace jinsha {

// Movable; removes the folder and what is in it when it goes.
class TempFolder {
 public:
  // Below $TMPDIR, else /tmp; only this user may look into it. kNotPossible when it cannot be made.
  static Result<TempFolder> make();

  TempFolder() = default;
  TempFolder(TempFolder&& other) noexcept;
  TempFolder& operator=(TempFolder&& other) noexcept;
  ~TempFolder();

  // Without a slash at its end; empty for none.
  const std::string& path() const { return path_; }

 private:
  void remove() noexcept;

  std::string path_;
};

}  // namespace jinsha
