#include "job/document.h"

#include <sys/stat.h>

#include <cerrno>
#include <fstream>

#include "base/os.h"

namespace jinsha {
namespace {

// At most one byte more than may be read, so that /dev/zero is told apart from a document.
Result<std::string> read_text(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0)
    return make_error(ErrorCode::kUsage, "{}: the document cannot be read: {}", path, errno_text(errno));
  if (S_ISDIR(status.st_mode))
    return make_error(ErrorCode::kUsage, "{}: the document cannot be read: it is a folder", path);
  std::ifstream file(path, std::ios::binary);
  if (!file) return make_error(ErrorCode::kUsage, "{}: the document cannot be read: {}", path, errno_text(errno));
  std::string text(kMaxDocumentBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return make_error(ErrorCode::kUsage, "{}: the document cannot be read to its end", path);
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxDocumentBytes)
    return make_error(ErrorCode::kUsage, "{}: longer than the {} bytes that a document may have", path,
                      kMaxDocumentBytes);
  return text;
}

}  // namespace

Result<Document> read_document(const std::string& path) {
  const bool is_toml = path.ends_with(".toml");
  if (!is_toml && !path.ends_with(".json"))
    return make_error(ErrorCode::kUsage, "{}: a document is named .toml or .json, which says how to read it", path);
  JINSHA_ASSIGN(const std::string text, read_text(path));
  return is_toml ? parse_toml(text, path) : parse_json(text, path);
}

}  // namespace jinsha
