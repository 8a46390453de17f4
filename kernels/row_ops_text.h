// The text of RowOps, compiled once per SIMD target by row_ops_*.cpp, which first include one
// simd_*.h. It is written against that header's vocabulary:
//   V, kLanes            vector of floats (one float in the scalar build)
//   load store set1 fma mul add div vmin vmax vabs copy_sign
//   load_samples store_samples   kLanes samples of 8 or 16 bits <-> V
//   select_ge(a, b, x, y)   x where a >= b, else y
//   Q load4 mul4 fma4       four floats, by one of all; store_components the first three of kLanes Q to three rows
//   store_int truncated to_float gather(p, i)   whole numbers from and to floats, p[i] lane by lane
//   I bits_of shifted_right set1_int with_exponent_0   vector of 32-bit words
//   Table<slots>         as many floats, at(slot) by the low bits of each lane
//   load_even_odd, store_interleaved   2 * kLanes floats <-> two V
// vmin(a, b) is a < b ? a : b and vmax(a, b) is a > b ? a : b, so NaN in `a` gives b.
//
// No include guard: exactly one inclusion per file, inside that file's unnamed namespace.

template <typename T>
void unpack(const T* in, float* out, int n) {
  int i = 0;
  for (; i + kLanes <= n; i += kLanes) store(out + i, load_samples(in + i));
  if (i < n) {
    T tail[kLanes] = {};
    for (int k = 0; i + k < n; ++k) tail[k] = in[i + k];
    store(out + i, load_samples(tail));
  }
}

// One vector of a weighted sum of rows; `at` picks row k.
template <typename Load>
inline V weighted_sum(Load&& at, const float* taps, int count) {
  V sum = mul(set1(taps[0]), at(0));
  for (int k = 1; k < count; ++k) sum = fma(set1(taps[k]), at(k), sum);
  return sum;
}

template <typename T>
void mix_samples(const T* const* rows, const float* taps, int count, float* out, int n) {
  int i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    store(out + i, weighted_sum([&](int k) { return load_samples(rows[k] + i); }, taps, count));
  }
  if (i < n) {
    T tail[kLanes] = {};
    const auto at = [&](int k) {
      for (int j = 0; i + j < n; ++j) tail[j] = rows[k][i + j];
      return load_samples(tail);
    };
    store(out + i, weighted_sum(at, taps, count));
  }
}

template <typename T, typename Quantise>
inline void pack_with(T* out, int n, Quantise&& quantise) {
  int i = 0;
  for (; i + kLanes <= n; i += kLanes) store_samples(out + i, quantise(i));
  if (i < n) {
    T tail[kLanes];
    store_samples(tail, quantise(i));
    for (int k = 0; i + k < n; ++k) out[i + k] = tail[k];
  }
}

template <typename T>
void pack(const float* in, T* out, int n, const PackView& how) {
  // floor(x + 0.5) is truncation once x + 0.5 is clipped to a positive range.
  const V scale = set1(how.scale), bias = set1(how.bias), low = set1(how.low), high = set1(how.high), half = set1(0.5F);
  const auto value = [&](int i) { return fma(load(in + i), scale, bias); };
  const auto code = [&](V v) { return add(vmin(vmax(v, low), high), half); };
  if (how.dither == nullptr) {
    pack_with(out, n, [&](int i) { return code(value(i)); });
    return;
  }
  // Floats from here on are whole numbers.
  const V whole = set1(0x1p23F), minus_whole = set1(-0x1p23F), minus_one = set1(-1);
  const V steep = set1(256), zero = set1(0), one = set1(1);
  pack_with(out, n, [&](int i) {
    const V v = value(i), rounded = add(add(v, whole), minus_whole);
    const V off = vabs(fma(rounded, minus_one, v));
    const V share = vmin(vmax(fma(off, steep, minus_one), zero), one);  // none within 1/256 of a code, all from 1/128
    return code(fma(load(how.dither + i % kDitherPeriod), share, v));
  });
}

void mix_floats(const float* const* rows, const float* taps, int count, float* out, int n) {
  for (int i = 0; i < n; i += kLanes) {
    store(out + i, weighted_sum([&](int k) { return load(rows[k] + i); }, taps, count));
  }
}

void fir_same(const float* in, FirView fir, float* out, int n) {
  for (int i = 0; i < n; i += kLanes) {
    const float* p = in + i + fir.first;
    store(out + i, weighted_sum([&](int k) { return load(p + k); }, fir.taps, fir.count));
  }
}

