#include "compare/feed.h"

#include <utility>

namespace jinsha::compare {

Result<std::unique_ptr<Feed>> Feed::open(const std::string& path, int threads, const Log& log) {
  SourceSpec spec;
  spec.path = path;
  spec.threads = threads;
  spec.use_audio = false;
  JINSHA_ASSIGN(std::unique_ptr<Source> source, open_source(spec, log));
  return std::unique_ptr<Feed>(new Feed(std::move(source)));
}

Feed::~Feed() { stop_.request_stop(); }

int Feed::pool_frames(int frames_kept) const {
  constexpr int kAhead = 2;  // one just taken, one being fetched
  return source_->max_held_frames() + kAhead + frames_kept;
}

std::uint64_t Feed::memory_bytes(int frames_kept) const {
  return source_->memory_bytes() + static_cast<std::uint64_t>(pool_frames(frames_kept)) * source_->layout().bytes;
}

Status Feed::start(int frames_kept, std::int64_t count) {
  JINSHA_ASSIGN(FramePool pool, FramePool::create(source_->layout(), pool_frames(frames_kept)));
  JINSHA_TRY(source_->start(std::move(pool), stop_.get_token(), 0, count));
  fetch();
  return {};
}

void Feed::fetch() {
  ahead_ = std::async(std::launch::async, [this] { return next(); });
}

Result<std::optional<Frame>> Feed::next() {
  for (;;) {
    JINSHA_ASSIGN(Item item, source_->next());
    if (std::holds_alternative<EndOfStream>(item)) return std::optional<Frame>();
    if (Frame* frame = std::get_if<Frame>(&item)) return std::optional<Frame>(std::move(*frame));
  }
}

Result<std::optional<Frame>> Feed::take() {
  if (!ahead_.valid()) return std::optional<Frame>();
  Result<std::optional<Frame>> taken = ahead_.get();
  if (taken && *taken) fetch();
  return taken;
}

}  // namespace jinsha::compare
