#include "base/temp_folder.h"

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/os.h"

namespace jinsha {

Result<TempFolder> TempFolder::make() {
  const char* const parent = std::getenv("TMPDIR");
  TempFolder folder;
  folder.path_ = std::string(parent != nullptr && *parent != 0 ? parent : "/tmp") + "/jinsha-XXXXXX";
  if (mkdtemp(folder.path_.data()) != nullptr) return folder;
  const std::string reason = errno_text(errno);
  const std::string wanted = std::exchange(folder.path_, {});
  return make_error(ErrorCode::kNotPossible, "no folder for temporary files can be made as {}: {}; set TMPDIR", wanted,
                    reason);
}

TempFolder::TempFolder(TempFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TempFolder& TempFolder::operator=(TempFolder&& other) noexcept {
  if (this == &other) return *this;
  remove();
  path_ = std::exchange(other.path_, {});
  return *this;
}

TempFolder::~TempFolder() { remove(); }

void TempFolder::remove() noexcept {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace jinsha
