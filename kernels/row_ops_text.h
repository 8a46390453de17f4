// The text of RowOps, compiled once per SIMD target by row_ops_*.cpp, which first include one
// simd_*.h. It is written against that header's vocabulary:
//   V, kLanes            vector of floats (one float in the scalar build)
//   load store set1 fma mul add vmin vmax vabs copy_sign
//   load_samples store_samples   kLanes samples of 8 or 16 bits <-> V
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

template <typename T>
void pack(const float* in, T* out, int n, float scale, float bias, float low, float high) {
  // floor(x + 0.5) is truncation once x + 0.5 is clipped to a positive range.
  const V vscale = set1(scale), vbias = set1(bias), vlow = set1(low), vhigh = set1(high), half = set1(0.5F);
  const auto quantise = [&](const float* p) { return add(vmin(vmax(fma(load(p), vscale, vbias), vlow), vhigh), half); };
  int i = 0;
  for (; i + kLanes <= n; i += kLanes) store_samples(out + i, quantise(in + i));
  if (i < n) {
    T tail[kLanes];
    store_samples(tail, quantise(in + i));
    for (int k = 0; i + k < n; ++k) out[i + k] = tail[k];
  }
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

  V operator()(V x) const {
    const V t = vmin(vmax(fma(x, scale, offset), low), high);
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
          scale_by_weighted};
}
