// The vocabulary of row_ops_text.h in AVX-512 (F, BW, DQ, VL). No include guard: see row_ops_text.h.

using V = __m512;
constexpr int kLanes = 16;

inline V load(const float* p) { return _mm512_loadu_ps(p); }
inline void store(float* p, V v) { _mm512_storeu_ps(p, v); }
inline V set1(float x) { return _mm512_set1_ps(x); }
inline V fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
inline V mul(V a, V b) { return _mm512_mul_ps(a, b); }
inline V add(V a, V b) { return _mm512_add_ps(a, b); }
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

// A segment is 8 bytes: one 64-bit gather fetches base and slope together.
inline __m512 gather_pairs(const CurveSegment* segments, __m256i index) {
  return _mm512_castsi512_ps(_mm512_i32gather_epi64(index, segments, 8));
}
inline V lookup(V t, const CurveView& c) {
  const __m512i key = _mm512_srl_epi32(_mm512_castps_si512(t), _mm_cvtsi32_si128(c.shift));
  const __m512i index = _mm512_max_epi32(_mm512_sub_epi32(key, _mm512_set1_epi32(c.first_key)), _mm512_setzero_si512());
  const __m512 low = gather_pairs(c.segments, _mm512_castsi512_si256(index));
  const __m512 high = gather_pairs(c.segments, _mm512_extracti64x4_epi64(index, 1));
  const V base = _mm512_permutex2var_ps(low, even_floats(), high);
  const V slope = _mm512_permutex2var_ps(low, odd_floats(), high);
  return fma(slope, t, base);
}

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
