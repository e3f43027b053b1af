// Uniform and normal numbers as a function of (seed, purpose, step, example, element).

typedef uint32_t E(words) __attribute__((vector_size(LANES * 4)));

#if FLOAT32
/// (w + 1/2) 2^-32, rounded once: both halves are exact.
INLINE vec E(uniform_of)(E(words) w) {
  typedef int32_t whole __attribute__((vector_size(LANES * 4)));
  vec high = __builtin_convertvector((whole)(w >> 16), vec), low = __builtin_convertvector((whole)(w & 0xffff), vec);
  return (high * 0x1p16f + (low + 0.5f)) * 0x1p-32f;
}
#else
/// (53 high bits of w1 2^32 + w0, + 1/2) 2^-53, rounded once: both halves are exact.
INLINE vec E(uniform_of)(E(words) w0, E(words) w1) {
  const uvec one = (uvec)splat(0x1p52);  // its low bits count ones
  uvec high = __builtin_convertvector(w1 >> 5, uvec);                      // 27 bits
  uvec low = __builtin_convertvector((w1 << 21 | w0 >> 11) & 0x3ffffff, uvec);  // 26 bits
  vec a = (vec)(high | one) - 0x1p52, b = (vec)(low | one) - 0x1p52;
  return (a * 0x1p26 + (b + 0.5)) * 0x1p-53;
}
#endif

INLINE void E(box_muller)(vec u0, vec u1, vec *first, vec *second) {
  vec sine, cosine, radius = square_root(-2 * v_log(u0));
  E(sine_cosine_of_turns)(u1, &sine, &cosine);
  *first = radius * cosine;
  *second = radius * sine;
}

enum { E(CHUNK) = 256 };  // counters at a time

/// The elements of two vectors of counters in order: two a counter in Float, one in Double.
INLINE void E(store_elements)(const E(words) w0[2], const E(words) w1[2], int normal, real *out) {
#if FLOAT32
  UNROLL for (int h = 0; h < 2; h++) {
    vec first = E(uniform_of)(w0[h]), second = E(uniform_of)(w1[h]);
    if (normal) E(box_muller)(first, second, &first, &second);
    store(out + 2 * h * LANES, E(interleave_low)(first, second));
    store(out + (2 * h + 1) * LANES, E(interleave_high)(first, second));
  }
#else
  vec first = E(uniform_of)(w0[0], w1[0]), second = E(uniform_of)(w0[1], w1[1]);
  if (normal) {
    vec even = E(take_even)(first, second), odd = E(take_odd)(first, second);
    E(box_muller)(even, odd, &even, &odd);
    first = E(interleave_low)(even, odd);
    second = E(interleave_high)(even, odd);
  }
  store(out, first);
  store(out + LANES, second);
#endif
}

/// The elements of `count` counters, and of some more up to whole vectors. Four vectors of them go through the rounds side by side: one would wait
/// for itself.
static void E(draw)(const uint32_t key[2], const uint32_t *example, const uint32_t *pair, int count, int normal,
                    real *out) {
  const uint32_t k0 = key[0], k1 = key[1];
  typedef uint32_t four_words __attribute__((vector_size(4 * LANES * 4)));
  for (int i = 0; i < count; i += 4 * LANES) {
    four_words x0, x1;
    memcpy(&x0, example + i, sizeof x0);
    memcpy(&x1, pair + i, sizeof x1);
    THREEFRY_2X32(k0, k1, x0, x1);
    E(words) w0[4], w1[4];
    memcpy(w0, &x0, sizeof x0);
    memcpy(w1, &x1, sizeof x1);
    const int each = FLOAT32 ? 2 : 1;
    E(store_elements)(w0, w1, normal, out + i * each);
    E(store_elements)(w0 + 2, w1 + 2, normal, out + (i + 2 * LANES) * each);
  }
}

/// Each element an additive sequence over the examples of a step, from a start that is drawn once.
static void E(stratified)(const minim_random *r, const uint32_t key[2]) {
  real *dst = r->dst;
  for (int64_t j = 0; j < r->per_example; j++) {
    const uint32_t counter[2] = {UINT32_MAX, (uint32_t)j};
    uint32_t w[2];
    minim_threefry2x32(key, counter, w);
    uint64_t bits = ((uint64_t)w[1] << 32 | w[0]) + r->context->first_example * 0x9e3779b97f4a7c15u;
    for (int64_t e = 0; e < r->examples; e++, bits += 0x9e3779b97f4a7c15u)
      dst[e * r->per_example + j] =
          FLOAT32 ? (real)(((double)(bits >> 32) + 0.5) * 0x1p-32) : (real)(((double)(bits >> 11) + 0.5) * 0x1p-53);
  }
}

static void E(random)(const void *call) {
  const minim_random *r = call;
  if (r->examples <= 0 || r->per_example <= 0) return;
  uint32_t key[2] = {(uint32_t)r->context->seed, (uint32_t)(r->context->seed >> 32)};
  const uint32_t purpose[2] = {(uint32_t)r->purpose, (uint32_t)(r->purpose >> 32)};
  const uint32_t step[2] = {(uint32_t)r->context->step, (uint32_t)(r->context->step >> 32)};
  minim_threefry2x32(key, purpose, key);
  minim_threefry2x32(key, step, key);

  if (r->distribution == MINIM_STRATIFIED) {
    E(stratified)(r, key);
    return;
  }
  const int normal = r->distribution == MINIM_NORMAL;
  // Elements that a counter gives, and counters that an example takes: for normals whole pairs of elements.
  const int64_t each = FLOAT32 ? 2 : 1, pairs = (r->per_example + 1) / 2;
  const int64_t counters = FLOAT32 ? pairs : normal ? 2 * pairs : r->per_example;
  const int64_t surplus = counters * each - r->per_example;  // 1 where an example's last element is not wanted
  uint32_t example[E(CHUNK)] = {0}, pair[E(CHUNK)] = {0};
  real out[2 * E(CHUNK)] __attribute__((aligned(64)));
  real *dst = r->dst;
  int64_t e = 0, p = 0;  // the next counter
  while (e < r->examples) {
    int filled = 0;
    while (filled < E(CHUNK) && e < r->examples) {
      const int64_t run = counters - p < E(CHUNK) - filled ? counters - p : E(CHUNK) - filled;
      const uint32_t name = (uint32_t)(r->context->first_example + (uint64_t)e);
      for (int64_t i = 0; i < run; i++) {
        example[filled + i] = name;
        pair[filled + i] = (uint32_t)(p + i);
      }
      filled += (int)run;
      p += run;
      if (p == counters) p = 0, e++;
    }
    E(draw)(key, example, pair, filled, normal, out);
    if (surplus == 0) {
      E(copy_run)(dst, out, filled * each);
      dst += filled * each;
      continue;
    }
    for (int i = 0; i < filled; i++)
      for (int64_t j = 0; j < each; j++)
        if (pair[i] * each + j < r->per_example) *dst++ = out[i * each + j];
  }
}
