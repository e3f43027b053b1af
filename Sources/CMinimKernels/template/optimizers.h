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

static void E(weighted_sum)(minim_weighted_sum *w) {
  real *y = w->y;
  double square[16] __attribute__((aligned(64))) = {0};
  for (int64_t first = 0; first < w->count; first += 16) {
    const int64_t count = w->count - first < 16 ? w->count - first : 16;
    const lane_mask none = first_lanes(0);
    real block[16] __attribute__((aligned(64)));
    UNROLL for (int v = 0; v < 16 / LANES; v++) {
      const int64_t i = first + v * LANES, rest = w->count - i;
      const int masked = rest < LANES;
      const lane_mask mask = rest <= 0 ? none : first_lanes(rest < LANES ? rest : LANES);
      vec sum = splat(0);
      if (masked)
        for (int64_t s = 0; s < w->slots; s++)
          sum = multiply_add(splat((real)w->weight[s]), load_first((const real *)w->slot[s] + (rest > 0 ? i : 0), mask),
                             sum);
      else
        for (int64_t s = 0; s < w->slots; s++)
          sum = multiply_add(splat((real)w->weight[s]), load((const real *)w->slot[s] + i), sum);
      store(block + v * LANES, sum);
      if (masked) {
        if (rest > 0) store_first(y + i, mask, sum);
      } else {
        store(y + i, sum);
      }
    }
    for (int64_t i = 0; i < count; i++) {
      const double value = block[i];
#if FUSED
      square[i] = __builtin_elementwise_fma(value, value, square[i]);
#else
      square[i] += value * value;
#endif
    }
  }
  for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++) square[i] += square[i + width];
  w->square = square[0];
}
#undef FOR_VECTORS
#undef READ
#undef WRITE
