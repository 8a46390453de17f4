#include "base/watched_thread.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace jinsha {

struct WatchedThread::Shared {
  std::mutex mutex;
  std::condition_variable changed;
  std::function<void()> call;  // empty: nothing to run
  bool stopping = false;
  std::thread thread;
};

WatchedThread::WatchedThread() : shared_(std::make_shared<Shared>()) {
  shared_->thread = std::thread([shared = shared_] {
    std::unique_lock lock(shared->mutex);
    for (;;) {
      shared->changed.wait(lock, [&] { return shared->stopping || shared->call; });
      if (!shared->call) return;
      lock.unlock();
      shared->call();
      lock.lock();
      shared->call = nullptr;
      shared->changed.notify_all();
    }
  });
}

WatchedThread::~WatchedThread() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
  }
  shared_->changed.notify_all();
  if (given_up_) {
    shared_->thread.detach();
  } else {
    shared_->thread.join();
  }
}

bool WatchedThread::run(std::function<void()> call, std::chrono::seconds patience) {
  std::unique_lock lock(shared_->mutex);
  shared_->call = std::move(call);
  shared_->changed.notify_all();
  // One wait of a second counts as one, however long the process was stopped in it.
  for (std::chrono::seconds waited{0}; waited < patience; ++waited) {
    if (shared_->changed.wait_for(lock, std::chrono::seconds(1), [&] { return !shared_->call; })) return true;
  }
  given_up_ = true;
  return false;
}

}  // namespace jinsha
