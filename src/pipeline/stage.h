// Stage: one step of the pipeline, run by one thread with one input queue.
#pragma once

#include <functional>

#include "base/result.h"
#include "media/item.h"

namespace jinsha {

// Hands an item to the next stage; waits while that one's queue is full. kInterrupted when the job
// is being stopped: the stage returns it at once.
using Emit = std::function<Status(Item)>;

class Stage {
 public:
  virtual ~Stage() = default;
  virtual const char* name() const = 0;
  // Once, before the first item, on the stage's own thread: what takes its time goes on while the source begins.
  virtual Status start() { return {}; }
  // One item of the input, in order. Items a stage has no use for are emitted unchanged.
  virtual Status process(Item item, const Emit& emit) = 0;
  // After the last item: emits what is held back.
  virtual Status flush(const Emit& emit) = 0;
};

}  // namespace jinsha
