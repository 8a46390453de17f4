// The colour step: rows of code values to rows of code values through the ops of a ColorProgram.
//
// A row's chroma is brought to full resolution (vertically, then horizontally), the ops run over it
// in chunks that stay in the first-level cache, luma is packed at once, and chroma goes through the
// horizontal low-pass into a ring of rows from which the vertical one is taken.
#include <algorithm>
#include <utility>
#include <vector>

#include "kernels/executor.h"
#include "kernels/row_buffer.h"

namespace jinsha::kernels {
namespace {

constexpr int kChunk = 512;  // samples: three float rows of it are 6 KiB
static_assert(kChunk % kDitherSide == 0);
constexpr int kRingRows = kMaxTaps;

bool reduces_chroma(const ColorProgram& p) {
  return std::any_of(p.ops.begin(), p.ops.end(),
                     [](const Op& op) { return std::holds_alternative<OpReduceChroma>(op); });
}

// Of OpReduceChroma, for one chunk.
struct Reduction {
  static constexpr int kRows = 12;
  void take(RowAllocator& rows) {
    for (float** row :
         {&cones[0], &cones[1], &cones[2], &rgb[0], &rgb[1], &rgb[2], &grey, &low, &high, &share, &margin, &tried})
      *row = rows.take(kChunk);
  }
  float* cones[3];
  float* rgb[3];
  float* grey;
  float* low;  // shares of colour: inside with this, outside with `high`
  float* high;
  float* share;
  float* margin;  // of the colours as they came, of those tried
  float* tried;
};

struct Scratch {
  Scratch(const ColorProgram& p, float* memory) {
    RowAllocator rows(memory);
    luma = rows.take(kChunk);
    max = rows.take(kChunk);
    for (int c = 0; c < 2; ++c) {
      narrow[c] = rows.take(plane_width(p.in, 1));
      full[c] = rows.take(p.in.width);
      for (float*& row : ring[c]) row = rows.take(plane_width(p.out, 1));
    }
    mixed = rows.take(plane_width(p.out, 1));
    if (reduces_chroma(p)) reduction.take(rows);
  }
  static std::size_t floats(const ColorProgram& p) {
    return 2 * row_floats(kChunk) + 2 * row_floats(plane_width(p.in, 1)) + 2 * row_floats(p.in.width) +
           (2 * kRingRows + 1) * row_floats(plane_width(p.out, 1)) +
           (reduces_chroma(p) ? Reduction::kRows * row_floats(kChunk) : 0);
  }

  float* luma;
  float* max;        // of the three components
  float* narrow[2];  // chroma, horizontally at the input's resolution
  float* full[2];    // chroma at full resolution
  float* ring[2][kRingRows];
  float* mixed;
  Reduction reduction{};
};

class ColorExecutor final : public Executor {
 public:
  ColorExecutor(ColorProgram program, const RowOps& ops) : p_(std::move(program)), ops_(ops) {}

  std::size_t scratch_floats() const override { return Scratch::floats(p_); }

  void run(const ConstPlanes& in, const Planes& out, int begin, int end, float* scratch) const override {
    if (p_.in.depth > 8) {
      p_.out.depth > 8 ? run_as<std::uint16_t, std::uint16_t>(in, out, begin, end, scratch)
                       : run_as<std::uint16_t, std::uint8_t>(in, out, begin, end, scratch);
    } else {
      p_.out.depth > 8 ? run_as<std::uint8_t, std::uint16_t>(in, out, begin, end, scratch)
                       : run_as<std::uint8_t, std::uint8_t>(in, out, begin, end, scratch);
    }
  }

 private:
  template <typename T>
  const SampleOps<T>& sample_ops() const {
    if constexpr (sizeof(T) == 1) {
      return ops_.u8;
    } else {
      return ops_.u16;
    }
  }

