// Permutations of lanes in vectors of 512 bits.

#if FLOAT32
INLINE vec E(interleave_low)(vec a, vec b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
INLINE vec E(interleave_high)(vec a, vec b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
INLINE vec E(low_32)(vec a, vec b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
}
INLINE vec E(high_32)(vec a, vec b) {
  return __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
}
#else
INLINE vec E(interleave_low)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
INLINE vec E(interleave_high)(vec a, vec b) { return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
INLINE vec E(take_even)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14); }
INLINE vec E(take_odd)(vec a, vec b) { return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15); }
#endif

INLINE E(pieces) E(low_64)(E(pieces) a, E(pieces) b) {
  return __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
}
INLINE E(pieces) E(high_64)(E(pieces) a, E(pieces) b) {
  return __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
}

INLINE E(pieces) E(load_pieces)(const real *const first[], int64_t offset) {
  typedef double half __attribute__((vector_size(32)));
  const E(piece) x0 = E(load_piece)(first[0] + offset), x1 = E(load_piece)(first[1] + offset);
  const E(piece) x2 = E(load_piece)(first[2] + offset), x3 = E(load_piece)(first[3] + offset);
  const half low = __builtin_shufflevector(x0, x1, 0, 1, 2, 3), high = __builtin_shufflevector(x2, x3, 0, 1, 2, 3);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
}
