// The vocabulary of row_ops_text.h, one float at a time: the reference of the other targets, and
// what runs on a processor without AVX2. Without an FMA instruction __builtin_fmaf is a library
// call: slow, but the same bits. No include guard: see row_ops_text.h.

using V = float;
constexpr int kLanes = 1;

inline V load(const float* p) { return *p; }
inline void store(float* p, V v) { *p = v; }
inline V set1(float x) { return x; }
inline V fma(V a, V b, V c) { return __builtin_fmaf(a, b, c); }
inline V mul(V a, V b) { return a * b; }
inline V add(V a, V b) { return a + b; }
inline V div(V a, V b) { return a / b; }
inline V vmin(V a, V b) { return a < b ? a : b; }
inline V vmax(V a, V b) { return a > b ? a : b; }
inline V vabs(V a) { return __builtin_fabsf(a); }
inline V copy_sign(V magnitude, V sign) { return __builtin_copysignf(magnitude, sign); }

inline V load_samples(const std::uint8_t* p) { return static_cast<float>(*p); }
inline V load_samples(const std::uint16_t* p) { return static_cast<float>(*p); }
inline void store_samples(std::uint8_t* p, V v) { *p = static_cast<std::uint8_t>(v); }
inline void store_samples(std::uint16_t* p, V v) { *p = static_cast<std::uint16_t>(v); }

using I = std::int32_t;

inline V select_ge(V a, V b, V x, V y) { return a >= b ? x : y; }
inline I truncated(V v) { return static_cast<I>(v); }
inline V to_float(I i) { return static_cast<V>(i); }
inline V gather(const float* p, I i) { return p[i]; }
inline void store_int(std::int32_t* p, I i) { *p = i; }
struct Q {
  float v[4];
};
inline Q load4(const float* p) { return {{p[0], p[1], p[2], p[3]}}; }
inline Q mul4(float a, Q b) { return {{a * b.v[0], a * b.v[1], a * b.v[2], a * b.v[3]}}; }
inline Q fma4(float a, Q b, Q c) {
  return {{fma(a, b.v[0], c.v[0]), fma(a, b.v[1], c.v[1]), fma(a, b.v[2], c.v[2]), fma(a, b.v[3], c.v[3])}};
}
inline void store_components(const Q* q, float* a, float* b, float* c) {
  *a = q->v[0];
  *b = q->v[1];
  *c = q->v[2];
}
inline I bits_of(V t) {
  I bits;
  __builtin_memcpy(&bits, &t, sizeof bits);
  return bits;
}
inline I shifted_right(I bits, std::int32_t count) { return bits >> count; }
// The bits of `bits` that `mask` has, and those of 1.0F.
inline V with_exponent_0(I bits, I mask) {
  const I joined = (bits & mask) | 0x3F800000;
  V v;
  __builtin_memcpy(&v, &joined, sizeof v);
  return v;
}
template <int kSlots>
struct Table {
  explicit Table(const float* entries) : p(entries) {}
  V at(I slot) const { return p[slot & (kSlots - 1)]; }
  const float* p;
};
inline I set1_int(std::int32_t x) { return x; }

inline void load_even_odd(const float* p, V& even, V& odd) {
  even = p[0];
  odd = p[1];
}
inline void store_interleaved(float* p, V even, V odd) {
  p[0] = even;
  p[1] = odd;
}