  template <typename In, typename Out>
  void run_as(const ConstPlanes& in, const Planes& out, int begin, int end, float* memory) const {
    Scratch s(p_, memory);
    if (p_.out.planes == 1 || p_.out_y.kind != ChromaAxis::Kind::kDown2) {
      for (int y = begin; y < end; ++y) {
        compute_row<In, Out>(in, out, y, true, s);
        if (p_.out.planes == 1) continue;
        for (int c = 0; c < 2; ++c) pack_chroma<Out>(out, c, y, narrowed(c, s, y));
      }
      return;
    }
    // 4:2:0 output: chroma row j needs rows 2j + first ... of the band and around it.
    const Fir& fir = p_.out_y.phase[0];
    const int height = p_.in.height;
    int next = std::max(0, begin + fir.first);
    for (int j = begin / 2; 2 * j < end; ++j) {
      const int last = std::min(height - 1, std::max(2 * j + 1, 2 * j + fir.first + fir.count - 1));
      for (; next <= last; ++next) {
        compute_row<In, Out>(in, out, next, next >= begin && next < end, s);
        for (int c = 0; c < 2; ++c) narrowed(c, s, next);
      }
      for (int c = 0; c < 2; ++c) {
        const float* rows[kMaxTaps];
        for (int k = 0; k < fir.count; ++k) {
          rows[k] = s.ring[c][std::clamp(2 * j + fir.first + k, 0, height - 1) % kRingRows];
        }
        ops_.mix(rows, fir.taps.data(), fir.count, s.mixed, plane_width(p_.out, 1));
        pack_chroma<Out>(out, c, j, s.mixed);
      }
    }
  }

  // Row y through the ops; leaves chroma in s.full, luma in `out` when `keep_luma`.
  template <typename In, typename Out>
  void compute_row(const ConstPlanes& in, const Planes& out, int y, bool keep_luma, Scratch& s) const {
    const SampleOps<In>& unpack = sample_ops<In>();
    const int width = p_.in.width;
    for (int c = 0; c < 2; ++c) {
      if (p_.in.planes == 1) {
        std::fill_n(s.full[c], width, 0.0F);
        continue;
      }
      const bool wide = p_.in_x.kind == ChromaAxis::Kind::kSame;
      unpack_chroma(unpack, in, c, y, wide ? s.full[c] : s.narrow[c]);
      if (!wide) filter_row(ops_, p_.in_x, s.narrow[c], plane_width(p_.in, 1), s.full[c], width);
    }
    for (int x = 0; x < width; x += kChunk) {
      const int n = std::min(kChunk, width - x);
      unpack.unpack(in.row<In>(0, y) + x, s.luma, n);
      for (const Op& op : p_.ops) apply(op, s.luma, s.full[0] + x, s.full[1] + x, s, n);
      if (keep_luma) {
        pack(s.luma, out.row<Out>(0, y) + x, n, 0, y);
      }
    }
  }

  template <typename In>
  void unpack_chroma(const SampleOps<In>& unpack, const ConstPlanes& in, int c, int y, float* row) const {
    const auto [fir, base] = position(p_.in_y, y);
    const int bottom = plane_height(p_.in, 1) - 1;
    if (is_identity(p_.in_y)) return unpack.unpack(in.row<In>(1 + c, y), row, plane_width(p_.in, 1));
    const In* rows[kMaxTaps] = {};
    for (int k = 0; k < fir->count; ++k) rows[k] = in.row<In>(1 + c, std::clamp(base + fir->first + k, 0, bottom));
    unpack.mix(rows, fir->taps.data(), fir->count, row, plane_width(p_.in, 1));
  }

  // Chroma of row y at the output's horizontal resolution.
  float* narrowed(int c, Scratch& s, int y) const {
    float* row = s.ring[c][y % kRingRows];
    if (p_.out_x.kind == ChromaAxis::Kind::kDown2) {
      filter_row(ops_, p_.out_x, s.full[c], p_.in.width, row, plane_width(p_.out, 1));
      return row;
    }
    if (p_.out_y.kind != ChromaAxis::Kind::kDown2) return s.full[c];
    std::copy_n(s.full[c], p_.in.width, row);
    return row;
  }

  template <typename Out>
  void pack_chroma(const Planes& out, int c, int y, const float* row) const {
    pack(row, out.row<Out>(c + 1, y), plane_width(p_.out, 1), c + 1, y);
  }

  // Part of row y of a plane, from a multiple of kDitherSide on.
  template <typename Out>
  void pack(const float* in, Out* out, int n, int plane, int y) const {
    const auto i = static_cast<std::size_t>(plane);
    sample_ops<Out>().pack(in, out, n, {1, 0, p_.low[i], p_.high[i], dither_row(p_.dither, plane, y)});
  }

