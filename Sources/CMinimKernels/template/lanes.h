// Vectors of one level and element type: loads, masks, selection, multiply-add.
#define real E(real)
#define integer E(integer)
#define vec E(vec)
#define ivec E(ivec)
#define uvec E(uvec)
#define lane_mask E(lane_mask)
#define LANES E(LANES)
#define load E(load)
#define store E(store)
#define stream E(stream)
#define end_streams E(end_streams)
#define is_aligned E(is_aligned)
#define splat E(splat)
#define isplat E(isplat)
#define select E(select)
#define select_integer E(select_integer)
#define multiply_add E(multiply_add)
#define first_lanes E(first_lanes)
#define load_first E(load_first)
#define store_first E(store_first)
#define square_root E(square_root)
#define absolute E(absolute)
#define at_most E(at_most)

#if FLOAT32
typedef float real;
typedef int32_t integer;
typedef uint32_t E(unsigned_integer);
#else
typedef double real;
typedef int64_t integer;
typedef uint64_t E(unsigned_integer);
#endif
typedef real vec __attribute__((vector_size(VECTOR_BYTES)));
typedef integer ivec __attribute__((vector_size(VECTOR_BYTES)));
typedef E(unsigned_integer) uvec __attribute__((vector_size(VECTOR_BYTES)));
typedef vec E(unaligned) __attribute__((aligned(sizeof(real)), may_alias));
enum { LANES = VECTOR_BYTES / sizeof(real) };

INLINE vec load(const real *p) { return *(const E(unaligned) *)p; }
INLINE void store(real *p, vec x) { *(E(unaligned) *)p = x; }
INLINE vec splat(real x) { return x - (vec){0}; }
INLINE ivec isplat(integer x) { return x - (ivec){0}; }
INLINE vec select(ivec mask, vec a, vec b) { return (vec)((mask & (ivec)a) | (~mask & (ivec)b)); }
INLINE ivec select_integer(ivec mask, ivec a, ivec b) { return (mask & a) | (~mask & b); }
INLINE vec square_root(vec x) { return __builtin_elementwise_sqrt(x); }
INLINE vec absolute(vec x) { return __builtin_elementwise_abs(x); }

/// Past the caches, where `is_aligned`. After the last one `end_streams`: a release does not keep their order.
INLINE void stream(real *p, vec x) { __builtin_nontemporal_store(x, (vec *)p); }
INLINE int is_aligned(const real *p) { return (uintptr_t)p % VECTOR_BYTES == 0; }
INLINE void end_streams(void) {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

/// min(x, limit), keeping NaN of x: the instruction gives its second operand where one is NaN.
INLINE vec at_most(vec x, vec limit) {
#if VECTOR_BYTES == 64 && FLOAT32
  return (vec)_mm512_min_ps((__m512)limit, (__m512)x);
#elif VECTOR_BYTES == 32 && FLOAT32
  return (vec)_mm256_min_ps((__m256)limit, (__m256)x);
#else
  return select(x > limit, limit, x);
#endif
}

/// a b + c, rounded once where the level has FMA.
INLINE vec multiply_add(vec a, vec b, vec c) {
#if FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

// The first `count` lanes, 0 <= count <= LANES: what remains of an array at its end. Other lanes read as 0, and no
// memory beyond the array is touched.
#if VECTOR_BYTES == 64
typedef uint32_t lane_mask;
INLINE lane_mask first_lanes(int64_t count) { return (1u << count) - 1; }
#if FLOAT32
INLINE vec load_first(const real *p, lane_mask m) { return (vec)_mm512_maskz_loadu_ps((__mmask16)m, p); }
INLINE void store_first(real *p, lane_mask m, vec x) { _mm512_mask_storeu_ps(p, (__mmask16)m, (__m512)x); }
#else
INLINE vec load_first(const real *p, lane_mask m) { return (vec)_mm512_maskz_loadu_pd((__mmask8)m, p); }
INLINE void store_first(real *p, lane_mask m, vec x) { _mm512_mask_storeu_pd(p, (__mmask8)m, (__m512d)x); }
#endif
#elif VECTOR_BYTES == 32
typedef ivec lane_mask;
#if FLOAT32
INLINE lane_mask first_lanes(int64_t count) {
  return (ivec){0, 1, 2, 3, 4, 5, 6, 7} < isplat((integer)count);
}
INLINE vec load_first(const real *p, lane_mask m) { return (vec)_mm256_maskload_ps(p, (__m256i)m); }
INLINE void store_first(real *p, lane_mask m, vec x) { _mm256_maskstore_ps(p, (__m256i)m, (__m256)x); }
#else
INLINE lane_mask first_lanes(int64_t count) { return (ivec){0, 1, 2, 3} < isplat(count); }
INLINE vec load_first(const real *p, lane_mask m) { return (vec)_mm256_maskload_pd(p, (__m256i)m); }
INLINE void store_first(real *p, lane_mask m, vec x) { _mm256_maskstore_pd(p, (__m256i)m, (__m256d)x); }
#endif
#else
typedef int lane_mask;
INLINE lane_mask first_lanes(int64_t count) { return (int)count; }
INLINE vec load_first(const real *p, lane_mask count) {
  vec x = {0};
  for (int i = 0; i < LANES; i++)
    if (i < count) x[i] = p[i];
  return x;
}
INLINE void store_first(real *p, lane_mask count, vec x) {
  for (int i = 0; i < LANES; i++)
    if (i < count) p[i] = x[i];
}
#endif

/// A whole vector, or its first lanes where it reaches over an end.
INLINE vec E(load_column)(const real *p, int masked, lane_mask mask) { return masked ? load_first(p, mask) : load(p); }
