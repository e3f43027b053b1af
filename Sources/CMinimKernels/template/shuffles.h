// Permutations of lanes: interleaving, its inverse, and the transposition of a square block.
#define transpose E(transpose)

/// The lanes of a and b taken in turns: a0 b0 a1 b1 ... in two vectors.
#if VECTOR_BYTES == 64 && FLOAT32
#define INTERLEAVE_LOW(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define INTERLEAVE_HIGH(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif VECTOR_BYTES == 64 || (VECTOR_BYTES == 32 && FLOAT32)
#define INTERLEAVE_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define INTERLEAVE_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#elif VECTOR_BYTES == 32 || FLOAT32
#define INTERLEAVE_LOW(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define INTERLEAVE_HIGH(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#else
#define INTERLEAVE_LOW(a, b) __builtin_shufflevector(a, b, 0, 2)
#define INTERLEAVE_HIGH(a, b) __builtin_shufflevector(a, b, 1, 3)
#endif
INLINE vec E(interleave_low)(vec a, vec b) { return INTERLEAVE_LOW(a, b); }
INLINE vec E(interleave_high)(vec a, vec b) { return INTERLEAVE_HIGH(a, b); }
#undef INTERLEAVE_LOW
#undef INTERLEAVE_HIGH

/// The even and the odd lanes of a followed by b.
#if VECTOR_BYTES == 64 && !FLOAT32
INLINE vec E(take_even)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14); }
INLINE vec E(take_odd)(vec a, vec b) { return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15); }
#elif VECTOR_BYTES == 32 && !FLOAT32
INLINE vec E(take_even)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 2, 4, 6); }
INLINE vec E(take_odd)(vec a, vec b) { return __builtin_shufflevector(a, b, 1, 3, 5, 7); }
#elif !FLOAT32
INLINE vec E(take_even)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 2); }
INLINE vec E(take_odd)(vec a, vec b) { return __builtin_shufflevector(a, b, 1, 3); }
#endif

/// x[i] lane j <-> x[j] lane i. A perfect shuffle of all elements rotates the bits of their index by one; log2(LANES)
/// of them exchange row and lane.
INLINE void transpose(vec x[LANES]) {
  UNROLL for (int width = 1; width < LANES; width *= 2) {
    vec y[LANES];
    UNROLL for (int i = 0; i < LANES / 2; i++) {
      y[2 * i] = E(interleave_low)(x[i], x[i + LANES / 2]);
      y[2 * i + 1] = E(interleave_high)(x[i], x[i + LANES / 2]);
    }
    UNROLL for (int i = 0; i < LANES; i++) x[i] = y[i];
  }
}
