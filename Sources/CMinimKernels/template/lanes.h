// Vectors of one level and element type: loads, masks, selection, multiply-add. Where a level has an instruction of its
// own, its header says so.
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
#define scaled E(scaled)

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

/// Past the caches, where `is_aligned`. After the last one `end_streams`: on x86-64 a release does not keep their order.
INLINE void stream(real *p, vec x) { __builtin_nontemporal_store(x, (vec *)p); }
INLINE int is_aligned(const real *p) { return (uintptr_t)p % VECTOR_BYTES == 0; }
INLINE void end_streams(void) {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

/// a b + c, rounded once where the level has FMA.
INLINE vec multiply_add(vec a, vec b, vec c) {
#if IS_FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

/// Elements in 128 bits, the pieces that shuffles move whole: that many columns are read at once.
enum { E(SIDE) = 16 / sizeof(real) };
typedef double E(piece) __attribute__((vector_size(16)));
typedef double E(pieces) __attribute__((vector_size(VECTOR_BYTES)));
typedef E(piece) E(unaligned_piece) __attribute__((aligned(sizeof(real)), may_alias));
INLINE E(piece) E(load_piece)(const real *p) { return *(const E(unaligned_piece) *)p; }

#include LEVEL_HEADER

#if !HAS_MINIMUM
/// min(x, limit), keeping NaN of x.
INLINE vec at_most(vec x, vec limit) { return select(x > limit, limit, x); }
#endif

#if !HAS_MASKS
// The first `count` lanes, 0 <= count <= LANES: what remains of an array at its end. Other lanes read as 0, and no
// memory beyond the array is touched.
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
