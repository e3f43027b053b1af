// Steps over the flat parameter vector, and the ordered sum of gradient slots.

// The body for every vector of `count` elements, the last one masked.
#define FOR_VECTORS(count, ...)                                   \
  {                                                               \
    int64_t i = 0;                                                \
    for (; i + LANES <= (count); i += LANES) {                    \
      const int masked = 0;                                       \
      const lane_mask mask = first_lanes(LANES);                  \
      __VA_ARGS__                                                 \
    }                                                             \
    if (i < (count)) {                                            \
      const int masked = 1;                                       \
      const lane_mask mask = first_lanes((count) - i);            \
      __VA_ARGS__                                                 \
    }                                                             \
  }
#define READ(p) E(load_column)((p) + i, masked, mask)
#define WRITE(p, x) if (masked) store_first((p) + i, mask, x); else store((p) + i, x)

static void E(adam)(const minim_adam *a) {
  real *parameters = a->parameters, *first = a->first_moment, *second = a->second_moment;
  const real *gradient = a->gradient;
  const vec scale = splat((real)a->gradient_scale), rate = splat((real)a->rate), epsilon = splat((real)a->epsilon);
  const vec beta1 = splat((real)a->beta1), rest1 = splat((real)(1 - a->beta1));
  const vec beta2 = splat((real)a->beta2), rest2 = splat((real)(1 - a->beta2));
  const vec correction1 = splat((real)a->first_correction), correction2 = splat((real)a->second_correction);
  const vec decay = splat((real)a->weight_decay);
  FOR_VECTORS(a->count, {
    const vec g = scale * READ(gradient), p = READ(parameters);
    const vec m = multiply_add(beta1, READ(first), rest1 * g);
    const vec v = multiply_add(beta2, READ(second), rest2 * (g * g));
    const vec direction = m * correction1 / (square_root(v * correction2) + epsilon);
    WRITE(first, m);
    WRITE(second, v);
    WRITE(parameters, multiply_add(-rate, multiply_add(decay, p, direction), p));
  })
}

static void E(sgd)(const minim_sgd *s) {
  real *parameters = s->parameters, *velocity = s->velocity;
  const real *gradient = s->gradient;
  const vec scale = splat((real)s->gradient_scale), rate = splat((real)s->rate);
  const vec momentum = splat((real)s->momentum), decay = splat((real)s->weight_decay);
  FOR_VECTORS(s->count, {
    const vec p = READ(parameters);
    vec u = multiply_add(decay, p, scale * READ(gradient));
    if (velocity) {
      u = multiply_add(momentum, READ(velocity), u);
      WRITE(velocity, u);
    }
    WRITE(parameters, multiply_add(-rate, u, p));
  })
}

/// square[i] += x[i]^2 in double.
INLINE void E(add_squares)(double square[16], const real x[16]) {
  typedef double wide __attribute__((vector_size(VECTOR_BYTES)));
  typedef real narrow __attribute__((vector_size(VECTOR_BYTES / 8 * sizeof(real))));
  UNROLL for (int i = 0; i < 16; i += VECTOR_BYTES / 8) {
    narrow part;
    wide sum;
    memcpy(&part, x + i, sizeof part);
    memcpy(&sum, square + i, sizeof sum);
    const wide value = __builtin_convertvector(part, wide);
#if FUSED
    sum = __builtin_elementwise_fma(value, value, sum);
#else
    sum += value * value;
#endif
    memcpy(square + i, &sum, sizeof sum);
  }
}

/// Elements first ..< first + count of the sum, count <= 16; what is beyond is 0 in `block`.
INLINE void E(weighted_block)(const minim_weighted_sum *w, int64_t first, int64_t count, const int masked,
                              real block[16]) {
  UNROLL for (int v = 0; v < 16 / LANES; v++) {
    const int64_t rest = count - v * LANES;
    const lane_mask mask = first_lanes(rest < 0 ? 0 : rest < LANES ? rest : LANES);
    const int64_t i = first + (rest > 0 ? v * LANES : 0);
    vec sum = splat(0);
    for (int64_t s = 0; s < w->slots; s++) {
      const vec x = E(load_column)((const real *)w->slot[s] + i, masked, mask);
      sum = multiply_add(splat((real)w->weight[s]), x, sum);
    }
    store(block + v * LANES, sum);
  }
}

static void E(weighted_sum)(minim_weighted_sum *w) {
  double square[16] __attribute__((aligned(64))) = {0};
  real block[16] __attribute__((aligned(64)));
  real *y = w->y;
  int64_t i = 0;
  for (; i + 16 <= w->count; i += 16) {
    E(weighted_block)(w, i, 16, 0, block);
    memcpy(y + i, block, sizeof block);
    E(add_squares)(square, block);
  }
  if (i < w->count) {
    E(weighted_block)(w, i, w->count - i, 1, block);
    E(copy_run)(y + i, block, w->count - i);
    E(add_squares)(square, block);
  }
  for (int width = 8; width > 0; width /= 2)
    for (int k = 0; k < width; k++) square[k] += square[k + width];
  w->square = square[0];
}
#undef FOR_VECTORS
#undef READ
#undef WRITE
