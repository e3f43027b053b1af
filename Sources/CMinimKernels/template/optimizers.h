// Steps over the flat parameter vector, and weighted sums of gradient slots.

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
// To parameters that other cores have read and will read again: past the caches. A store would wait, line by line, until they
// have given their copies up, which takes longer than the arithmetic.
#define PUBLISH(p, x) if (streams && !masked) stream((p) + i, x); else WRITE(p, x)

static void E(adam)(const minim_adam *a) {
  real *parameters = a->parameters, *first = a->first_moment, *second = a->second_moment;
  const real *gradient = a->gradient;
  const vec scale = splat((real)a->gradient_scale), rate = splat((real)a->rate), epsilon = splat((real)a->epsilon);
  const vec beta1 = splat((real)a->beta1), rest1 = splat((real)(1 - a->beta1));
  const vec beta2 = splat((real)a->beta2), rest2 = splat((real)(1 - a->beta2));
  const vec correction1 = splat((real)a->first_correction), correction2 = splat((real)a->second_correction);
  const vec decay = splat((real)a->weight_decay);
  const int streams = a->shared && is_aligned(parameters);
  FOR_VECTORS(a->count, {
    const vec g = scale * READ(gradient), p = READ(parameters);
    const vec m = multiply_add(beta1, READ(first), rest1 * g);
    const vec v = multiply_add(beta2, READ(second), rest2 * (g * g));
    const vec direction = m * correction1 / (square_root(v * correction2) + epsilon);
    WRITE(first, m);
    WRITE(second, v);
    PUBLISH(parameters, multiply_add(-rate, multiply_add(decay, p, direction), p));
  })
  if (streams) end_streams();
}

static void E(sgd)(const minim_sgd *s) {
  real *parameters = s->parameters, *velocity = s->velocity;
  const real *gradient = s->gradient;
  const vec scale = splat((real)s->gradient_scale), rate = splat((real)s->rate);
  const vec momentum = splat((real)s->momentum), decay = splat((real)s->weight_decay);
  const int nesterov = s->nesterov != 0, streams = s->shared && is_aligned(parameters);
  FOR_VECTORS(s->count, {
    const vec p = READ(parameters);
    const vec g = multiply_add(decay, p, scale * READ(gradient));
    vec u = g;
    if (velocity) {
      u = multiply_add(momentum, READ(velocity), g);
      WRITE(velocity, u);
      if (nesterov) u = multiply_add(momentum, u, g);
    }
    PUBLISH(parameters, multiply_add(-rate, u, p));
  })
  if (streams) end_streams();
}

static void E(average)(const minim_average *a) {
  real *average = a->average;
  const real *values = a->values;
  const vec weight = splat((real)a->weight);
  FOR_VECTORS(a->count, {
    const vec mean = READ(average);
    WRITE(average, multiply_add(weight, READ(values) - mean, mean));
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
#if IS_FUSED
    sum = __builtin_elementwise_fma(value, value, sum);
#else
    sum += value * value;
#endif
    memcpy(square + i, &sum, sizeof sum);
  }
}

INLINE void E(weigh)(real *y, const real *a, vec a_weight, const real *b, vec b_weight, int64_t count) {
  if (b) FOR_VECTORS(count, WRITE(y, multiply_add(b_weight, READ(b), a_weight * READ(a)));)
  else FOR_VECTORS(count, WRITE(y, a_weight * READ(a));)
}

static void E(weighted_sum)(minim_weighted_sum *w) {
  real *y = w->y;
  const real *a = w->a, *b = w->b;
  const vec a_weight = splat((real)w->a_weight), b_weight = splat((real)w->b_weight);
  if (!w->squares) {
    E(weigh)(y, a, a_weight, b, b_weight, w->count);
    return;
  }
  // One loop, so that squares are added up while the next elements come from another core.
  double square[16] __attribute__((aligned(64))) = {0};
  int64_t j = 0;
  for (; j + 16 <= w->count; j += 16) {
    real sum[16];  // read back from y, halves of a vector would wait until it is written
    E(weigh)(sum, a + j, a_weight, b ? b + j : 0, b_weight, 16);
    E(add_squares)(square, sum);
    UNROLL for (int v = 0; v < 16; v += LANES) store(y + j + v, load(sum + v));
  }
  if (j < w->count) {
    real rest[16] = {0};
    E(weigh)(y + j, a + j, a_weight, b ? b + j : 0, b_weight, w->count - j);
    E(copy_run)(rest, y + j, w->count - j);
    E(add_squares)(square, rest);
  }
  for (int width = 8; width > 0; width /= 2)
    for (int k = 0; k < width; k++) square[k] += square[k + width];
  w->square = square[0];
}
#undef FOR_VECTORS
#undef READ
#undef WRITE
#undef PUBLISH
