// The CPU device: every step of a program over bands of rows or tiles, on a fixed set of threads.
#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <variant>
#include <vector>

#include "base/os.h"
#include "base/thread_pool.h"
#include "compute/device.h"
#include "compute/zimg_scaler.h"
#include "kernels/executor.h"
#include "kernels/targets.h"

namespace jinsha {
namespace {

using compute::ZimgScaler;

// Rows of a band: a 4:2:0 output recomputes up to 6 rows around each, so bands are not small, and
// there are a few for each thread, so that none waits long at the end.
constexpr int kMinBandRows = 64;
constexpr int kBandsPerThread = 4;

int band_rows(int height, int threads) {
  const int bands = threads * kBandsPerThread;
  const int rows = std::max(kMinBandRows, (height + bands - 1) / bands);
  return rows + rows % 2;
}

const kernels::PictureFormat& in_of(const kernels::Step& step) {
  return std::visit([](const auto& s) -> const kernels::PictureFormat& { return s.in; }, step);
}
const kernels::PictureFormat& out_of(const kernels::Step& step) {
  return std::visit([](const auto& s) -> const kernels::PictureFormat& { return s.out; }, step);
}

FrameLayout layout_of(const kernels::PictureFormat& f) {
  PixelFormat format;
  format.depth = f.depth;
  format.chroma = f.planes == 1          ? Chroma::k400
                  : f.chroma_shift_y > 0 ? Chroma::k420
                  : f.chroma_shift_x > 0 ? Chroma::k422
                                         : Chroma::k444;
  return FrameLayout::packed(format, f.width, f.height);
}

// Whether the executors may trust a step: they check nothing themselves.
bool plausible(const kernels::PictureFormat& f) {
  return f.width > 0 && f.height > 0 && f.depth >= 8 && f.depth <= 16 && (f.planes == 1 || f.planes == 3);
}
bool plausible(const kernels::ChromaAxis& axis) {
  return std::ranges::all_of(axis.phase, [](const kernels::Fir& fir) {
    return fir.count >= 1 && fir.count <= kernels::kMaxTaps && std::abs(fir.first) <= 16;
  });
}
bool plausible(const kernels::Step& step) {
  if (!plausible(in_of(step)) || !plausible(out_of(step))) return false;
  if (const auto* s = std::get_if<kernels::ScaleProgram>(&step)) {
    return s->in.depth == s->out.depth && s->in.planes == s->out.planes &&
           s->in.chroma_shift_x == s->out.chroma_shift_x && s->in.chroma_shift_y == s->out.chroma_shift_y &&
           s->x >= 0 && s->y >= 0 && s->width > 0 && s->height > 0 && s->x + s->width <= s->out.width &&
           s->y + s->height <= s->out.height && s->crop_x >= 0 && s->crop_y >= 0 && s->crop_width > 0 &&
           s->crop_height > 0 && s->crop_x + s->crop_width <= s->in.width && s->crop_y + s->crop_height <= s->in.height;
  }
  if (const auto* o = std::get_if<kernels::OrientProgram>(&step)) {
    const bool quarter = o->rotation_degrees % 180 != 0;
    return o->rotation_degrees >= 0 && o->rotation_degrees < 360 && o->rotation_degrees % 90 == 0 &&
           o->in.width == (quarter ? o->out.height : o->out.width) &&
           o->in.height == (quarter ? o->out.width : o->out.height) && o->in.depth == o->out.depth &&
           o->in.planes == o->out.planes && o->in.chroma_shift_x + o->in.chroma_shift_y == 0 &&
           o->out.chroma_shift_x + o->out.chroma_shift_y == 0;
  }
  if (in_of(step).width != out_of(step).width || in_of(step).height != out_of(step).height) return false;
  if (const auto* p = std::get_if<kernels::PlaneProgram>(&step))
    return plausible(p->chroma_x) && plausible(p->chroma_y);
  const auto& c = std::get<kernels::ColorProgram>(step);
  return plausible(c.in_x) && plausible(c.in_y) && plausible(c.out_x) && plausible(c.out_y);
}

// One step made ready, and the scratch it wants.
struct ReadyStep {
  std::unique_ptr<kernels::Executor> executor;  // or
  std::optional<ZimgScaler> scaler;
  int rows = 0;  // of the output
  std::size_t scratch_bytes = 0;
};

struct ReadyProgram {
  std::vector<ReadyStep> steps;
  std::vector<FrameLayout> between;  // of the pictures between steps
  std::size_t scratch_bytes = 0;     // of one thread

