// The vocabulary of row_ops_text.h in AVX2 and FMA. No include guard: see row_ops_text.h.

using V = __m256;
constexpr int kLanes = 8;

inline V load(const float* p) { return _mm256_loadu_ps(p); }
inline void store(float* p, V v) { _mm256_storeu_ps(p, v); }
inline V set1(float x) { return _mm256_set1_ps(x); }
inline V fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
inline V mul(V a, V b) { return _mm256_mul_ps(a, b); }
inline V add(V a, V b) { return _mm256_add_ps(a, b); }
inline V div(V a, V b) { return _mm256_div_ps(a, b); }
inline V vmin(V a, V b) { return _mm256_min_ps(a, b); }
inline V vmax(V a, V b) { return _mm256_max_ps(a, b); }
inline V sign_bits() { return _mm256_castsi256_ps(_mm256_set1_epi32(static_cast<int>(0x80000000U))); }
inline V vabs(V a) { return _mm256_andnot_ps(sign_bits(), a); }
inline V copy_sign(V magnitude, V sign) { return _mm256_or_ps(vabs(magnitude), _mm256_and_ps(sign_bits(), sign)); }

inline V load_samples(const std::uint8_t* p) {
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
}
inline V load_samples(const std::uint16_t* p) {
  return _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}
inline __m128i to_words(V v) {
  const __m256i codes = _mm256_cvttps_epi32(v);
  return _mm_packus_epi32(_mm256_castsi256_si128(codes), _mm256_extracti128_si256(codes, 1));
}
inline void store_samples(std::uint8_t* p, V v) {
  const __m128i words = to_words(v);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(words, words));
}
inline void store_samples(std::uint16_t* p, V v) { _mm_storeu_si128(reinterpret_cast<__m128i*>(p), to_words(v)); }

using I = __m256i;

inline V select_ge(V a, V b, V x, V y) { return _mm256_blendv_ps(y, x, _mm256_cmp_ps(a, b, _CMP_GE_OQ)); }
inline I truncated(V v) { return _mm256_cvttps_epi32(v); }
inline V to_float(I i) { return _mm256_cvtepi32_ps(i); }
inline V gather(const float* p, I i) { return _mm256_i32gather_ps(p, i, 4); }
inline void store_int(std::int32_t* p, I i) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), i); }
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
inline I bits_of(V t) { return _mm256_castps_si256(t); }
inline I shifted_right(I bits, std::int32_t count) { return _mm256_srl_epi32(bits, _mm_cvtsi32_si128(count)); }
inline I set1_int(std::int32_t x) { return _mm256_set1_epi32(x); }
inline V with_exponent_0(I bits, I mask) {
  return _mm256_castsi256_ps(_mm256_or_si256(_mm256_and_si256(bits, mask), _mm256_set1_epi32(0x3F800000)));
}
// A permutation looks at three bits of a slot, a blend at the bit that was shifted to the sign.
template <int kSlots>
struct Table;
template <>
struct Table<16> {
  explicit Table(const float* entries) : a(load(entries)), b(load(entries + 8)) {}
  V at(I slot) const {
    const V bit3 = _mm256_castsi256_ps(_mm256_slli_epi32(slot, 28));
    return _mm256_blendv_ps(_mm256_permutevar8x32_ps(a, slot), _mm256_permutevar8x32_ps(b, slot), bit3);
  }
  V a, b;
};
template <>
struct Table<32> {
  explicit Table(const float* entries) : low(entries), high(entries + 16) {}
  V at(I slot) const {
    return _mm256_blendv_ps(low.at(slot), high.at(slot), _mm256_castsi256_ps(_mm256_slli_epi32(slot, 27)));
  }
  Table<16> low, high;
};

inline void load_even_odd(const float* p, V& even, V& odd) {
  const V low = load(p), high = load(p + 8);
  even = _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(low, high, 0x88)), 0xD8));
  odd = _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(low, high, 0xDD)), 0xD8));
}
inline void store_interleaved(float* p, V even, V odd) {
  const V a = _mm256_unpacklo_ps(even, odd), b = _mm256_unpackhi_ps(even, odd);
  store(p, _mm256_permute2f128_ps(a, b, 0x20));
  store(p + 8, _mm256_permute2f128_ps(a, b, 0x31));
}
