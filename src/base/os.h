// What the operating system has to be asked: memory, disk, processors, temporary names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace jinsha {

// Bytes of physical memory this process may use: the smaller of the machine's and its cgroup's limit.
std::uint64_t memory_limit_bytes();

// Resident set of this process now, and the highest it has been (VmHWM). 0 where unknown.
std::uint64_t resident_bytes();
std::uint64_t peak_resident_bytes();
// Has the C library give freed memory back to the system: encoders free hundreds of megabytes in many
// threads, which would stay with this process. A few milliseconds.
void return_freed_memory();

// Processors this process may run on (its affinity mask), at least 1.
int cpu_count();

// User plus system CPU time of the calling thread, nanoseconds.
std::int64_t thread_cpu_ns();

// True where the processor has AVX-512 F, BW, CD, DQ and VL.
bool cpu_has_avx512();

// Bytes an unprivileged writer can still write to the file system of `path` (an existing folder).
Result<std::uint64_t> free_disk_bytes(const std::string& path);

// The folder part of a path, "." when it has none.
std::string folder_of(const std::string& path);

// strerror, thread-safe.
std::string errno_text(int error_number);

// A block of zeroed anonymous memory aligned to 2 MiB and advised for transparent huge pages: the
// first touch of a fresh 8K frame costs 43-50 ms with 4 KiB pages and 6-9 ms with huge ones.
class HugeBlock {
 public:
  HugeBlock() = default;
  HugeBlock(HugeBlock&& other) noexcept;
  HugeBlock& operator=(HugeBlock&& other) noexcept;
  HugeBlock(const HugeBlock&) = delete;
  HugeBlock& operator=(const HugeBlock&) = delete;
  ~HugeBlock();

  // kNotPossible when the system refuses the memory.
  static Result<HugeBlock> allocate(std::size_t bytes);

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace jinsha
