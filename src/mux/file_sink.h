// ByteSinks: a file, a pipe, and a branch to an observer.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "mux/muxer.h"

namespace jinsha {

// A new regular file, written in pieces of 1 MiB. Destroyed without finish(), it keeps what was
// written so far and loses what was buffered.
class FileSink final : public ByteSink {
 public:
  enum class Existing { kRefuse, kTruncate };
  static Result<std::unique_ptr<FileSink>> create(const std::string& path, Existing existing);
  ~FileSink() override;
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  Status write(std::span<const std::uint8_t> bytes) override;
  // Hands what is buffered to the system, so that a reader of the file sees it.
  Status flush();
  // Flushes, waits until the bytes are on the disk and closes. Once.
  Status finish() override;

  std::int64_t bytes_written() const { return position_ + static_cast<std::int64_t>(buffer_.size()); }

 private:
  FileSink(int descriptor, std::string path);
  Status write_through(std::span<const std::uint8_t> bytes);
  Error failed(const char* what, int error_number) const;

  int descriptor_ = -1;
  std::string path_;
  std::int64_t position_ = 0;  // bytes the system has taken
  std::vector<std::uint8_t> buffer_;
};

// An open pipe, socket or terminal, usually standard output; the descriptor stays open. A reader
// that has gone is an error of write(), never a SIGPIPE. After a stop a reader that takes nothing more
// is waited for kGrace only.
class PipeSink final : public ByteSink {
 public:
  static constexpr std::chrono::seconds kGrace{2};

  PipeSink(int descriptor, std::string name, std::stop_token stop = {});
  Status write(std::span<const std::uint8_t> bytes) override;

 private:
  bool wait_for_room() const;

  int descriptor_;
  std::string name_;  // for messages: "standard output"
  std::stop_token stop_;
  std::int64_t position_ = 0;
};

// Passes bytes to `sink` and, when it took them, to `observer`. Both outlive it.
class TeeSink final : public ByteSink {
 public:
  using Observer = std::function<void(std::span<const std::uint8_t>)>;
  TeeSink(ByteSink& sink, Observer observer) : sink_(sink), observer_(std::move(observer)) {}
  Status write(std::span<const std::uint8_t> bytes) override {
    JINSHA_TRY(sink_.write(bytes));
    observer_(bytes);
    return {};
  }
  Status finish() override { return sink_.finish(); }

 private:
  ByteSink& sink_;
  Observer observer_;
};

}  // namespace jinsha
