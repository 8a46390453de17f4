// PushedFrames: bare pictures that a caller hands over one by one, read as a file of them would be.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "input/input_reader.h"
#include "input/source.h"

namespace jinsha {

// One thread pushes, one reads; any thread closes.
class PushedFrames {
 public:
  // A plane of the caller's: row y begins `stride` bytes after row y - 1.
  struct Plane {
    const std::uint8_t* data = nullptr;
    std::size_t stride = 0;
  };

  // kUsage when the format is unknown or has no size.
  static Result<std::shared_ptr<PushedFrames>> make(const RawFormat& format);

  // Waits until the picture was taken, by copying it: back-pressure is here. kUsage for planes that are missing or
  // rows that overlap; kInterrupted when the job has ended.
  Status push(std::span<const Plane> planes);
  // No more pictures.
  void end();
  // Nobody reads any more: wakes a waiting push.
  void close();

  // What the job reads; keeps `frames` alive.
  static std::shared_ptr<const InputReader> reader(std::shared_ptr<PushedFrames> frames);

 private:
  struct Geometry {
    std::size_t row_bytes = 0;
    std::size_t rows = 0;
  };
  explicit PushedFrames(std::vector<Geometry> planes) : geometry_(std::move(planes)) {}
  std::int64_t read(std::uint8_t* to, std::size_t count);

  const std::vector<Geometry> geometry_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Plane> frame_;                    // being read; empty: none
  std::size_t plane_ = 0, row_ = 0, byte_ = 0;  // where in it
  bool ended_ = false;
  bool closed_ = false;
};

}  // namespace jinsha
