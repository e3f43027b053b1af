// exp, log and their kin. Argument reductions are Cody and Waite's ("Software Manual for the Elementary Functions",
// 1980); log in Double works on s = f / (2 + f) as in Tang (1990, ACM TOMS 16). The polynomials are fits of our own.
// Double carries a low part where Float need not: 2 units in the last place are promised there, 4 in Float.
#define v_exp E(v_exp)
#define v_log E(v_log)
#define v_log1p E(v_log1p)
#define v_tanh E(v_tanh)
#define v_sigmoid E(v_sigmoid)
#define v_softplus E(v_softplus)
#define v_max0 E(v_max0)
#define exponential E(exponential)
#define polynomial E(polynomial)
#define power_of_two E(power_of_two)

#if FLOAT32
enum { E(MANTISSA) = 23, E(BIAS) = 127 };
static const real E(infinite) = __builtin_inff(), E(log2_e) = 0x1.715476p+0f;
static const real E(ln2_high) = 0x1.62e4p-1f, E(ln2_low) = 0x1.7f7d1cp-20f;   // high n is exact for |n| < 2^9
static const real E(rounder) = 0x1.8p23f;                                     // x + it - it is x rounded to a whole
static const real E(exp_lowest) = -104.5f, E(exp_highest) = 89.0f;            // beyond: exactly 0, infinity
static const real E(tanh_one) = 10.0f;                                        // tanh rounds to 1 from here on
static const integer E(half_root_bits) = 0x3f3504f3;                          // sqrt(1/2)
static const real E(smallest_normal) = 0x1p-126f;
// (exp(r) - 1 - r) / r^2 on |r| <= log(2) / 2, relative error of exp 2^-28
static const real E(exp_terms)[] = {0x1.fffffcp-2f, 0x1.55548ap-3f, 0x1.55584ep-5f, 0x1.123f2ep-7f, 0x1.6ad122p-10f};
// (log(1 + f) - f + f^2 / 2) / f^3 for 1 + f in [sqrt(1/2), sqrt(2)], relative error of log 2^-27
static const real E(log_terms)[] = {0x1.555554p-2f,  -0x1.00022ap-2f, 0x1.99a026p-3f,  -0x1.547162p-3f,
                                    0x1.22d756p-3f, -0x1.0d8c66p-3f, 0x1.05718ep-3f, -0x1.38c1a4p-4f};
#else
enum { E(MANTISSA) = 52, E(BIAS) = 1023 };
static const real E(infinite) = __builtin_inf(), E(log2_e) = 0x1.71547652b82fep+0;
static const real E(ln2_high) = 0x1.62e42fefa2p-1, E(ln2_low) = 0x1.9ef35793c7673p-41;  // exact for |n| < 2^13
static const real E(rounder) = 0x1.8p52;
static const real E(exp_lowest) = -746.0, E(exp_highest) = 710.0;
static const real E(tanh_one) = 22.0;
static const integer E(half_root_bits) = 0x3fe6a09e667f3bcd;
static const real E(smallest_normal) = 0x1p-1022;
// As above, 2^-61.
static const real E(exp_terms)[] = {
    0x1p-1,                 0x1.5555555555557p-3,  0x1.5555555555556p-5,  0x1.111111111009cp-7,
    0x1.6c16c16c162bp-10,   0x1.a01a01ac0a9eep-13, 0x1.a01a01a6ec522p-16, 0x1.71de01c3fc936p-19,
    0x1.27e4db25ce3adp-22,  0x1.af4ecd2129492p-26, 0x1.1f7385560be05p-29};
// (2 atanh(s) / s - 2) / s^2 in s^2, s = f / (2 + f), relative error of log 2^-66
static const real E(log_terms)[] = {
    0x1.5555555555555p-1, 0x1.9999999999d16p-2, 0x1.2492492438e47p-2, 0x1.c71c724c46a0ep-3,
    0x1.745ce179dc58cp-3, 0x1.3b20331f6318bp-3, 0x1.0f65e6855bfa3p-3, 0x1.0f1ad1a3864e8p-3};
#endif
#define TERMS(table) (int)(sizeof(E(table)) / sizeof(real)), E(table)

/// c[0] + c[1] x + c[2] x^2 + ..., by pairs (Estrin 1960): latency, not throughput, limits these functions.
INLINE vec polynomial(vec x, int terms, const real *c) {
  vec t[12];
  UNROLL for (int i = 0; i < terms; i++) t[i] = splat(c[i]);
  UNROLL for (int level = 0, n = terms; level < 4; level++, n = (n + 1) / 2, x *= x) {
    UNROLL for (int i = 0; i < n / 2; i++) t[i] = multiply_add(t[2 * i + 1], x, t[2 * i]);
    if (n % 2 == 1) t[n / 2] = t[n - 1];
  }
  return t[0];
}