  void reduce_chroma(const OpReduceChroma& op, float* a, float* b, float* c, const Reduction& r, int n) const {
    ops_.margin(a, b, c, op.high, r.margin, n);
    if (std::all_of(r.margin, r.margin + n, [](float margin) { return margin >= -kReduceTolerance; })) return;
    constexpr float kZero[3] = {}, kHalves[] = {0.5F, 0.5F};
    float* const rows[] = {a, b, c};
    for (int k = 0; k < 3; ++k) std::copy_n(rows[k], n, r.cones[k]);
    ops_.matrix(r.cones[0], r.cones[1], r.cones[2], n, op.to_cones.data(), kZero);
    for (float* x : r.cones) ops_.curve(x, n, view(op.signal));
    ops_.mix(r.cones, kHalves, 2, r.grey, n);
    std::fill_n(r.low, n, 0.0F);
    std::fill_n(r.high, n, 1.0F);
    const auto colours_with = [&](const float* share) {
      for (int k = 0; k < 3; ++k) {
        ops_.toward(r.cones[k], r.grey, share, r.rgb[k], n);
        ops_.curve(r.rgb[k], n, view(op.light));
      }
      ops_.matrix(r.rgb[0], r.rgb[1], r.rgb[2], n, op.from_cones.data(), kZero);
    };
    for (int step = 0; step < kReduceSteps; ++step) {
      const float* const ends[] = {r.low, r.high};
      ops_.mix(ends, kHalves, 2, r.share, n);
      colours_with(r.share);
      ops_.margin(r.rgb[0], r.rgb[1], r.rgb[2], op.high, r.tried, n);
      ops_.narrow(r.tried, r.share, r.low, r.high, n);
    }
    colours_with(r.high);  // just outside: the cut makes the component that is exactly 0, or high
    for (int k = 0; k < 3; ++k) ops_.replace(r.margin, -kReduceTolerance, r.rgb[k], op.high, rows[k], n);
  }

  void apply(const Op& op, float* a, float* b, float* c, const Scratch& s, int n) const {
    if (const auto* matrix = std::get_if<OpMatrix>(&op)) {
      ops_.matrix(a, b, c, n, matrix->m.data(), matrix->offset.data());
    } else if (const auto* curve = std::get_if<OpCurve>(&op)) {
      const CurveView v = view(curve->curve);
      for (float* x : {a, b, c}) ops_.curve(x, n, v);
    } else if (const auto* scale = std::get_if<OpScaleByCurve>(&op)) {
      const CurveView v = view(scale->ratio);
      switch (scale->of) {
        case OpScaleByCurve::Of::kMax: ops_.scale_by_max(a, b, c, n, v); break;
        case OpScaleByCurve::Of::kWeighted: ops_.scale_by_weighted(a, b, c, n, scale->weights.data(), v); break;
        case OpScaleByCurve::Of::kWeightedSquares: ops_.scale_by_squares(a, b, c, n, scale->weights.data(), v); break;
      }
    } else if (const auto* hinge = std::get_if<OpHinge>(&op)) {
      ops_.hinge(a, b, c, n, hinge->weights.data());
    } else if (const auto* compress = std::get_if<OpCompress>(&op)) {
      ops_.max_of(a, b, c, s.max, n);
      ops_.compress(a, s.max, n, view(compress->lift[0]));
      ops_.compress(b, s.max, n, view(compress->lift[1]));
      ops_.compress(c, s.max, n, view(compress->lift[2]));
    } else if (const auto* reduce = std::get_if<OpReduceChroma>(&op)) {
      reduce_chroma(*reduce, a, b, c, s.reduction, n);
    } else if (const auto* table = std::get_if<OpTable>(&op)) {
      float* const rows[] = {a, b, c};
      for (std::size_t k = 0; k < 3; ++k) {
        const auto size = static_cast<std::size_t>(table->size);
        ops_.table(rows[k], n, {table->size, table->scale[k], table->offset[k], table->values.data() + k * size});
      }
    } else if (const auto* lut = std::get_if<OpLut3>(&op)) {
      ops_.lut3(a, b, c, n, {lut->size, lut->scale.data(), lut->offset.data(), lut->nodes.data()});
    }
  }

  const ColorProgram p_;
  const RowOps& ops_;
};

}  // namespace

std::unique_ptr<Executor> make_executor(ColorProgram program, const RowOps& ops) {
  return std::make_unique<ColorExecutor>(std::move(program), ops);
}

}  // namespace jinsha::kernels