void fir_up2(const float* in, FirView even, FirView odd, float* out, int n) {
  for (int i = 0; i < n; i += kLanes) {
    const float* p = in + i + even.first;
    const float* q = in + i + odd.first;
    const V e = weighted_sum([&](int k) { return load(p + k); }, even.taps, even.count);
    const V o = weighted_sum([&](int k) { return load(q + k); }, odd.taps, odd.count);
    store_interleaved(out + 2 * i, e, o);
  }
}

void fir_down2(const float* in, FirView fir, float* out, int n) {
  for (int i = 0; i < n; i += kLanes) {
    const float* p = in + 2 * i + fir.first;
    V e, o;
    load_even_odd(p, e, o);
    V sum = mul(set1(fir.taps[0]), e);
    if (fir.count > 1) sum = fma(set1(fir.taps[1]), o, sum);
    for (int k = 2; k < fir.count; k += 2) {
      load_even_odd(p + k, e, o);
      sum = fma(set1(fir.taps[k]), e, sum);
      if (k + 1 < fir.count) sum = fma(set1(fir.taps[k + 1]), o, sum);
    }
    store(out + i, sum);
  }
}

void matrix(float* a, float* b, float* c, int n, const float* m, const float* offset) {
  V v[9], w[3];
  for (int k = 0; k < 9; ++k) v[k] = set1(m[k]);
  for (int k = 0; k < 3; ++k) w[k] = set1(offset[k]);
  for (int i = 0; i < n; i += kLanes) {
    const V x = load(a + i), y = load(b + i), z = load(c + i);
    store(a + i, fma(v[2], z, fma(v[1], y, fma(v[0], x, w[0]))));
    store(b + i, fma(v[5], z, fma(v[4], y, fma(v[3], x, w[1]))));
    store(c + i, fma(v[8], z, fma(v[7], y, fma(v[6], x, w[2]))));
  }
}

// A Curve with its coefficients in registers.
template <int kDegree, int kSlots>
struct Polynomials {
  explicit Polynomials(const CurveView& c) : Polynomials(c, std::make_integer_sequence<int, kDegree + 1>()) {}

  V operator()(V x) const { return at(fma(x, scale, offset)); }

  V at(V mapped) const {
    const V t = vmin(vmax(mapped, low), high);
    const I bits = bits_of(t);
    const I slot = shifted_right(bits, shift);
    const V u = add(with_exponent_0(bits, mask), minus_one);
    V v = tables[0].at(slot);
    for (int k = 1; k <= kDegree; ++k) v = fma(v, u, tables[k].at(slot));
    return squared ? mul(v, v) : v;
  }

  V scale, offset, low, high, minus_one;
  I mask;
  std::int32_t shift;
  bool squared;
  Table<kSlots> tables[kDegree + 1];

 private:
  template <int... kRows>
  Polynomials(const CurveView& c, std::integer_sequence<int, kRows...>)
      : scale(set1(c.scale)),
        offset(set1(c.offset)),
        low(set1(c.low)),
        high(set1(c.high)),
        minus_one(set1(-1)),
        mask(set1_int((1 << c.shift) - 1)),
        shift(c.shift),
        squared(c.squared),
        tables{Table<kSlots>(c.coefficients + kRows * kCurveStride)...} {}
};

// use(Polynomials) of the degree and slots the curve has.
template <int kSlots, typename Use>
inline void with_degree(const CurveView& c, Use&& use) {
  switch (c.degree) {
    case 2: return use(Polynomials<2, kSlots>(c));
    case 3: return use(Polynomials<3, kSlots>(c));
    case 4: return use(Polynomials<4, kSlots>(c));
    case 5: return use(Polynomials<5, kSlots>(c));
    default: return use(Polynomials<6, kSlots>(c));
  }
}
template <typename Use>
inline void with_curve(const CurveView& c, Use&& use) {
  c.slots == 16 ? with_degree<16>(c, use) : with_degree<32>(c, use);
}

void curve(float* x, int n, const CurveView& c) {
  with_curve(c, [=](const auto& f) {
    if (c.mirror) {
      for (int i = 0; i < n; i += kLanes) {
        const V v = load(x + i);
        store(x + i, copy_sign(f(vabs(v)), v));
      }
    } else if (c.scale == 1 && c.offset == 0) {
      for (int i = 0; i < n; i += kLanes) store(x + i, f.at(load(x + i)));
    } else {
      for (int i = 0; i < n; i += kLanes) store(x + i, f(load(x + i)));
    }
  });
}

