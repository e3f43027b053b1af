// Columns of rows that lie apart, by the shuffles of the level's width:
//   interleave_low, interleave_high   lanes of a and b taken in turns, a0 b0 a1 b1 ..., in two vectors
//   take_even, take_odd               lanes of a followed by b; in Double
//   low_64, high_64                   the low and the high half of each 128 bits of a and b in turns, 64 bits at a time
//   low_32, high_32                   the same halves, 32 bits at a time; in Float
//   load_pieces                       128 bits from each of VECTOR_BYTES / 16 places

/// The first SIDE columns of LANES rows, which lie `row` elements apart: column[j] lane i = p[i row + j].
INLINE void E(load_columns)(const real *p, int64_t row, vec column[E(SIDE)]) {
  // Left to itself the compiler keeps an address a row, most of them on the stack.
  const real *first[VECTOR_BYTES / 16];
  UNROLL for (int l = 0; l < VECTOR_BYTES / 16; l++) {
    first[l] = p + l * E(SIDE) * row;
    APART(first[l]);
  }
#if FLOAT32
  const vec x0 = (vec)E(load_pieces)(first, 0), x1 = (vec)E(load_pieces)(first, row);
  const vec x2 = (vec)E(load_pieces)(first, 2 * row), x3 = (vec)E(load_pieces)(first, 3 * row);
  const E(pieces) low01 = (E(pieces))E(low_32)(x0, x1), high01 = (E(pieces))E(high_32)(x0, x1);
  const E(pieces) low23 = (E(pieces))E(low_32)(x2, x3), high23 = (E(pieces))E(high_32)(x2, x3);
  column[0] = (vec)E(low_64)(low01, low23);
  column[1] = (vec)E(high_64)(low01, low23);
  column[2] = (vec)E(low_64)(high01, high23);
  column[3] = (vec)E(high_64)(high01, high23);
#else
  const E(pieces) x0 = E(load_pieces)(first, 0), x1 = E(load_pieces)(first, row);
  column[0] = (vec)E(low_64)(x0, x1);
  column[1] = (vec)E(high_64)(x0, x1);
#endif
}
