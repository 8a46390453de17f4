// OrientProgram on a band of rows: samples change places, none changes its value.
#include <utility>

#include "kernels/executor.h"

namespace jinsha::kernels {
namespace {

// Columns done at a time: a quarter turn reads down the columns of the input, and so many of them stay in the cache.
constexpr int kTileColumns = 64;

// Where an output sample comes from: input sample `first` + x * `step_x` + y * `step_y`, in samples.
struct Walk {
  std::ptrdiff_t first = 0, step_x = 0, step_y = 0;
};

Walk walk_of(const OrientProgram& p, int plane, std::ptrdiff_t stride) {
  const std::ptrdiff_t last_x = plane_width(p.in, plane) - 1, last_y = plane_height(p.in, plane) - 1;
  Walk walk;
  switch (p.rotation_degrees) {
    case 90: walk = {last_y * stride, -stride, 1}; break;
    case 180: walk = {last_y * stride + last_x, -1, -stride}; break;
    case 270: walk = {last_x, stride, -1}; break;
    default: walk = {0, 1, stride}; break;
  }
  if (p.mirrored) {
    walk.first += walk.step_x * (plane_width(p.out, plane) - 1);
    walk.step_x = -walk.step_x;
  }
  return walk;
}

template <typename T>
void move_rows(const OrientProgram& p, int plane, const ConstPlanes& in, const Planes& out, int begin, int end) {
  const T* const from = in.row<T>(plane, 0);
  const Walk walk = walk_of(p, plane, static_cast<std::ptrdiff_t>(in.stride[plane] / sizeof(T)));
  const int width = plane_width(p.out, plane);
  for (int left = 0; left < width; left += kTileColumns) {
    const int right = std::min(width, left + kTileColumns);
    for (int y = begin; y < end; ++y) {
      const T* sample = from + walk.first + walk.step_y * y + walk.step_x * left;
      T* const row = out.row<T>(plane, y);
      for (int x = left; x < right; ++x, sample += walk.step_x) row[x] = *sample;
    }
  }
}

class OrientExecutor final : public Executor {
 public:
  explicit OrientExecutor(OrientProgram program) : p_(program) {}

  std::size_t scratch_floats() const override { return 0; }

  void run(const ConstPlanes& in, const Planes& out, int begin, int end, float*) const override {
    for (int plane = 0; plane < p_.out.planes; ++plane) {
      const int first = begin >> shift_y(p_.out, plane);
      const int last = std::min(shifted(end, shift_y(p_.out, plane)), plane_height(p_.out, plane));
      if (bytes_per_sample(p_.in) == 2) {
        move_rows<std::uint16_t>(p_, plane, in, out, first, last);
      } else {
        move_rows<std::uint8_t>(p_, plane, in, out, first, last);
      }
    }
  }

 private:
  OrientProgram p_;
};

}  // namespace

std::unique_ptr<Executor> make_executor(OrientProgram program) { return std::make_unique<OrientExecutor>(program); }

}  // namespace jinsha::kernels