void scale_by_max(float* a, float* b, float* c, int n, const CurveView& ratio) {
  with_curve(ratio, [=](const auto& f) {
    for (int i = 0; i < n; i += kLanes) {
      const V x = load(a + i), y = load(b + i), z = load(c + i);
      const V r = f(vmax(vmax(x, y), z));
      store(a + i, mul(x, r));
      store(b + i, mul(y, r));
      store(c + i, mul(z, r));
    }
  });
}

void scale_by_weighted(float* a, float* b, float* c, int n, const float* weights, const CurveView& ratio) {
  const V wa = set1(weights[0]), wb = set1(weights[1]), wc = set1(weights[2]);
  with_curve(ratio, [=](const auto& f) {
    for (int i = 0; i < n; i += kLanes) {
      const V x = load(a + i), y = load(b + i), z = load(c + i);
      const V r = f(fma(wc, z, fma(wb, y, mul(wa, x))));
      store(a + i, mul(x, r));
      store(b + i, mul(y, r));
      store(c + i, mul(z, r));
    }
  });
}

void scale_by_squares(float* a, float* b, float* c, int n, const float* weights, const CurveView& ratio) {
  const V wa = set1(weights[0]), wb = set1(weights[1]), wc = set1(weights[2]);
  with_curve(ratio, [=](const auto& f) {
    for (int i = 0; i < n; i += kLanes) {
      const V x = load(a + i), y = load(b + i), z = load(c + i);
      const V r = f(fma(mul(wc, z), z, fma(mul(wb, y), y, mul(mul(wa, x), x))));
      store(a + i, mul(x, r));
      store(b + i, mul(y, r));
      store(c + i, mul(z, r));
    }
  });
}

void hinge(float* a, float* b, float* c, int n, const float* weights) {
  const V wa = set1(weights[0]), wb = set1(weights[1]), wc = set1(weights[2]), minus_one = set1(-1);
  for (int i = 0; i < n; i += kLanes) {
    const V x = load(a + i), y = load(b + i), z = load(c + i);
    const V less = mul(vmax(fma(wc, z, fma(wb, y, mul(wa, x))), set1(0)), minus_one);
    store(a + i, add(x, less));
    store(b + i, add(y, less));
    store(c + i, add(z, less));
  }
}

void max_of(const float* a, const float* b, const float* c, float* max, int n) {
  for (int i = 0; i < n; i += kLanes) store(max + i, vmax(vmax(load(a + i), load(b + i)), load(c + i)));
}

void compress(float* x, const float* max, int n, const CurveView& lift) {
  const V minus_one = set1(-1);
  with_curve(lift, [=](const auto& f) {
    for (int i = 0; i < n; i += kLanes) {
      const V v = load(x + i), m = load(max + i);
      store(x + i, fma(m, f(div(fma(v, minus_one, m), m)), v));
    }
  });
}

void margin(const float* a, const float* b, const float* c, float high, float* out, int n) {
  const V top = set1(high), minus_one = set1(-1);
  for (int i = 0; i < n; i += kLanes) {
    const V x = load(a + i), y = load(b + i), z = load(c + i);
    store(out + i, vmin(vmin(vmin(x, y), z), fma(vmax(vmax(x, y), z), minus_one, top)));
  }
}

void toward(const float* x, const float* grey, const float* share, float* out, int n) {
  const V minus_one = set1(-1);
  for (int i = 0; i < n; i += kLanes) {
    const V g = load(grey + i);
    store(out + i, fma(load(share + i), fma(g, minus_one, load(x + i)), g));
  }
}

void narrow(const float* margin, const float* middle, float* low, float* high, int n) {
  const V zero = set1(0);
  for (int i = 0; i < n; i += kLanes) {
    const V at = load(margin + i), m = load(middle + i);
    store(low + i, select_ge(at, zero, m, load(low + i)));
    store(high + i, select_ge(at, zero, load(high + i), m));
  }
}

void replace(const float* margin, float least, const float* x, float high, float* out, int n) {
  const V bound = set1(least), zero = set1(0), top = set1(high);
  for (int i = 0; i < n; i += kLanes) {
    const V cut = vmin(vmax(load(x + i), zero), top);
    store(out + i, select_ge(load(margin + i), bound, load(out + i), cut));
  }
}

