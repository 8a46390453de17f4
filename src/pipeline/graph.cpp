#include "pipeline/graph.h"

#include <chrono>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

#include "base/os.h"
#include "base/queue.h"
#include "media/frame.h"

namespace jinsha {
namespace {

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool counts_as_frame(const Item& item) {
  if (const auto* packet = std::get_if<Packet>(&item)) return packet->stream == 0;
  return std::holds_alternative<Frame>(item);
}

}  // namespace

struct Graph::Links {
  // queues[i] feeds stage i.
  std::vector<std::unique_ptr<BoundedQueue<Item>>> queues;
  std::stop_source stop;
  std::mutex mutex;
  std::optional<Error> first_error;
  bool finished = false;  // the last stage has flushed
};

Graph::Graph(std::string source_name, Pull pull, std::vector<std::unique_ptr<Stage>> stages, std::stop_source stop)
    : pull_(std::move(pull)), stages_(std::move(stages)), links_(std::make_unique<Links>()) {
  links_->stop = std::move(stop);
  meters_.push_back(std::make_unique<StageMeter>());
  meters_.back()->name = std::move(source_name);
  for (const auto& stage : stages_) {
    links_->queues.push_back(std::make_unique<BoundedQueue<Item>>(kQueueItems));
    meters_.push_back(std::make_unique<StageMeter>());
    meters_.back()->name = stage->name();
  }
}

Graph::~Graph() = default;

Status Graph::run() {
  {
    std::vector<std::jthread> threads;
    threads.emplace_back([this] { guarded([this] { run_source(); }); });
    for (std::size_t i = 0; i < stages_.size(); ++i)
      threads.emplace_back([this, i] { guarded([this, i] { run_stage(i); }); });
  }
  const std::lock_guard lock(links_->mutex);
  if (links_->first_error) return *links_->first_error;
  if (!links_->finished) return Error{ErrorCode::kInterrupted, "stopped on request"};
  return {};
}

template <typename Work>
void Graph::guarded(Work work) {
  try {
    work();
  } catch (const std::bad_alloc&) {
    fail(Error{ErrorCode::kNotPossible,
               "there is no more memory: choose a smaller --size, fewer --threads or --max-mem"});
  } catch (const std::exception& error) {
    fail(Error{ErrorCode::kInternal, error.what()});
  }
}

void Graph::fail(Error error) {
  {
    const std::lock_guard lock(links_->mutex);
    // Threads woken by a stop report kInterrupted; only the cause is of interest.
    if (!links_->first_error && error.code != ErrorCode::kInterrupted) links_->first_error = std::move(error);
  }
  links_->stop.request_stop();
}

void Graph::run_source() {
  StageMeter& meter = *meters_.front();
  const std::stop_token stop = links_->stop.get_token();
  while (!stop.stop_requested()) {
    const std::int64_t started = now_ns() - FramePool::waited_ns();
    Result<Item> item = pull_();
    meter.busy_ns += now_ns() - FramePool::waited_ns() - started;
    meter.cpu_ns = thread_cpu_ns();
    if (!item.ok()) return fail(std::move(item).error());
    const bool last = std::holds_alternative<EndOfStream>(*item);
    if (counts_as_frame(*item)) ++meter.frames;
    if (!last && !stages_.empty() && !links_->queues.front()->push(std::move(*item), stop)) return;
    if (last) break;
  }
  if (!stages_.empty()) links_->queues.front()->close();
}

void Graph::run_stage(std::size_t index) {
  Stage& stage = *stages_[index];
  StageMeter& meter = *meters_[index + 1];
  BoundedQueue<Item>& input = *links_->queues[index];
  const std::stop_token stop = links_->stop.get_token();
  std::int64_t waited_ns = 0;
  const bool last_stage = index + 1 == stages_.size();
  const Emit emit = [&](Item item) -> Status {
    if (counts_as_frame(item)) ++meter.frames;
    if (last_stage) return {};
    const std::int64_t started = now_ns();
    const bool taken = links_->queues[index + 1]->push(std::move(item), stop);
    waited_ns += now_ns() - started;
    if (!taken) return Error{ErrorCode::kInterrupted, "stopped"};
    return {};
  };
  const auto timed = [&](auto&& work) {
    const std::int64_t started = now_ns() - FramePool::waited_ns();
    waited_ns = 0;
    const Status status = work();
    meter.busy_ns += now_ns() - FramePool::waited_ns() - started - waited_ns;
    meter.cpu_ns = thread_cpu_ns();
    return status;
  };
  if (const Status status = timed([&] { return stage.start(); }); !status.ok()) return fail(status.error());
  for (;;) {
    std::optional<Item> item = input.pop(stop);
    meter.queued = static_cast<int>(input.size());
    if (!item) break;
    const Status status = timed([&] { return stage.process(std::move(*item), emit); });
    if (!status.ok()) return fail(status.error());
  }
  if (stop.stop_requested()) return;
  const Status status = timed([&] { return stage.flush(emit); });
  if (!status.ok()) return fail(status.error());
  if (!last_stage) return links_->queues[index + 1]->close();
  const std::lock_guard lock(links_->mutex);
  links_->finished = true;
}

}  // namespace jinsha
