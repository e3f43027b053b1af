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

// Of the 64-bit pieces of two vectors: the even or the odd ones of each 128 bits, and whole 128-bit pieces.
typedef double E(pieces) __attribute__((vector_size(VECTOR_BYTES)));
#if VECTOR_BYTES == 64
#define LOW_64(a, b) __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define HIGH_64(a, b) __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15)
#define FIRST_HALVES(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define SECOND_HALVES(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15)
#define EVEN_128(a, b) __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13)
#define ODD_128(a, b) __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15)
#define LOW_32(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define HIGH_32(a, b) __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#elif VECTOR_BYTES == 32
#define LOW_64(a, b) __builtin_shufflevector(a, b, 0, 4, 2, 6)
#define HIGH_64(a, b) __builtin_shufflevector(a, b, 1, 5, 3, 7)
#define FIRST_HALVES(a, b) __builtin_shufflevector(a, b, 0, 1, 4, 5)
#define SECOND_HALVES(a, b) __builtin_shufflevector(a, b, 2, 3, 6, 7)
#define LOW_32(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH_32(a, b) __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#else
#define LOW_64(a, b) __builtin_shufflevector(a, b, 0, 2)
#define HIGH_64(a, b) __builtin_shufflevector(a, b, 1, 3)
#define LOW_32(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define HIGH_32(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#endif

/// x[i] lane j <-> x[j] lane i: first the square blocks of 128 bits in place, then the blocks among themselves.
INLINE void transpose(vec x[LANES]) {
  enum { side = 16 / sizeof(real) };
  E(pieces) y[LANES];
  UNROLL for (int b = 0; b < LANES; b += side) {
#if FLOAT32
    E(pieces) low01 = (E(pieces))LOW_32(x[b], x[b + 1]), high01 = (E(pieces))HIGH_32(x[b], x[b + 1]);
    E(pieces) low23 = (E(pieces))LOW_32(x[b + 2], x[b + 3]), high23 = (E(pieces))HIGH_32(x[b + 2], x[b + 3]);
    y[b] = LOW_64(low01, low23);
    y[b + 1] = HIGH_64(low01, low23);
    y[b + 2] = LOW_64(high01, high23);
    y[b + 3] = HIGH_64(high01, high23);
#else
    y[b] = LOW_64(x[b], x[b + 1]);
    y[b + 1] = HIGH_64(x[b], x[b + 1]);
#endif
  }
  UNROLL for (int c = 0; c < side; c++) {
#if VECTOR_BYTES == 64
    E(pieces) first01 = FIRST_HALVES(y[c], y[c + side]), second01 = SECOND_HALVES(y[c], y[c + side]);
    E(pieces) first23 = FIRST_HALVES(y[c + 2 * side], y[c + 3 * side]);
    E(pieces) second23 = SECOND_HALVES(y[c + 2 * side], y[c + 3 * side]);
    x[c] = (vec)EVEN_128(first01, first23);
    x[c + side] = (vec)ODD_128(first01, first23);
    x[c + 2 * side] = (vec)EVEN_128(second01, second23);
    x[c + 3 * side] = (vec)ODD_128(second01, second23);
#elif VECTOR_BYTES == 32
    x[c] = (vec)FIRST_HALVES(y[c], y[c + side]);
    x[c + side] = (vec)SECOND_HALVES(y[c], y[c + side]);
#else
    x[c] = (vec)y[c];
#endif
  }
}
#undef LOW_64
#undef HIGH_64
#undef FIRST_HALVES
#undef SECOND_HALVES
#undef EVEN_128
#undef ODD_128
#undef LOW_32
#undef HIGH_32