/// x y to the nearest whole number, as a number and as an integer; |x y| < 2^21 (Float), 2^50 (Double).
INLINE vec E(round_product)(vec x, vec y, ivec *whole) {
  vec shifted = multiply_add(x, y, splat(E(rounder)));
  *whole = (ivec)shifted - (ivec)splat(E(rounder));
  return shifted - splat(E(rounder));
}

/// A small integer as a number.
INLINE vec E(to_real)(ivec n) { return (vec)((ivec)splat(E(rounder)) + n) - splat(E(rounder)); }

INLINE vec power_of_two(ivec n) { return (vec)((n + E(BIAS)) << E(MANTISSA)); }

#if !HAS_SCALING
/// x 2^n rounded once, so that results may be denormal; |n| < 4096, x near 1. `whole` is n as a number.
INLINE vec scaled(vec x, vec whole, ivec n) {
  (void)whole;
  ivec half = (ivec)((uvec)(n + 4096) >> 1) - 2048;
  return x * power_of_two(half) * power_of_two(n - half);
}
#endif

/// exp(x) = 2^n (1 + sum + low) with |sum| < 0.42, for exp_lowest <= x <= exp_highest. Float does without `low`.
typedef struct {
  vec sum, low, whole;
  ivec n;
} exponential;

INLINE exponential E(exp_parts)(vec x) {
  exponential e;
  e.whole = E(round_product)(x, splat(E(log2_e)), &e.n);
  vec first = multiply_add(e.whole, splat(-E(ln2_high)), x);  // exact
  vec r = multiply_add(e.whole, splat(-E(ln2_low)), first);
  vec terms = polynomial(r, TERMS(exp_terms));
#if FLOAT32
  e.sum = multiply_add(r * r, terms, r);
#else
  vec rest = r * r * terms, lost = multiply_add(e.whole, splat(-E(ln2_low)), first - r);
  e.sum = r + rest;
  e.low = (rest - (e.sum - r)) + lost;
#endif
  return e;
}

/// NaN stays: both comparisons are false.
INLINE vec E(clamp_exponent)(vec x) {
  vec y = select(x > splat(E(exp_highest)), splat(E(exp_highest)), x);
  return select(y < splat(E(exp_lowest)), splat(E(exp_lowest)), y);
}

INLINE vec v_exp(vec x) {
  exponential e = E(exp_parts)(E(clamp_exponent)(x));
  if (!FLOAT32) e.sum += e.low;
  return scaled(1 + e.sum, e.whole, e.n);
}

/// exp(-|x|) as a number and, in Double, what it lacks.
INLINE vec E(exp_of_minus_magnitude)(vec x, vec *low) {
  exponential e = E(exp_parts)(E(clamp_exponent)(-absolute(x)));
  vec high = 1 + e.sum;
  if (!FLOAT32) *low = scaled((e.sum - (high - 1)) + e.low, e.whole, e.n);
  return scaled(high, e.whole, e.n);
}

/// 2^k (1 + f) = u with 1 + f in [sqrt(1/2), sqrt(2)); u is positive and normal. Returns 1 + f.
INLINE vec E(split_exponent)(vec u, ivec *k) {
  const integer sign = (integer)((E(unsigned_integer))1 << (sizeof(real) * 8 - 1));
  uvec b = (uvec)((ivec)u - isplat(E(half_root_bits))) + (uvec)isplat(sign);
  *k = (ivec)(b >> E(MANTISSA)) - (1 << (sizeof(real) * 8 - 1 - E(MANTISSA)));
  return (vec)((ivec)u - (*k << E(MANTISSA)));
}

/// k log(2) + log(1 + f) + low
INLINE vec E(log_of_parts)(vec k, vec f, vec low) {
  low = multiply_add(k, splat(E(ln2_low)), low);
#if FLOAT32
  vec square = f * f;
  vec tail = multiply_add(square * f, polynomial(f, TERMS(log_terms)), low);
  vec rest = multiply_add(square, splat(0.5f), -tail) - f;
#else
  vec s = f / (2 + f), z = s * s, half = 0.5 * f * f;
  vec tail = multiply_add(s, half + z * polynomial(z, TERMS(log_terms)), low);
  vec rest = (half - tail) - f;
#endif
  return multiply_add(k, splat(E(ln2_high)), -rest);  // the product is exact
}

