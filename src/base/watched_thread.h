// WatchedThread: runs calls into a library that may never come back from one, so that its caller does.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace jinsha {

class WatchedThread {
 public:
  WatchedThread();
  // Waits for the thread to end, unless it was given up: then it is left behind, with what its call captured, until the
  // process ends.
  ~WatchedThread();
  WatchedThread(const WatchedThread&) = delete;
  WatchedThread& operator=(const WatchedThread&) = delete;

  // Runs `call` on the thread and waits for its end: true. False when it has not ended within `patience`: the thread is
  // given up, and nothing more may be run. What `call` uses must then stay alive, so it captures by value or by
  // shared_ptr. It must not throw. Time in which the whole process stands still, stopped or suspended, does not count.
  // One caller at a time.
  bool run(std::function<void()> call, std::chrono::seconds patience);

  bool given_up() const { return given_up_; }

 private:
  struct Shared;  // the thread holds it too, and outlives this object when it is given up
  std::shared_ptr<Shared> shared_;
  bool given_up_ = false;
};

}  // namespace jinsha