void table(float* x, int n, const TableView& table) {
  const V scale = set1(table.scale), offset = set1(table.offset), zero = set1(0), minus_one = set1(-1);
  const V last = set1(static_cast<float>(table.size - 1)), last_start = set1(static_cast<float>(table.size - 2));
  for (int i = 0; i < n; i += kLanes) {
    const V t = vmin(vmax(fma(load(x + i), scale, offset), zero), last);
    const V start = vmin(to_float(truncated(t)), last_start);
    const I at = truncated(start);
    const V low = gather(table.values, at), high = gather(table.values + 1, at);
    store(x + i, fma(fma(start, minus_one, t), fma(low, minus_one, high), low));
  }
}

// Of a cell's six tetrahedra the one with the sample: from the node before it along the axis of the largest part, then
// of the middle one, to the node behind it. Where parts are equal, the node between has no weight.
void lut3(float* a, float* b, float* c, int n, const Lut3View& lut) {
  constexpr int kNode = 4;
  const V zero = set1(0), one = set1(1), minus_one = set1(-1);
  const V last = set1(static_cast<float>(lut.size - 1)), last_start = set1(static_cast<float>(lut.size - 2));
  const V step_a = set1(kNode), step_b = set1(static_cast<float>(kNode * lut.size)),
          step_c = set1(static_cast<float>(kNode * lut.size * lut.size));
  V scale[3], offset[3];
  for (int k = 0; k < 3; ++k) {
    scale[k] = set1(lut.scale[k]);
    offset[k] = set1(lut.offset[k]);
  }
  const float* const far = lut.nodes + kNode * (1 + lut.size + lut.size * lut.size);
  for (int i = 0; i < n; i += kLanes) {
    const V ta = vmin(vmax(fma(load(a + i), scale[0], offset[0]), zero), last);
    const V tb = vmin(vmax(fma(load(b + i), scale[1], offset[1]), zero), last);
    const V tc = vmin(vmax(fma(load(c + i), scale[2], offset[2]), zero), last);
    const V sa = vmin(to_float(truncated(ta)), last_start);
    const V sb = vmin(to_float(truncated(tb)), last_start);
    const V sc = vmin(to_float(truncated(tc)), last_start);
    const V pa = fma(sa, minus_one, ta), pb = fma(sb, minus_one, tb), pc = fma(sc, minus_one, tc);
    const V most = vmax(vmax(pa, pb), pc), least = vmin(vmin(pa, pb), pc);
    const V middle = vmax(vmin(pa, pb), vmin(vmax(pa, pb), pc));
    const V axis_of_most = select_ge(pa, vmax(pb, pc), step_a, select_ge(pb, pc, step_b, step_c));
    const V axis_of_least = select_ge(vmin(pa, pb), pc, step_c, select_ge(pa, pb, step_b, step_a));
    const V near = fma(sc, step_c, fma(sb, step_b, mul(sa, step_a)));
    // Sample by sample from here: a node is one load, and gathers of its components would be three.
    std::int32_t at[3][kLanes];
    float weight[4][kLanes];
    store_int(at[0], truncated(near));
    store_int(at[1], truncated(add(near, axis_of_most)));
    store_int(at[2], truncated(fma(axis_of_least, minus_one, near)));  // from `far`: a step less along that axis
    store(weight[0], fma(most, minus_one, one));
    store(weight[1], fma(middle, minus_one, most));
    store(weight[2], fma(least, minus_one, middle));
    store(weight[3], least);
    Q sum[kLanes];
    for (int k = 0; k < kLanes; ++k) {
      Q q = mul4(weight[0][k], load4(lut.nodes + at[0][k]));
      q = fma4(weight[1][k], load4(lut.nodes + at[1][k]), q);
      q = fma4(weight[2][k], load4(far + at[2][k]), q);
      sum[k] = fma4(weight[3][k], load4(far + at[0][k]), q);
    }
    store_components(sum, a + i, b + i, c + i);
  }
}

constexpr RowOps make_row_ops(const char* name) {
  return {name,
          {unpack<std::uint8_t>, mix_samples<std::uint8_t>, pack<std::uint8_t>},
          {unpack<std::uint16_t>, mix_samples<std::uint16_t>, pack<std::uint16_t>},
          mix_floats,
          fir_same,
          fir_up2,
          fir_down2,
          matrix,
          curve,
          scale_by_max,
          scale_by_weighted,
          scale_by_squares,
          compress,
          max_of,
          margin,
          toward,
          narrow,
          replace,
          table,
          lut3,
          hinge};
}
