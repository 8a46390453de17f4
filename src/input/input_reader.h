// InputReader: bytes that come from a caller's functions instead of a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace jinsha {

// Called by one thread at a time: first where the job is planned, then in its decode thread. The functions outlive
// the job.
struct InputReader {
  std::string name;  // for messages
  // Puts at most `count` bytes at `to`: how many; 0 at the end, negative when reading failed for good. May block.
  std::function<std::int64_t(std::uint8_t* to, std::size_t count)> read;
  // Goes on at this byte; false when it cannot. Empty: the bytes come once, as through a pipe.
  std::function<bool(std::uint64_t position)> seek;
  std::uint64_t size = 0;  // of everything, with `seek`
};

}  // namespace jinsha
