// The vocabulary of row_ops_text.h in AVX-512 (F, BW, DQ, VL). No include guard: see row_ops_text.h.

using V = __m512;
constexpr int kLanes = 16;

inline V load(const float* p) { return _mm512_loadu_ps(p); }
inline void store(float* p, V v) { _mm512_storeu_ps(p, v); }
inline V set1(float x) { return _mm512_set1_ps(x); }
inline V fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
inline V mul(V a, V b) { return _mm512_mul_ps(a, b); }
inline V add(V a, V b) { return _mm512_add_ps(a, b); }
inline V div(V a, V b) { return _mm512_div_ps(a, b); }
inline V vmin(V a, V b) { return _mm512_min_ps(a, b); }
inline V vmax(V a, V b) { return _mm512_max_ps(a, b); }
inline V sign_bits() { return _mm512_castsi512_ps(_mm512_set1_epi32(static_cast<int>(0x80000000U))); }
inline V vabs(V a) { return _mm512_andnot_ps(sign_bits(), a); }
inline V copy_sign(V magnitude, V sign) { return _mm512_or_ps(vabs(magnitude), _mm512_and_ps(sign_bits(), sign)); }

inline V load_samples(const std::uint8_t* p) {
  const __m512i codes = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  return _mm512_cvtepi32_ps(codes);
}
inline V load_samples(const std::uint16_t* p) {
  const __m512i codes = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  return _mm512_cvtepi32_ps(codes);
}
inline void store_samples(std::uint8_t* p, V v) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtepi32_epi8(_mm512_cvttps_epi32(v)));
}
inline void store_samples(std::uint16_t* p, V v) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi32_epi16(_mm512_cvttps_epi32(v)));
}

inline __m512i even_floats() { return _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30); }
inline __m512i odd_floats() { return _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31); }

using I = __m512i;

inline V select_ge(V a, V b, V x, V y) { return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_GE_OQ), y, x); }
inline I truncated(V v) { return _mm512_cvttps_epi32(v); }
inline V to_float(I i) { return _mm512_cvtepi32_ps(i); }
inline V gather(const float* p, I i) { return _mm512_i32gather_ps(i, p, 4); }
inline void store_int(std::int32_t* p, I i) { _mm512_storeu_si512(p, i); }
using Q = __m128;
inline Q load4(const float* p) { return _mm_loadu_ps(p); }
inline Q mul4(float a, Q b) { return _mm_mul_ps(_mm_set1_ps(a), b); }
inline Q fma4(float a, Q b, Q c) { return _mm_fmadd_ps(_mm_set1_ps(a), b, c); }
inline void store_components(const Q* q, float* a, float* b, float* c) {
  for (int k = 0; k < kLanes; k += 4) {
    const Q xy01 = _mm_unpacklo_ps(q[k], q[k + 1]), xy23 = _mm_unpacklo_ps(q[k + 2], q[k + 3]);
    const Q zw01 = _mm_unpackhi_ps(q[k], q[k + 1]), zw23 = _mm_unpackhi_ps(q[k + 2], q[k + 3]);
    _mm_storeu_ps(a + k, _mm_movelh_ps(xy01, xy23));
    _mm_storeu_ps(b + k, _mm_movehl_ps(xy23, xy01));
    _mm_storeu_ps(c + k, _mm_movelh_ps(zw01, zw23));
  }
}
inline I bits_of(V t) { return _mm512_castps_si512(t); }
inline I shifted_right(I bits, std::int32_t count) { return _mm512_srl_epi32(bits, _mm_cvtsi32_si128(count)); }
inline I set1_int(std::int32_t x) { return _mm512_set1_epi32(x); }
inline V with_exponent_0(I bits, I mask) {
  constexpr int kAndThenOr = 0xEA;  // (a & b) | c
  return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(bits, mask, _mm512_set1_epi32(0x3F800000), kAndThenOr));
}
// The permutations look at as many low bits of a slot as there are entries.
template <int kSlots>
struct Table;
template <>
struct Table<16> {
  explicit Table(const float* entries) : a(load(entries)) {}
  V at(I slot) const { return _mm512_permutexvar_ps(slot, a); }
  V a;
};
template <>
struct Table<32> {
  explicit Table(const float* entries) : a(load(entries)), b(load(entries + 16)) {}
  V at(I slot) const { return _mm512_permutex2var_ps(a, slot, b); }
  V a, b;
};

inline void load_even_odd(const float* p, V& even, V& odd) {
  const V low = load(p), high = load(p + 16);
  even = _mm512_permutex2var_ps(low, even_floats(), high);
  odd = _mm512_permutex2var_ps(low, odd_floats(), high);
}
inline void store_interleaved(float* p, V even, V odd) {
  const __m512i first = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const __m512i second = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  store(p, _mm512_permutex2var_ps(even, first, odd));
  store(p + 16, _mm512_permutex2var_ps(even, second, odd));
}
