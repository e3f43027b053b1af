// sin and cos of every finite number. Near 0 the multiple of pi/2 is taken off in exact pieces (Cody and Waite); far
// away, lane by lane, by Payne and Hanek's reduction.
#define v_sin E(v_sin)
#define v_cos E(v_cos)
#define angle E(angle)

#if FLOAT32
static const real E(sin_terms)[] = {-0x1.555546p-3f, 0x1.110774p-7f, -0x1.9951eap-13f};  // (sin r - r) / r^3 in r^2
static const real E(cos_terms)[] = {0x1.55554ap-5f, -0x1.6c0c28p-10f, 0x1.99e80cp-16f};  // (cos r - 1 + r^2/2) / r^4
#else
static const real E(sin_terms)[] = {-0x1.5555555555555p-3, 0x1.1111111111069p-7,   -0x1.a01a019ffe523p-13,
                                    0x1.71de3a33a5815p-19, -0x1.ae642c51b7f4ep-26, 0x1.6109bd814d5e8p-33,
                                    -0x1.9ffd82cf26222p-41};
static const real E(cos_terms)[] = {0x1.5555555555555p-5,   -0x1.6c16c16c16b3p-10, 0x1.a01a019ffcb8dp-16,
                                    -0x1.27e4fb5a22b69p-22, 0x1.1eed6f84fde7cp-29, -0x1.93745a5939d25p-37,
                                    0x1.9db2a01420a63p-45};
#endif

/// x = quadrant pi/2 + high + low (modulo whole turns), |high| <= pi/4.
typedef struct {
  vec high, low;
  ivec quadrant;
} angle;

// pi/2 in pieces of 33 bits, the last one rounded: products by n < 2^20 are exact.
#define HALF_PI_1 0x1.921fb544p+0
#define HALF_PI_2 0x1.0b4611a6p-34
#define HALF_PI_3 0x1.3198a2ep-69
#define HALF_PI_4 0x1.b839a252049c1p-104
#define TWO_OVER_PI 0x1.45f306dc9c883p-1

#if FLOAT32
// In double: two pieces leave 37 right bits for the worst float in range.
INLINE angle E(reduce_angle)(vec x) {
  typedef double wide_vec __attribute__((vector_size(2 * VECTOR_BYTES)));
  wide_vec d = __builtin_convertvector(x, wide_vec);
  wide_vec n = (d * TWO_OVER_PI + 0x1.8p52) - 0x1.8p52;
  wide_vec r = (d - n * HALF_PI_1) - n * (HALF_PI_2 + HALF_PI_3);
  angle y = {.high = __builtin_convertvector(r, vec), .low = splat(0)};
  E(round_product)(__builtin_convertvector(n, vec), splat(1), &y.quadrant);
  return y;
}
#else
/// a - b, with the rounding error of it added to `low`.
INLINE vec E(subtract_exactly)(vec a, vec b, vec *low) {
  vec y = a - b, back = y - a;
  *low += (a - (y - back)) - (b + back);
  return y;
}

INLINE angle E(reduce_angle)(vec x) {
  angle y = {.low = splat(0)};
  vec n = E(round_product)(x, splat(TWO_OVER_PI), &y.quadrant);
  vec r = x - n * HALF_PI_1;  // exact: a multiple of 2^-52 below 1
  r = E(subtract_exactly)(r, n * HALF_PI_2, &y.low);
  r = E(subtract_exactly)(r, n * HALF_PI_3, &y.low);
  y.low -= n * HALF_PI_4;
  y.high = r + y.low;
  y.low = y.low - (y.high - r);
  return y;
}
#endif

static __attribute__((noinline)) void E(reduce_far_lanes)(const vec *x, angle *y) {
  for (int i = 0; i < LANES; i++) {
    if (__builtin_fabs((double)(*x)[i]) < 0x1p20) continue;
    double high, low;
    y->quadrant[i] = minim_reduce_large_angle((*x)[i], &high, &low);
    y->high[i] = (real)high;
    y->low[i] = FLOAT32 ? 0 : (real)low;
  }
}

INLINE angle E(angle_of)(vec x) {
  ivec far = ~(absolute(x) < 0x1p20f);
  angle y = E(reduce_angle)(select(far, splat(0), x));
  if (__builtin_expect(__builtin_reduce_or(far) != 0, 0)) {
    vec copy = x;
    E(reduce_far_lanes)(&copy, &y);
  }
  return y;
}

/// sin or cos by quadrant: 0 sin, 1 cos, 2 -sin, 3 -cos.
INLINE vec E(sine_in_quadrant)(vec high, vec low, ivec quadrant) {
  vec z = high * high, half = splat((real)0.5) * z;
  vec sine = high + (multiply_add(z * high, polynomial(z, TERMS(sin_terms)), low * (1 - half)));
  vec main = 1 - half;
  vec cosine = main + (((1 - main) - half) + multiply_add(z * z, polynomial(z, TERMS(cos_terms)), -(high * low)));
  vec y = select((quadrant & 1) == 0, sine, cosine);
  return (vec)((ivec)y ^ ((quadrant & 2) << (sizeof(real) * 8 - 2)));
}

INLINE vec v_sin(vec x) {
  angle a = E(angle_of)(x);
  return select(x == 0, x, E(sine_in_quadrant)(a.high, a.low, a.quadrant));
}

INLINE vec v_cos(vec x) {
  angle a = E(angle_of)(x);
  return E(sine_in_quadrant)(a.high, a.low, a.quadrant + 1);
}

/// sin and cos of 2 pi u for u in [0, 1]: the quadrant and the rest of 4 u are exact.
INLINE void E(sine_cosine_of_turns)(vec u, vec *sine, vec *cosine) {
  ivec quadrant;
  vec n = E(round_product)(u, splat(4), &quadrant);
  vec r = (u * 4 - n) * splat((real)0x1.921fb54442d18p+0);
  *sine = E(sine_in_quadrant)(r, splat(0), quadrant);
  *cosine = E(sine_in_quadrant)(r, splat(0), quadrant + 1);
}
