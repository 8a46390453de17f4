// LavfIo: our file under libavformat, so that names are taken literally, pipes can be stopped and
// nothing but this one file is ever opened.
#pragma once

#include <stop_token>
#include <string>

#include "input/input_file.h"
#include "libav/handles.h"

namespace jinsha {

class LavfIo {
 public:
  explicit LavfIo(InputFile file);
  LavfIo(const LavfIo&) = delete;
  LavfIo& operator=(const LavfIo&) = delete;

  AVIOContext* context() { return context_.get(); }  // null when there is no memory
  const InputFile& file() const { return file_; }

  void bind(std::stop_token stop);
  bool stopped() const { return stop_.stop_requested(); }
  // Sentence about the read that failed for good; empty when none did.
  const std::string& read_error() const { return read_error_; }

  // For AVFormatContext::interrupt_callback, `opaque` being this object.
  static int interrupted(void* opaque);

 private:
  static int read(void* opaque, std::uint8_t* to, int size);
  static std::int64_t seek(void* opaque, std::int64_t offset, int whence);

  InputFile file_;
  std::stop_token stop_;
  std::string read_error_;
  libav::IoPtr context_;
};

}  // namespace jinsha
