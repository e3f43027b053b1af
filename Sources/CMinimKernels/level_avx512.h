// AVX-512 F, VL, DQ and BW: vectors of 512 bits, masks, a product by a power of two. Intel since 2017, AMD since 2022.
#ifndef ELEMENT
#define IS_FUSED 1
#if defined(__x86_64__)
#define TARGET "avx512f,avx512vl,avx512dq,avx512bw,fma"
#define VECTOR_BYTES 64
#define VECTOR_REGISTERS 32
#define TILE_ROWS 8
#define HAS_MASKS 1
#define HAS_MINIMUM FLOAT32
#define HAS_SCALING 1

static int can_run(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
}
#endif
#else

#include "template/shuffles_512.h"

typedef uint32_t lane_mask;
INLINE lane_mask first_lanes(int64_t count) { return (1u << count) - 1; }

#if FLOAT32
INLINE vec load_first(const real *p, lane_mask m) { return (vec)_mm512_maskz_loadu_ps((__mmask16)m, p); }
INLINE void store_first(real *p, lane_mask m, vec x) { _mm512_mask_storeu_ps(p, (__mmask16)m, (__m512)x); }
INLINE vec at_most(vec x, vec limit) { return (vec)_mm512_min_ps((__m512)limit, (__m512)x); }
INLINE vec scaled(vec x, vec whole, ivec n) {
  (void)n;
  return (vec)_mm512_scalef_ps((__m512)x, (__m512)whole);
}
#else
INLINE vec load_first(const real *p, lane_mask m) { return (vec)_mm512_maskz_loadu_pd((__mmask8)m, p); }
INLINE void store_first(real *p, lane_mask m, vec x) { _mm512_mask_storeu_pd(p, (__mmask8)m, (__m512d)x); }
INLINE vec scaled(vec x, vec whole, ivec n) {
  (void)n;
  return (vec)_mm512_scalef_pd((__m512d)x, (__m512d)whole);
}
#endif
#endif
