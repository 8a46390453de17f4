// Graph: a chain of stages, each on a thread of its own, with bounded queues between them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/stage.h"

namespace jinsha {

// What one stage has done so far. Written by its thread, read by any.
struct StageMeter {
  std::string name;
  std::atomic<std::int64_t> frames{0};  // frames or video packets it has finished
  std::atomic<std::int64_t> busy_ns{
      0};  // wall time inside process() and flush(), waiting for frames and queues left out
  std::atomic<std::int64_t> cpu_ns{0};  // CPU time of its own thread
  std::atomic<int> queued{0};           // items waiting in front of it
};

class Graph {
 public:
  // `pull` is the source: called on a thread of its own until it returns EndOfStream or an error.
  using Pull = std::function<Result<Item>()>;

  // Items a queue may hold. Pictures are bounded by their pool, so this bounds packets.
  static constexpr std::size_t kQueueItems = 64;

  // `stop` is shared with whoever may cancel and with everything that waits inside the stages.
  Graph(std::string source_name, Pull pull, std::vector<std::unique_ptr<Stage>> stages, std::stop_source stop);
  ~Graph();

  // Runs the chain to its end. The first error of any thread stops all others and is returned;
  // kInterrupted when a stop was requested before the end was reached. Blocks; called once.
  Status run();

  // Meters of the source and every stage, in order; valid as long as the graph.
  const std::vector<std::unique_ptr<StageMeter>>& meters() const { return meters_; }

 private:
  template <typename Work>
  void guarded(Work work);
  void run_source();
  void run_stage(std::size_t index);
  void fail(Error error);

  Pull pull_;
  std::vector<std::unique_ptr<Stage>> stages_;
  struct Links;
  std::unique_ptr<Links> links_;
  std::vector<std::unique_ptr<StageMeter>> meters_;
};

}  // namespace jinsha
