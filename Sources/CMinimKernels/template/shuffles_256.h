// Permutations of lanes in vectors of 256 bits.

#if FLOAT32
INLINE vec E(interleave_low)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
INLINE vec E(interleave_high)(vec a, vec b) { return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
INLINE vec E(low_32)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13); }
INLINE vec E(high_32)(vec a, vec b) { return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15); }
#else
INLINE vec E(interleave_low)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 4, 1, 5); }
INLINE vec E(interleave_high)(vec a, vec b) { return __builtin_shufflevector(a, b, 2, 6, 3, 7); }
INLINE vec E(take_even)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 2, 4, 6); }
INLINE vec E(take_odd)(vec a, vec b) { return __builtin_shufflevector(a, b, 1, 3, 5, 7); }
#endif

INLINE E(pieces) E(low_64)(E(pieces) a, E(pieces) b) { return __builtin_shufflevector(a, b, 0, 4, 2, 6); }
INLINE E(pieces) E(high_64)(E(pieces) a, E(pieces) b) { return __builtin_shufflevector(a, b, 1, 5, 3, 7); }

INLINE E(pieces) E(load_pieces)(const real *const first[], int64_t offset) {
  const E(piece) x0 = E(load_piece)(first[0] + offset), x1 = E(load_piece)(first[1] + offset);
  return __builtin_shufflevector(x0, x1, 0, 1, 2, 3);
}