  std::uint64_t memory_bytes(int threads) const {
    std::uint64_t total = scratch_bytes * static_cast<std::uint64_t>(threads);
    for (const FrameLayout& layout : between) total += layout.bytes;
    return total;
  }
};

Result<ReadyProgram> prepare(const kernels::PictureProgram& program, const kernels::RowOps& ops, SimdTarget target) {
  ReadyProgram ready;
  for (const kernels::Step& step : program.steps) {
    if (!plausible(step)) return make_error(ErrorCode::kInternal, "a colour program has a step that cannot be run");
    if (!ready.steps.empty()) {
      const kernels::PictureFormat& in = in_of(step);
      const kernels::PictureFormat& before = out_of(program.steps[ready.steps.size() - 1]);
      if (in != before) return make_error(ErrorCode::kInternal, "the steps of a colour program do not fit together");
      ready.between.push_back(layout_of(in));
    }
    ReadyStep made;
    made.rows = out_of(step).height;
    if (const auto* scale = std::get_if<kernels::ScaleProgram>(&step)) {
      JINSHA_ASSIGN(made.scaler, ZimgScaler::create(*scale, target));
      made.scratch_bytes = made.scaler->scratch_bytes();
    } else {
      if (const auto* color = std::get_if<kernels::ColorProgram>(&step)) {
        made.executor = kernels::make_executor(*color, ops);
      } else if (const auto* orient = std::get_if<kernels::OrientProgram>(&step)) {
        made.executor = kernels::make_executor(*orient);
      } else {
        made.executor = kernels::make_executor(std::get<kernels::PlaneProgram>(step), ops);
      }
      made.scratch_bytes = made.executor->scratch_floats() * sizeof(float);
    }
    ready.scratch_bytes = std::max(ready.scratch_bytes, (made.scratch_bytes + 63) / 64 * 64);
    ready.steps.push_back(std::move(made));
  }
  return ready;
}

template <typename PlanesT, typename FrameT>
PlanesT planes_of(FrameT& frame) {
  PlanesT planes;
  const FrameLayout& layout = frame.layout();
  for (int i = 0; i < layout.format.planes(); ++i) {
    planes.data[i] = frame.plane(i);
    planes.stride[i] = layout.stride[i];
  }
  return planes;
}

class CpuDevice final : public Device {
 public:
  CpuDevice(int threads, SimdTarget target, const kernels::RowOps& ops) : target_(target), ops_(ops), pool_(threads) {}

  std::string name() const override {
    return fmt::format("cpu ({}, {} thread{})", ops_.name, pool_.threads(), pool_.threads() == 1 ? "" : "s");
  }

  std::uint64_t memory_bytes() const override { return ready_.memory_bytes(pool_.threads()); }

  Status load(const kernels::PictureProgram& program) override {
    JINSHA_ASSIGN(ReadyProgram ready, prepare(program, ops_, target_));
    JINSHA_ASSIGN(HugeBlock memory,
                  HugeBlock::allocate(std::max<std::uint64_t>(ready.memory_bytes(pool_.threads()), 1)));
    ready_ = std::move(ready);
    memory_ = std::move(memory);
    return {};
  }

