// Permutations of lanes in vectors of 128 bits.

#if FLOAT32
INLINE vec E(interleave_low)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 4, 1, 5); }
INLINE vec E(interleave_high)(vec a, vec b) { return __builtin_shufflevector(a, b, 2, 6, 3, 7); }
INLINE vec E(low_32)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 4, 1, 5); }
INLINE vec E(high_32)(vec a, vec b) { return __builtin_shufflevector(a, b, 2, 6, 3, 7); }
#else
INLINE vec E(interleave_low)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 2); }
INLINE vec E(interleave_high)(vec a, vec b) { return __builtin_shufflevector(a, b, 1, 3); }
INLINE vec E(take_even)(vec a, vec b) { return __builtin_shufflevector(a, b, 0, 2); }
INLINE vec E(take_odd)(vec a, vec b) { return __builtin_shufflevector(a, b, 1, 3); }
#endif

INLINE E(pieces) E(low_64)(E(pieces) a, E(pieces) b) { return __builtin_shufflevector(a, b, 0, 2); }
INLINE E(pieces) E(high_64)(E(pieces) a, E(pieces) b) { return __builtin_shufflevector(a, b, 1, 3); }

INLINE E(pieces) E(load_pieces)(const real *const first[], int64_t offset) { return E(load_piece)(first[0] + offset); }
