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

enum { E(CHUNK) = 64 };  // word pairs at a time

/// Elements of one chunk of counters: two a counter in Float, one in Double.
static void E(draw)(uint32_t k0, uint32_t k1, const uint32_t *example, const uint32_t *pair, int normal, real *out) {
  for (int i = 0; i < E(CHUNK); i += FLOAT32 ? LANES : 2 * LANES) {
    vec first, second;
    E(words) x0, x1;
#define WORDS(at)                                 \
  memcpy(&x0, example + (at), sizeof x0);         \
  memcpy(&x1, pair + (at), sizeof x1);            \
  THREEFRY_2X32(k0, k1, x0, x1)
#if FLOAT32
    WORDS(i);
    first = E(uniform_of)(x0);
    second = E(uniform_of)(x1);
    if (normal) E(box_muller)(first, second, &first, &second);
    store(out + 2 * i, E(interleave_low)(first, second));
    store(out + 2 * i + LANES, E(interleave_high)(first, second));
#else
    WORDS(i);
    first = E(uniform_of)(x0, x1);
    WORDS(i + LANES);
    second = E(uniform_of)(x0, x1);
    if (normal) {
      // Even elements against odd ones, and back.
      vec even = E(take_even)(first, second), odd = E(take_odd)(first, second);
      E(box_muller)(even, odd, &even, &odd);
      first = E(interleave_low)(even, odd);
      second = E(interleave_high)(even, odd);
    }
    store(out + i, first);
    store(out + i + LANES, second);
#endif
#undef WORDS
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

  const int normal = r->distribution == MINIM_NORMAL;
  // Counters an example takes (an even number of elements for normals), and the elements a counter gives.
  const int64_t each = FLOAT32 ? 2 : 1;
  const int64_t counters = FLOAT32 ? (r->per_example + 1) / 2 : normal ? (r->per_example + 1) / 2 * 2 : r->per_example;
  uint32_t example[E(CHUNK)], pair[E(CHUNK)];
  real out[2 * E(CHUNK)] __attribute__((aligned(64)));
  real *dst = r->dst;
  int64_t e = 0, p = 0, written = 0;  // the next counter; elements already written of example `from`
  for (int64_t from = 0; from < r->examples;) {
    int filled = 0;
    while (filled < E(CHUNK) && e < r->examples) {
      const int64_t run = counters - p < E(CHUNK) - filled ? counters - p : E(CHUNK) - filled;
      for (int64_t i = 0; i < run; i++) {
        example[filled + i] = (uint32_t)(r->context->first_example + (uint64_t)e);
        pair[filled + i] = (uint32_t)(p + i);
      }
      filled += (int)run;
      p += run;
      if (p == counters) p = 0, e++;
    }
    for (int i = filled; i < E(CHUNK); i++) example[i] = pair[i] = 0;
    E(draw)(key[0], key[1], example, pair, normal, out);

    for (int64_t at = 0; at < filled * each;) {
      const int64_t padded = counters * each - written, left = filled * each - at;
      const int64_t advance = padded < left ? padded : left;
      const int64_t wanted = r->per_example - written;
      E(copy_run)(dst, out + at, advance < wanted ? advance : wanted);
      dst += advance < wanted ? advance : wanted;
      at += advance;
      written += advance;
      if (written == counters * each) written = 0, from++;
    }
  }
}