  void process(const Frame& in, FrameMut& out) override {
    auto from = planes_of<kernels::ConstPlanes>(in);
    const auto target = planes_of<kernels::Planes>(out);
    if (ready_.steps.empty()) return copy(in, target);
    std::byte* between = memory_.data() + ready_.scratch_bytes * static_cast<std::size_t>(pool_.threads());
    for (std::size_t i = 0; i < ready_.steps.size(); ++i) {
      const bool last = i + 1 == ready_.steps.size();
      kernels::Planes to = target;
      if (!last) {
        const FrameLayout& layout = ready_.between[i];
        for (int plane = 0; plane < layout.format.planes(); ++plane) {
          to.data[plane] = between + layout.offset[plane];
          to.stride[plane] = layout.stride[plane];
        }
        between += layout.bytes;
      }
      run(ready_.steps[i], from, to);
      for (int plane = 0; plane < 3; ++plane) {
        from.data[plane] = to.data[plane];
        from.stride[plane] = to.stride[plane];
      }
    }
  }

 private:
  std::byte* scratch(int thread) const {
    return memory_.data() + ready_.scratch_bytes * static_cast<std::size_t>(thread);
  }

  void run(const ReadyStep& step, const kernels::ConstPlanes& from, const kernels::Planes& to) {
    if (step.scaler) {
      pool_.run(step.scaler->tiles(), [&](int tile, int thread) { step.scaler->run(from, to, tile, scratch(thread)); });
      return;
    }
    const int rows = band_rows(step.rows, pool_.threads());
    pool_.run((step.rows + rows - 1) / rows, [&](int band, int thread) {
      step.executor->run(from, to, band * rows, std::min(step.rows, (band + 1) * rows),
                         reinterpret_cast<float*>(scratch(thread)));
    });
  }

  static void copy(const Frame& in, const kernels::Planes& to) {
    const FrameLayout& layout = in.layout();
    for (int plane = 0; plane < layout.format.planes(); ++plane) {
      const auto bytes = static_cast<std::size_t>(layout.format.plane_width(plane, layout.width)) *
                         static_cast<std::size_t>(layout.format.bytes_per_sample());
      const int rows = layout.format.plane_height(plane, layout.height);
      for (int y = 0; y < rows; ++y) {
        std::memcpy(to.row<std::byte>(plane, y), in.plane(plane) + layout.stride[plane] * static_cast<std::size_t>(y),
                    bytes);
      }
    }
  }

  const SimdTarget target_;
  const kernels::RowOps& ops_;
  ThreadPool pool_;
  ReadyProgram ready_;
  HugeBlock memory_;  // scratch of each thread, then the pictures between steps
};

struct TargetRow {
  SimdTarget target;
  kernels::Target kernels_target;
};
// Best first.
constexpr TargetRow kTargets[] = {{SimdTarget::kAvx512, kernels::Target::kAvx512},
                                  {SimdTarget::kAvx2, kernels::Target::kAvx2},
                                  {SimdTarget::kScalar, kernels::Target::kScalar}};

// The best row that `target` allows and this processor has; null: none.
const TargetRow* choose(SimdTarget target) {
  for (const TargetRow& row : kTargets) {
    if (target != SimdTarget::kAuto && target != row.target) continue;
    if (kernels::find_row_ops(row.kernels_target)) return &row;
  }
  return nullptr;
}

}  // namespace

Result<std::unique_ptr<Device>> open_cpu_device(int threads, SimdTarget target, const Log& log) {
  if (threads < 1) return make_error(ErrorCode::kUsage, "threads: {} is below 1", threads);
  const TargetRow* row = choose(target);
  if (!row) {
    return make_error(ErrorCode::kNotPossible, "this processor or this build lacks {}",
                      target == SimdTarget::kAvx512 ? "AVX-512 (F, BW, CD, DQ, VL)" : "AVX2 with FMA");
  }
  if (target == SimdTarget::kAuto && row->target == SimdTarget::kScalar) {
    log.warning("this processor has no AVX2: colour conversion gives the same pictures, but slowly");
  }
  return std::unique_ptr<Device>(
      std::make_unique<CpuDevice>(threads, row->target, *kernels::find_row_ops(row->kernels_target)));
}

std::uint64_t cpu_device_memory_bytes(const kernels::PictureProgram& program, int threads) {
  const TargetRow* row = choose(SimdTarget::kAuto);
  const auto ready = prepare(program, *kernels::find_row_ops(row->kernels_target), row->target);
  return ready.ok() ? ready->memory_bytes(threads) : 0;
}

}  // namespace jinsha
