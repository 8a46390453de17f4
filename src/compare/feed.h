// Feed: the pictures of one file, in order, decoded one ahead of who takes them.
#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/log.h"
#include "base/result.h"
#include "input/source.h"

namespace jinsha::compare {

class Feed {
 public:
  // Opens and probes. `threads` decode.
  static Result<std::unique_ptr<Feed>> open(const std::string& path, int threads, const Log& log);
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  const SourceInfo& info() const { return source_->info(); }
  FrameLayout layout() const { return source_->layout(); }
  // Of start() with the same number.
  std::uint64_t memory_bytes(int frames_kept) const;
  // `frames_kept`: how many pictures the taker holds at once. `count`: so many pictures at most, 0: all.
  Status start(int frames_kept, std::int64_t count);
  // Empty at the end.
  Result<std::optional<Frame>> take();
  // After take() gave the end: before it, another thread may be writing them.
  const SourceCounters& counters() const { return source_->counters(); }

 private:
  explicit Feed(std::unique_ptr<Source> source) : source_(std::move(source)) {}
  int pool_frames(int frames_kept) const;
  Result<std::optional<Frame>> next();
  void fetch();

  std::unique_ptr<Source> source_;
  std::stop_source stop_;
  std::future<Result<std::optional<Frame>>> ahead_;  // last: waits for its thread when destroyed
};

}  // namespace jinsha::compare
