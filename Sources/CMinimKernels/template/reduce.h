// Sums and maxima over axes, in an order that the shape alone fixes.
#define sixteen E(sixteen)
#define sixteen_tree E(sixteen_tree)

enum { E(PARTS) = 16 / LANES };

/// Sixteen running values, whatever the width of a vector.
typedef struct {
  vec part[E(PARTS)];
} sixteen;

/// max(a, b), keeping NaN of either.
INLINE vec E(max_of)(vec a, vec b) { return select((a >= b) | (a != a), a, b); }
INLINE real E(max_of_two)(real a, real b) { return a >= b || a != a ? a : b; }

INLINE vec E(combine)(vec a, vec b, int max) { return max ? E(max_of)(a, b) : a + b; }
INLINE real E(combine_two)(real a, real b, int max) { return max ? E(max_of_two)(a, b) : a + b; }
INLINE real E(empty_value)(int max) { return max ? -E(infinite) : 0; }

/// Lane i with lane i + 8, then + 4, + 2, + 1.
INLINE real sixteen_tree(sixteen x, int max) {
  real lane[16];
  UNROLL for (int v = 0; v < E(PARTS); v++) store(lane + v * LANES, x.part[v]);
  UNROLL for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++) lane[i] = E(combine_two)(lane[i], lane[i + width], max);
  return lane[0];
}

/// Continues the sixteen running values over one contiguous run: element p goes to value p % 16.
INLINE void E(reduce_run)(sixteen *sum, const real *x, int64_t count, int max) {
  int64_t p = 0;
  for (; p + 16 <= count; p += 16)
    UNROLL for (int v = 0; v < E(PARTS); v++)
      sum->part[v] = E(combine)(sum->part[v], load(x + p + v * LANES), max);
  UNROLL for (int v = 0; v < E(PARTS); v++) {
    const int64_t rest = count - p - v * LANES;
    if (rest <= 0) break;
    const lane_mask mask = first_lanes(rest < LANES ? rest : LANES);
    vec value = load_first(x + p + v * LANES, mask);
    if (max) {
      real lane[LANES];
      store(lane, value);
      for (int64_t i = rest; i < LANES; i++) lane[i] = -E(infinite);
      value = load(lane);
    }
    sum->part[v] = E(combine)(sum->part[v], value, max);
  }
}

/// Steps an index vector over `extent`, the last axis fastest; returns 0 after the last one.
INLINE int E(advance)(int64_t *index, int64_t *offset, int32_t rank, const int64_t *extent, const int64_t *stride) {
  for (int32_t axis = rank - 1; axis >= 0; axis--) {
    *offset += stride[axis];
    if (++index[axis] < extent[axis]) return 1;
    *offset -= stride[axis] * extent[axis];
    index[axis] = 0;
  }
  return 0;
}

/// One output whose innermost reduced axis is contiguous.
static real E(reduce_contiguous)(const minim_reduce *r, const real *x, int max) {
  const int32_t outer = r->reduced - 1;
  int64_t index[MINIM_MAX_RANK] = {0}, offset = 0;
  sixteen sum;
  for (int v = 0; v < E(PARTS); v++) sum.part[v] = splat(E(empty_value)(max));
  do E(reduce_run)(&sum, x + offset, r->reduced_extent[outer], max);
  while (E(advance)(index, &offset, outer, r->reduced_extent, r->reduced_stride));
  return sixteen_tree(sum, max);
}

/// One output by one running value.
static real E(reduce_strided)(const minim_reduce *r, const real *x, int max) {
  int64_t index[MINIM_MAX_RANK] = {0}, offset = 0;
  real sum = E(empty_value)(max);
  do sum = E(combine_two)(sum, x[offset], max);
  while (E(advance)(index, &offset, r->reduced, r->reduced_extent, r->reduced_stride));
  return sum;
}

/// Outputs j ..< j + count of a contiguous innermost kept axis, one running value each, `vectors` vectors at once.
INLINE void E(reduce_columns)(const minim_reduce *r, const real *x, real *y, int max, const int vectors,
                              const int masked, lane_mask mask) {
  int64_t index[MINIM_MAX_RANK] = {0}, offset = 0;
  vec sum[4];
  const int32_t outer = r->reduced - 1;
  const int64_t inner = r->reduced_extent[outer], stride = r->reduced_stride[outer];
  UNROLL for (int v = 0; v < vectors; v++) sum[v] = splat(E(empty_value)(max));
  do {
    const real *row = x + offset;
    for (int64_t p = 0; p < inner; p++, row += stride)
      UNROLL for (int v = 0; v < vectors; v++)
        sum[v] = E(combine)(sum[v], masked ? load_first(row + v * LANES, mask) : load(row + v * LANES), max);
  } while (E(advance)(index, &offset, outer, r->reduced_extent, r->reduced_stride));
  UNROLL for (int v = 0; v < vectors; v++) {
    vec value = sum[v] * (real)r->scale;
    if (masked) store_first(y, mask, value);
    else store(y + v * LANES, value);
  }
}

INLINE void E(reduce_all)(const minim_reduce *r, int max) {
  const real *x = r->x;
  real *y = r->y;
  int64_t outputs = 1, elements = 1;
  for (int32_t i = 0; i < r->kept; i++) outputs *= r->kept_extent[i];
  for (int32_t i = 0; i < r->reduced; i++) elements *= r->reduced_extent[i];
  if (outputs == 0) return;
  if (elements == 0) {
    for (int64_t i = 0; i < outputs; i++) y[i] = E(empty_value)(max) * (real)r->scale;
    return;
  }
  const int contiguous = r->reduced > 0 && r->reduced_stride[r->reduced - 1] == 1;
  const int columns = !contiguous && r->reduced > 0 && r->kept > 0 && r->kept_stride[r->kept - 1] == 1;
  const int32_t outer = columns ? r->kept - 1 : r->kept;
  const int64_t inner = columns ? r->kept_extent[outer] : 1;
  int64_t index[MINIM_MAX_RANK] = {0}, offset = 0;
  do {
    if (columns) {
      const lane_mask all = first_lanes(LANES);
      int64_t j = 0;
      for (; j + 4 * LANES <= inner; j += 4 * LANES) E(reduce_columns)(r, x + offset + j, y + j, max, 4, 0, all);
      for (; j + 2 * LANES <= inner; j += 2 * LANES) E(reduce_columns)(r, x + offset + j, y + j, max, 2, 0, all);
      for (; j + LANES <= inner; j += LANES) E(reduce_columns)(r, x + offset + j, y + j, max, 1, 0, all);
      if (j < inner) E(reduce_columns)(r, x + offset + j, y + j, max, 1, 1, first_lanes(inner - j));
    } else {
      *y = (contiguous ? E(reduce_contiguous)(r, x + offset, max) : E(reduce_strided)(r, x + offset, max)) *
           (real)r->scale;
    }
    y += inner;
  } while (E(advance)(index, &offset, outer, r->kept_extent, r->kept_stride));
}

static void E(reduce)(const void *call) {
  const minim_reduce *r = call;
  if (r->reduction == MINIM_MAX) E(reduce_all)(r, 1);
  else E(reduce_all)(r, 0);
}
