// The plane step: depth, range, chroma format and siting, where no component needs another.
#include <utility>

#include "kernels/executor.h"
#include "kernels/row_buffer.h"

namespace jinsha::kernels {
namespace {

constexpr int kChunk = 1024;  // samples: one float row of it is 4 KiB
static_assert(kChunk % kDitherSide == 0);

class PlaneExecutor final : public Executor {
 public:
  PlaneExecutor(PlaneProgram program, const RowOps& ops)
      : p_(std::move(program)), ops_(ops), filtered_(!is_identity(p_.chroma_x) || !is_identity(p_.chroma_y)) {}

  std::size_t scratch_floats() const override {
    return row_floats(kChunk) + row_floats(plane_width(p_.in, 1)) + row_floats(plane_width(p_.out, 1));
  }

  void run(const ConstPlanes& in, const Planes& out, int begin, int end, float* scratch) const override {
    if (p_.in.depth > 8) {
      p_.out.depth > 8 ? run_as(ops_.u16, ops_.u16, in, out, begin, end, scratch)
                       : run_as(ops_.u16, ops_.u8, in, out, begin, end, scratch);
    } else {
      p_.out.depth > 8 ? run_as(ops_.u8, ops_.u16, in, out, begin, end, scratch)
                       : run_as(ops_.u8, ops_.u8, in, out, begin, end, scratch);
    }
  }

 private:
  template <typename In, typename Out>
  void run_as(const SampleOps<In>& unpack, const SampleOps<Out>& pack, const ConstPlanes& in, const Planes& out,
              int begin, int end, float* scratch) const {
    RowAllocator rows(scratch);
    float* chunk = rows.take(kChunk);
    float* wide = rows.take(plane_width(p_.in, 1));
    float* narrow = rows.take(plane_width(p_.out, 1));
    for (int plane = 0; plane < p_.out.planes; ++plane) {
      const auto i = static_cast<std::size_t>(plane);
      const int shift = shift_y(p_.out, plane);
      const int n = plane_width(p_.out, plane);
      const auto pack_part = [&](const float* row, int y, int x, int count) {
        pack.pack(row, out.row<Out>(plane, y) + x, count,
                  {p_.scale[i], p_.bias[i], p_.low[i], p_.high[i], dither_row(p_.dither, plane, y)});
      };
      for (int y = begin >> shift; y < shifted(end, shift); ++y) {
        if (plane > 0 && p_.in.planes == 1) {
          std::fill_n(narrow, n, 0.0F);
          pack_part(narrow, y, 0, n);
        } else if (plane > 0 && filtered_) {
          pack_part(filtered(unpack, in, plane, y, wide, narrow), y, 0, n);
        } else {
          for (int x = 0; x < n; x += kChunk) {
            const int count = std::min(kChunk, n - x);
            unpack.unpack(in.row<In>(plane, y) + x, chunk, count);
            pack_part(chunk, y, x, count);
          }
        }
      }
    }
  }

  // Output chroma row y as floats.
  template <typename In>
  const float* filtered(const SampleOps<In>& unpack, const ConstPlanes& in, int plane, int y, float* wide,
                        float* narrow) const {
    const auto [fir, base] = position(p_.chroma_y, y);
    const int bottom = plane_height(p_.in, plane) - 1;
    const In* rows[kMaxTaps];
    for (int k = 0; k < fir->count; ++k) rows[k] = in.row<In>(plane, std::clamp(base + fir->first + k, 0, bottom));
    unpack.mix(rows, fir->taps.data(), fir->count, wide, plane_width(p_.in, plane));
    if (is_identity(p_.chroma_x)) return wide;
    filter_row(ops_, p_.chroma_x, wide, plane_width(p_.in, plane), narrow, plane_width(p_.out, plane));
    return narrow;
  }

  const PlaneProgram p_;
  const RowOps& ops_;
  const bool filtered_;
};

}  // namespace

std::unique_ptr<Executor> make_executor(PlaneProgram program, const RowOps& ops) {
  return std::make_unique<PlaneExecutor>(std::move(program), ops);
}

}  // namespace jinsha::kernels
