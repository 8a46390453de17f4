// Device: runs a PictureProgram. The CPU executor is always there.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/log.h"
#include "base/result.h"
#include "kernels/program.h"
#include "media/frame.h"

namespace jinsha {

class Device {
 public:
  virtual ~Device() = default;
  virtual std::string name() const = 0;  // "cpu (avx512, 2 threads)"

  // Bytes of scratch memory the loaded program uses, pools not counted.
  virtual std::uint64_t memory_bytes() const = 0;
  // Makes `program` the one that process() runs.
  virtual Status load(const kernels::PictureProgram& program) = 0;
  // Writes the picture. `out` has the layout of the program's output; its info is left alone.
  // Cannot fail: everything was checked by load(). One thread.
  virtual void process(const Frame& in, FrameMut& out) = 0;
};

// SIMD width the CPU executor uses. kAuto: the best the processor has. All give the same bits.
enum class SimdTarget { kAuto, kScalar, kAvx2, kAvx512 };

// `threads` >= 1. kNotPossible when the processor lacks `target`.
Result<std::unique_ptr<Device>> open_cpu_device(int threads, SimdTarget target, const Log& log);

// What load() will allocate for it, for the plan's memory sum.
std::uint64_t cpu_device_memory_bytes(const kernels::PictureProgram& program, int threads);

}  // namespace jinsha
