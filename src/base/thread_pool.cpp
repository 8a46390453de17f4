#include "base/thread_pool.h"

namespace jinsha {

ThreadPool::ThreadPool(int threads) {
  for (int i = 1; i < threads; ++i) workers_.emplace_back([this, i] { work(i); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  start_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::run(int count, const std::function<void(int, int)>& task) {
  {
    const std::lock_guard lock(mutex_);
    task_ = &task;
    next_ = 0;
    count_ = count;
  }
  start_.notify_all();
  take_indices(0);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return next_ >= count_ && running_ == 0; });
  task_ = nullptr;
}

void ThreadPool::work(int thread) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      start_.wait(lock, [&] { return stopping_ || (task_ && next_ < count_); });
      if (stopping_) return;
    }
    take_indices(thread);
  }
}

void ThreadPool::take_indices(int thread) {
  std::unique_lock lock(mutex_);
  while (task_ && next_ < count_) {
    const int index = next_++;
    const auto* task = task_;
    ++running_;
    lock.unlock();
    (*task)(index, thread);
    lock.lock();
    --running_;
  }
  if (running_ == 0 && next_ >= count_) done_.notify_all();
}

}  // namespace jinsha
