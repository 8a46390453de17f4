// InputFile: the bytes of a file, device or pipe, read without buffering in between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "input/input_reader.h"

namespace jinsha {

class InputFile {
 public:
  // The path is taken literally; "-" is standard input. kInput, each with its own words, for what is
  // missing, forbidden, a folder or empty.
  static Result<InputFile> open(const std::string& path);

  // The same over a caller's functions.
  static InputFile over(std::shared_ptr<const InputReader> reader);

  InputFile() = default;
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  const std::string& name() const { return name_; }  // for messages
  bool seekable() const { return seekable_; }
  std::uint64_t size() const { return size_; }  // 0 when not seekable
  std::uint64_t position() const { return position_; }

  // Waits for a pipe end with kInterrupted when `stop` is requested.
  void bind(std::stop_token stop) { stop_ = std::move(stop); }

  // What lies ahead without consuming it, at most `count` bytes, fewer at the end.
  Result<std::span<const std::uint8_t>> peek(std::size_t count);
  // Some bytes, at least one; 0 at the end.
  Result<std::size_t> read_some(std::span<std::uint8_t> to);
  // All of `to` unless the end comes first: how many bytes there were.
  Result<std::size_t> read_full(std::span<std::uint8_t> to);
  // `rows` rows of `row_bytes` each, placed `stride` apart: how many bytes there were.
  Result<std::size_t> read_rows(std::byte* to, std::size_t row_bytes, std::size_t stride, int rows);
  // Only when seekable.
  Status seek(std::uint64_t position);
  // Moves forward; false when the end comes first.
  Result<bool> skip(std::uint64_t count);

 private:
  Status wait_readable() const;
  // read(2), or the caller's function.
  std::int64_t read_bytes(std::uint8_t* to, std::size_t count) const;
  // Sentence about why read_bytes() failed.
  std::string read_failure() const;
  Result<std::size_t> read_rows_directly(std::byte* to, std::size_t row_bytes, std::size_t stride, int rows);

  std::shared_ptr<const InputReader> reader_;  // set: there is no file
  int fd_ = -1;
  bool owned_ = false;
  bool seekable_ = false;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;  // of the next byte to be handed out
  std::string name_;
  std::vector<std::uint8_t> ahead_;  // read by peek and not consumed
  std::size_t ahead_used_ = 0;
  std::stop_token stop_;
};

}  // namespace jinsha
