// ThreadPool: a fixed set of workers that run the strips of one picture.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace jinsha {

class ThreadPool {
 public:
  // `threads` counts the caller of run(): 1 means no worker is started.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls task(index, thread) once for every index in 0..count-1, spread over the threads, the
  // calling one included, and returns when all are done. `thread` is 0..threads()-1 and never runs
  // two tasks at once, so it may index scratch memory. Tasks must not throw. One caller at a time.
  void run(int count, const std::function<void(int index, int thread)>& task);

 private:
  void work(int thread);
  void take_indices(int thread);

  std::mutex mutex_;
  std::condition_variable start_;
  std::condition_variable done_;
  const std::function<void(int, int)>* task_ = nullptr;  // null: nothing to run
  int next_ = 0;
  int count_ = 0;
  int running_ = 0;  // indices taken and not finished
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace jinsha
