// The sources over any bytes, as a file: probing and reading must end, in bounded memory, with pictures or with
// words. Damage in coded pictures is libavcodec's; ours is what is made of what it says.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <variant>

#include "input/source.h"

namespace {

constexpr std::size_t kMaxBytes = 256 * 1024;
constexpr std::size_t kMaxPictureBytes = std::size_t{16} << 20;
constexpr int kMaxItems = 64;

// A file without a name.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : file_(memfd_create("input", MFD_CLOEXEC)) {
    if (file_ < 0 || write(file_, data, size) != static_cast<ssize_t>(size)) std::abort();
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(file_); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

void read_all(jinsha::Source& source, bool coded) {
  jinsha::FramePool pool;
  if (!coded) {
    if (source.layout().bytes > kMaxPictureBytes) return;
    auto made = jinsha::FramePool::create(source.layout(), source.max_held_frames() + 1);
    if (!made) return;
    pool = *made;
  }
  const std::stop_source stop;
  if (!source.start(pool, stop.get_token(), 0, 0)) return;
  for (int i = 0; i < kMaxItems; ++i) {
    const jinsha::Result<jinsha::Item> item = source.next();
    if (!item || std::holds_alternative<jinsha::EndOfStream>(*item)) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size < kMaxBytes ? size : kMaxBytes);
  jinsha::SourceSpec spec;
  spec.path = file.path();
  // Pictures decoded, and passed on as they are coded.
  for (const bool coded : {false, true}) {
    spec.copy_video = coded;
    const auto source = jinsha::open_source(spec, jinsha::Log());
    if (!source && source.error().message.empty()) std::abort();  // an error carries its words
    if (source) read_all(**source, coded);
  }
  return 0;
}
