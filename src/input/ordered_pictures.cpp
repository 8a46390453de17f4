#include "input/ordered_pictures.h"

#include <algorithm>

namespace jinsha {

OrderedPictures::OrderedPictures(int threads, PictureFacts expected, std::uint64_t max_file_bytes)
    : expected_(std::move(expected)), max_file_bytes_(max_file_bytes) {
  for (int i = 0; i < std::max(1, threads); ++i) threads_.emplace_back([this] { work(); });
}

OrderedPictures::~OrderedPictures() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  asked_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void OrderedPictures::ask(std::string path, std::int64_t slot, FrameMut frame) {
  auto entry = std::make_shared<Entry>();
  entry->picture = std::make_unique<Picture>();
  entry->picture->path = std::move(path);
  entry->picture->slot = slot;
  entry->picture->frame = std::move(frame);
  {
    const std::lock_guard lock(mutex_);
    pictures_.push_back(std::move(entry));
  }
  asked_.notify_one();
}

std::unique_ptr<OrderedPictures::Picture> OrderedPictures::take(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!done_.wait(lock, stop, [&] { return pictures_.front()->done; })) return nullptr;
  std::unique_ptr<Picture> picture = std::move(pictures_.front()->picture);
  pictures_.pop_front();
  return picture;
}

void OrderedPictures::work() {
  PictureReader reader;
  std::unique_lock lock(mutex_);
  for (;;) {
    std::shared_ptr<Entry> entry;
    asked_.wait(lock, [&] {
      if (ending_) return true;
      for (const std::shared_ptr<Entry>& each : pictures_) {
        if (each->begun) continue;
        entry = each;
        return true;
      }
      return false;
    });
    if (ending_) return;
    entry->begun = true;
    lock.unlock();
    Picture& picture = *entry->picture;
    const PictureTarget target{picture.frame, expected_};
    picture.read = reader.read(picture.path, max_file_bytes_, &target);
    lock.lock();
    entry->done = true;
    done_.notify_all();
  }
}

}  // namespace jinsha
