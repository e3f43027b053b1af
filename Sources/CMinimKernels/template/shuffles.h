// Permutations of lanes: interleaving, its inverse, and columns of rows that lie apart.

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

// The low and the high elements of each 128 bits of two vectors in turns, by pieces of 64 and of 32 bits.
typedef double E(pieces) __attribute__((vector_size(VECTOR_BYTES)));
#if VECTOR_BYTES == 64
#define LOW_64(a, b) __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define HIGH_64(a, b) __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15)
#define LOW_32(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define HIGH_32(a, b) __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#elif VECTOR_BYTES == 32
#define LOW_64(a, b) __builtin_shufflevector(a, b, 0, 4, 2, 6)
#define HIGH_64(a, b) __builtin_shufflevector(a, b, 1, 5, 3, 7)
#define LOW_32(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH_32(a, b) __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#else
#define LOW_64(a, b) __builtin_shufflevector(a, b, 0, 2)
#define HIGH_64(a, b) __builtin_shufflevector(a, b, 1, 3)
#define LOW_32(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define HIGH_32(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#endif

/// Elements in 128 bits: so many columns are read at once.
enum { E(SIDE) = 16 / sizeof(real) };
typedef real E(quarter) __attribute__((vector_size(16), aligned(sizeof(real)), may_alias));

/// SIDE elements of row i of every SIDE rows; those begin at `first`.
INLINE E(pieces) E(load_pieces)(const real *const first[4], int64_t i, int64_t row) {
#define PIECE(l) ((half) * (const E(quarter) *)(first[l] + i * row))
  typedef double half __attribute__((vector_size(16)));
#if VECTOR_BYTES == 64
  typedef double wide __attribute__((vector_size(32)));
  const wide low = __builtin_shufflevector(PIECE(0), PIECE(1), 0, 1, 2, 3);
  const wide high = __builtin_shufflevector(PIECE(2), PIECE(3), 0, 1, 2, 3);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
#elif VECTOR_BYTES == 32
  return __builtin_shufflevector(PIECE(0), PIECE(1), 0, 1, 2, 3);
#else
  return PIECE(0);
#endif
#undef PIECE
}

/// The first SIDE columns of LANES rows, which lie `row` elements apart: column[j] lane i = p[i row + j].
INLINE void E(load_columns)(const real *p, int64_t row, vec column[E(SIDE)]) {
  // Left to itself the compiler keeps an address a row, most of them on the stack.
  const real *first[4];
  UNROLL for (int l = 0; l < VECTOR_BYTES / 16; l++) {
    first[l] = p + l * E(SIDE) * row;
    APART(first[l]);
  }
#if FLOAT32
  const vec x0 = (vec)E(load_pieces)(first, 0, row), x1 = (vec)E(load_pieces)(first, 1, row);
  const vec x2 = (vec)E(load_pieces)(first, 2, row), x3 = (vec)E(load_pieces)(first, 3, row);
  const E(pieces) low01 = (E(pieces))LOW_32(x0, x1), high01 = (E(pieces))HIGH_32(x0, x1);
  const E(pieces) low23 = (E(pieces))LOW_32(x2, x3), high23 = (E(pieces))HIGH_32(x2, x3);
  column[0] = (vec)LOW_64(low01, low23);
  column[1] = (vec)HIGH_64(low01, low23);
  column[2] = (vec)LOW_64(high01, high23);
  column[3] = (vec)HIGH_64(high01, high23);
#else
  const E(pieces) x0 = E(load_pieces)(first, 0, row), x1 = E(load_pieces)(first, 1, row);
  column[0] = (vec)LOW_64(x0, x1);
  column[1] = (vec)HIGH_64(x0, x1);
#endif
}
#undef LOW_64
#undef HIGH_64
#undef LOW_32
#undef HIGH_32
