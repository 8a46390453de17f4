#include "input/lavf_io.h"

extern "C" {
#include <libavformat/avio.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
}

#include <cerrno>
#include <cstdio>

namespace jinsha {
namespace {
constexpr int kBufferBytes = 1 << 18;
}

LavfIo::LavfIo(InputFile file) : file_(std::move(file)) {
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
  if (buffer == nullptr) return;
  context_.reset(avio_alloc_context(buffer, kBufferBytes, 0, this, &read, nullptr, file_.seekable() ? &seek : nullptr));
  if (!context_) av_free(buffer);
}

void LavfIo::bind(std::stop_token stop) {
  stop_ = stop;
  file_.bind(std::move(stop));
}

int LavfIo::interrupted(void* opaque) { return static_cast<const LavfIo*>(opaque)->stopped() ? 1 : 0; }

int LavfIo::read(void* opaque, std::uint8_t* to, int size) {
  auto& self = *static_cast<LavfIo*>(opaque);
  Result<std::size_t> got = self.file_.read_some({to, static_cast<std::size_t>(size)});
  if (!got) {
    if (got.error().code == ErrorCode::kInterrupted) return AVERROR_EXIT;
    self.read_error_ = got.error().message;
    return AVERROR(EIO);
  }
  return *got == 0 ? AVERROR_EOF : static_cast<int>(*got);
}

std::int64_t LavfIo::seek(void* opaque, std::int64_t offset, int whence) {
  auto& self = *static_cast<LavfIo*>(opaque);
  const auto size = static_cast<std::int64_t>(self.file_.size());
  if ((whence & AVSEEK_SIZE) != 0) return size;
  switch (whence & ~AVSEEK_FORCE) {
    case SEEK_SET: break;
    case SEEK_CUR: offset += static_cast<std::int64_t>(self.file_.position()); break;
    case SEEK_END: offset += size; break;
    default: return AVERROR(EINVAL);
  }
  if (offset < 0) return AVERROR(EINVAL);
  return self.file_.seek(static_cast<std::uint64_t>(offset)).ok() ? offset : AVERROR(EIO);
}

}  // namespace jinsha
