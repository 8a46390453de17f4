#include "input/pushed_frames.h"

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <cstring>
#include <utility>

#include "libav/formats.h"

namespace jinsha {

Result<std::shared_ptr<PushedFrames>> PushedFrames::make(const RawFormat& format) {
  const AVPixelFormat pixel_format = libav::format_named(format.pixel_format);
  const AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(pixel_format);
  if (descriptor == nullptr || format.width < 1 || format.height < 1) {
    return make_error(ErrorCode::kUsage,
                      "pushed pictures need --input-format PIXFMT:WxH@FPS with a format that FFmpeg knows");
  }
  std::vector<Geometry> planes;
  for (int i = 0; i < av_pix_fmt_count_planes(pixel_format); ++i) {
    const int bytes = av_image_get_linesize(pixel_format, format.width, i);
    const bool chroma = i == 1 || i == 2;
    const int shift = chroma ? descriptor->log2_chroma_h : 0;
    const int rows = (format.height + (1 << shift) - 1) >> shift;
    planes.push_back({static_cast<std::size_t>(std::max(bytes, 0)), static_cast<std::size_t>(rows)});
  }
  return std::shared_ptr<PushedFrames>(new PushedFrames(std::move(planes)));
}

Status PushedFrames::push(std::span<const Plane> planes) {
  if (planes.size() != geometry_.size()) {
    return make_error(ErrorCode::kUsage, "a picture with {} planes was pushed, the format has {}", planes.size(),
                      geometry_.size());
  }
  for (std::size_t i = 0; i < planes.size(); ++i) {
    if (planes[i].data == nullptr) return make_error(ErrorCode::kUsage, "plane {} of a pushed picture is missing", i);
    if (planes[i].stride < geometry_[i].row_bytes) {
      return make_error(ErrorCode::kUsage, "plane {} of a pushed picture: a stride of {} bytes, its rows have {}", i,
                        planes[i].stride, geometry_[i].row_bytes);
    }
  }
  std::unique_lock lock(mutex_);
  if (ended_) return make_error(ErrorCode::kUsage, "a picture was pushed after the last one");
  if (!frame_.empty()) return make_error(ErrorCode::kUsage, "two threads push pictures into one job");
  if (!closed_) frame_.assign(planes.begin(), planes.end());
  plane_ = row_ = byte_ = 0;
  changed_.notify_all();
  changed_.wait(lock, [&] { return frame_.empty() || closed_; });
  const bool taken = frame_.empty() && !closed_;
  frame_.clear();
  if (taken) return {};
  return make_error(ErrorCode::kInterrupted, "the job has ended and takes no more pictures; waiting for it says why");
}

void PushedFrames::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void PushedFrames::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

std::int64_t PushedFrames::read(std::uint8_t* to, std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !frame_.empty() || ended_ || closed_; });
  if (closed_) return -1;
  std::size_t done = 0;
  // The pusher waits under this lock: its planes stay as they are.
  while (done < count && !frame_.empty()) {
    const Geometry& shape = geometry_[plane_];
    const std::size_t part = std::min(count - done, shape.row_bytes - byte_);
    std::memcpy(to + done, frame_[plane_].data + row_ * frame_[plane_].stride + byte_, part);
    done += part;
    byte_ += part;
    if (byte_ < shape.row_bytes) break;
    byte_ = 0;
    if (++row_ < shape.rows) continue;
    row_ = 0;
    if (++plane_ < geometry_.size()) continue;
    frame_.clear();
    changed_.notify_all();
  }
  return static_cast<std::int64_t>(done);
}

std::shared_ptr<const InputReader> PushedFrames::reader(std::shared_ptr<PushedFrames> frames) {
  auto reader = std::make_shared<InputReader>();
  reader->name = "pushed pictures";
  reader->read = [frames = std::move(frames)](std::uint8_t* to, std::size_t count) { return frames->read(to, count); };
  return reader;
}

}  // namespace jinsha
