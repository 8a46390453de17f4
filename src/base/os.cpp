#include "base/os.h"

#include <malloc.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace jinsha {
namespace {

constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;

// Value in bytes of a "Name:  123 kB" line of /proc/self/status; 0 when absent.
std::uint64_t status_kib_field(std::string_view name) {
  std::ifstream file("/proc/self/status");
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with(name)) return std::strtoull(line.c_str() + name.size(), nullptr, 10) * 1024;
  }
  return 0;
}

void lower_to_file(const std::string& name, std::uint64_t& limit) {
  std::ifstream file(name);
  std::uint64_t value = 0;
  if (file >> value) limit = std::min(limit, value);  // "max" is no number
}

// The control group this process is in and every one above it (cgroups(7): "0::/path" is version 2).
void lower_to_cgroups(std::uint64_t& limit) {
  std::ifstream groups("/proc/self/cgroup");
  std::string line;
  while (std::getline(groups, line)) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool version1 = controllers == "memory";
    if (!controllers.empty() && !version1) continue;
    const std::string root = version1 ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";
    const std::string name = version1 ? "/memory.limit_in_bytes" : "/memory.max";
    for (std::string path = line.substr(second + 1);; path.resize(path.find_last_of('/'))) {
      lower_to_file(fmt::format("{}{}{}", root, path, name), limit);
      if (path.find('/') == std::string::npos) break;
    }
  }
}

}  // namespace

std::uint64_t memory_limit_bytes() {
  struct sysinfo info {};
  std::uint64_t limit = UINT64_MAX;
  if (sysinfo(&info) == 0) limit = static_cast<std::uint64_t>(info.totalram) * info.mem_unit;
  lower_to_cgroups(limit);
  return limit;
}

std::uint64_t resident_bytes() { return status_kib_field("VmRSS:"); }
void return_freed_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

std::uint64_t peak_resident_bytes() { return status_kib_field("VmHWM:"); }

int cpu_count() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)));
}

std::int64_t thread_cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

bool cpu_has_avx512() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}

Result<std::uint64_t> free_disk_bytes(const std::string& path) {
  struct statvfs info {};
  if (statvfs(path.c_str(), &info) != 0) {
    return make_error(ErrorCode::kOutput, "cannot ask for the free space of {}: {}", path, errno_text(errno));
  }
  return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string errno_text(int error_number) { return std::generic_category().message(error_number); }

HugeBlock::HugeBlock(HugeBlock&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

HugeBlock& HugeBlock::operator=(HugeBlock&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

HugeBlock::~HugeBlock() {
  if (data_) munmap(data_, size_);
}

Result<HugeBlock> HugeBlock::allocate(std::size_t bytes) {
  HugeBlock block;
  const std::size_t size = (bytes + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
  // Reserve one huge page more than needed and give back what lies outside the aligned range.
  const std::size_t reserved = size + kHugePageBytes;
  void* memory = mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return make_error(ErrorCode::kNotPossible, "cannot allocate {} MB of memory: {}", size / 1'000'000,
                      errno_text(errno));
  }
  auto* start = static_cast<std::byte*>(memory);
  const std::size_t skip = (kHugePageBytes - reinterpret_cast<std::uintptr_t>(start) % kHugePageBytes) % kHugePageBytes;
  if (skip > 0) munmap(start, skip);
  if (skip < kHugePageBytes) munmap(start + skip + size, kHugePageBytes - skip);
  block.data_ = start + skip;
  block.size_ = size;
  madvise(block.data_, block.size_, MADV_HUGEPAGE);  // advice: a kernel without it is slower, not wrong
  return block;
}

}  // namespace jinsha
