// The vocabulary of row_ops_text.h in AVX2 and FMA. No include guard: see row_ops_text.h.

using V = __m256;
constexpr int kLanes = 8;

inline V load(const float* p) { return _mm256_loadu_ps(p); }
inline void store(float* p, V v) { _mm256_storeu_ps(p, v); }
inline V set1(float x) { return _mm256_set1_ps(x); }
inline V fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
inline V mul(V a, V b) { return _mm256_mul_ps(a, b); }
inline V add(V a, V b) { return _mm256_add_ps(a, b); }
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

// A segment is 8 bytes: one 64-bit gather fetches base and slope together.
inline __m256 gather_pairs(const CurveSegment* segments, __m128i index) {
  return _mm256_castsi256_ps(_mm256_i32gather_epi64(reinterpret_cast<const long long*>(segments), index, 8));
}
inline V lookup(V t, const CurveView& c) {
  const __m256i key = _mm256_srl_epi32(_mm256_castps_si256(t), _mm_cvtsi32_si128(c.shift));
  const __m256i index = _mm256_max_epi32(_mm256_sub_epi32(key, _mm256_set1_epi32(c.first_key)), _mm256_setzero_si256());
  const __m256 low = gather_pairs(c.segments, _mm256_castsi256_si128(index));
  const __m256 high = gather_pairs(c.segments, _mm256_extracti128_si256(index, 1));
  // In 64-bit units the shuffles leave lanes 0 2 1 3.
  const auto in_order = [](__m256 v) { return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(v), 0xD8)); };
  const V base = in_order(_mm256_shuffle_ps(low, high, 0x88));
  const V slope = in_order(_mm256_shuffle_ps(low, high, 0xDD));
  return fma(slope, t, base);
}

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
