// AVX2 and FMA: vectors of 256 bits and masks. Intel since 2013, AMD since 2015.
#ifndef ELEMENT
#define IS_FUSED 1
#if defined(__x86_64__)
#define TARGET "avx2,fma"
#define VECTOR_BYTES 32
#define VECTOR_REGISTERS 16
#define TILE_ROWS 6
#define HAS_MASKS 1
#define HAS_MINIMUM FLOAT32
#define HAS_SCALING 0

static int can_run(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif
#else

#include "template/shuffles_256.h"

typedef ivec lane_mask;

#if FLOAT32
INLINE lane_mask first_lanes(int64_t count) { return (ivec){0, 1, 2, 3, 4, 5, 6, 7} < isplat((integer)count); }
INLINE vec load_first(const real *p, lane_mask m) { return (vec)_mm256_maskload_ps(p, (__m256i)m); }
INLINE void store_first(real *p, lane_mask m, vec x) { _mm256_maskstore_ps(p, (__m256i)m, (__m256)x); }
INLINE vec at_most(vec x, vec limit) { return (vec)_mm256_min_ps((__m256)limit, (__m256)x); }
#else
INLINE lane_mask first_lanes(int64_t count) { return (ivec){0, 1, 2, 3} < isplat(count); }
INLINE vec load_first(const real *p, lane_mask m) { return (vec)_mm256_maskload_pd(p, (__m256i)m); }
INLINE void store_first(real *p, lane_mask m, vec x) { _mm256_maskstore_pd(p, (__m256i)m, (__m256d)x); }
#endif
#endif