INLINE vec v_log(vec x) {
  ivec small = x < splat(E(smallest_normal)), k;
  vec u = select(small, x * splat((real)(1ll << E(MANTISSA))), x);
  vec f = E(split_exponent)(u, &k) - 1;
  k -= small & E(MANTISSA);
  vec y = E(log_of_parts)(E(to_real)(k), f, splat(0));
  y = select(x == splat(E(infinite)), x, y);
  return select(x > 0, y, select(x == 0, splat(-E(infinite)), splat(__builtin_nanf(""))));
}

/// log(1 + x + low) for x >= -1, |low| below the last place of x. The rounding error of u = 1 + x is corrected by its
/// quotient by u, for which (1 - f + f^2) 2^-k will do; near 1 there is no error, for f is x itself.
INLINE vec E(log1p_core)(vec x, vec low, const int at_most_one) {
  ivec k;
  vec u = 1 + x;
  vec lost = x - (u - 1);
  if (!at_most_one) lost = select(x >= 1, 1 - (u - x), lost);
  vec f = E(split_exponent)(u, &k) - 1;
  ivec near = k == 0;
  f = select(near, x, f);
  lost = (vec)(~near & (ivec)lost);
  if (!FLOAT32) lost += low;
  ivec down = at_most_one ? k : select_integer(k > 64, isplat(64), k);  // beyond, nothing is lost that would show
  return E(log_of_parts)(E(to_real)(k), f, lost * power_of_two(-down) * multiply_add(f, f, 1 - f));
}

INLINE vec v_log1p(vec x) {
  vec y = E(log1p_core)(x, splat(0), 0);
  y = select((x == splat(E(infinite))) | (x == 0), x, y);
  return select(x > -1, y, select(x == -1, splat(-E(infinite)), splat(__builtin_nanf(""))));
}

/// max(0, x), keeping NaN.
INLINE vec v_max0(vec x) { return select(x <= 0, splat(0), x); }

/// log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|))
INLINE vec v_softplus(vec x) {
  vec low = splat(0), e = E(exp_of_minus_magnitude)(x, &low);
  return v_max0(x) + E(log1p_core)(e, low, 1);
}

/// 1 / (1 + e) or e / (1 + e), e = exp(-|x|).
INLINE vec v_sigmoid(vec x) {
  vec low = splat(0), e = E(exp_of_minus_magnitude)(x, &low);
  ivec negative = x < 0;
  vec top = select(negative, e, splat(1)), bottom = 1 + e;
  vec y = top / bottom;
#if !FLOAT32
  y += ((vec)(negative & (ivec)low) - y * ((e - (bottom - 1)) + low)) / bottom;
#endif
  return y;
}

/// exp(-2 a) - 1 for 0 <= a <= tanh_one, and in Double what it lacks. 2^n - 1 is exact, which keeps the relative accuracy.
INLINE vec E(exp_minus_one)(vec a, vec *low) {
#if FLOAT32
  // n <= 0: what one constant for log(2) costs 2^n makes small. The low bits of the shifted number are those of n.
  // s is r / -2, which saves a product: powers of two change no rounding.
  vec shifted = multiply_add(a, splat(-2 * E(log2_e)), splat(E(rounder)));
  vec s = multiply_add(shifted - splat(E(rounder)), splat((E(ln2_high) + E(ln2_low)) / 2), a), square = s * s;
  const real *c = E(exp_terms);
  vec upper = multiply_add(splat(-32 * c[4]), square, multiply_add(splat(16 * c[3]), s, splat(-8 * c[2])));
  vec terms = multiply_add(upper, square, multiply_add(splat(4 * c[1]), s, splat(-2 * c[0])));
  uvec exponent = (uvec)shifted << E(MANTISSA);
  vec scale = (vec)(exponent + (uvec)splat(1)), minus_twice = (vec)(exponent + (uvec)splat(-2));
  (void)low;
  return multiply_add(minus_twice, multiply_add(square, terms, s), scale - 1);
#else
  exponential e = E(exp_parts)(a * -2);
  vec scale = power_of_two(e.n), base = scale - 1, part = scale * e.sum, t = base + part;
  *low = (part - (t - base)) + scale * e.low;
  return t;
#endif
}

/// tanh |x| = -t / (2 + t) with t = exp(-2 |x|) - 1.
INLINE vec v_tanh(vec x) {
  vec low = splat(0), t = E(exp_minus_one)(at_most(absolute(x), splat(E(tanh_one))), &low), bottom = 2 + t;
  vec y = t / bottom;
  if (!FLOAT32) y += (low - y * ((t - (bottom - 2)) + low)) / bottom;
  const ivec sign = (ivec)splat(-0.0f);
  return (vec)(((ivec)y & ~sign) | ((ivec)x & sign));
}
