// OrderedPictures: files of one picture read by several threads at once, handed out in the order they were asked for.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "input/picture_reader.h"

namespace jinsha {

class OrderedPictures {
 public:
  struct Picture {
    std::string path;
    std::int64_t slot = 0;  // the caller's own
    FrameMut frame;         // read into, when it is of the kind expected
    Result<ReadPicture> read = ReadPicture{};
  };

  // Starts the threads.
  OrderedPictures(int threads, PictureFacts expected, std::uint64_t max_file_bytes);
  OrderedPictures(const OrderedPictures&) = delete;
  OrderedPictures& operator=(const OrderedPictures&) = delete;
  ~OrderedPictures();

  // How many may be under way, and are.
  std::size_t most() const { return threads_.size(); }
  std::size_t under_way() const { return pictures_.size(); }

  void ask(std::string path, std::int64_t slot, FrameMut frame);
  // The oldest asked for, once it is read; there must be one. Null when stopped.
  std::unique_ptr<Picture> take(const std::stop_token& stop);

 private:
  struct Entry {
    std::unique_ptr<Picture> picture;
    bool begun = false;
    bool done = false;
  };
  void work();

  const PictureFacts expected_;
  const std::uint64_t max_file_bytes_;
  std::mutex mutex_;
  std::condition_variable asked_;
  std::condition_variable_any done_;
  std::deque<std::shared_ptr<Entry>> pictures_;  // changed by the caller's thread only, under the lock
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace jinsha
