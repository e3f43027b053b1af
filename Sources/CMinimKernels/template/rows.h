// Kernels over the rows of a matrix: gather, scatter-add, the mask of the first maximum.

/// The row that `value` names, or -1.
INLINE int64_t E(row_index)(real value, int64_t rows) {
  if (!(value >= 0 && value < (real)rows)) return -1;
  const int64_t row = (int64_t)value;
  return (real)row == value ? row : -1;
}

static void E(gather)(const void *call) {
  const minim_gather *g = call;
  const real *src = g->src, *index = g->index;
  real *dst = g->dst;
  for (int64_t i = 0; i < g->rows; i++, dst += g->columns) {
    const int64_t row = E(row_index)(index[i], g->src_rows);
    if (row < 0) E(fill_run)(dst, g->columns, __builtin_nanf(""));
    else E(copy_run)(dst, src + row * g->columns, g->columns);
  }
}

static void E(scatter_add)(const void *call) {
  const minim_scatter_add *s = call;
  const real *src = s->src, *index = s->index;
  const int64_t columns = s->columns;
  E(fill_run)(s->dst, s->dst_rows * columns, 0);
  for (int64_t i = 0; i < s->rows; i++, src += columns) {
    const int64_t row = E(row_index)(index[i], s->dst_rows);
    if (row < 0) continue;
    real *dst = (real *)s->dst + row * columns;
    int64_t j = 0;
    for (; j + LANES <= columns; j += LANES) store(dst + j, load(dst + j) + load(src + j));
    for (; j < columns; j++) dst[j] += src[j];
  }
}

static void E(first_maximum)(const void *call) {
  const minim_first_maximum *f = call;
  const real *x = f->x;
  real *mask = f->mask;
  for (int64_t i = 0; i < f->rows && f->columns > 0; i++, x += f->columns, mask += f->columns) {
    int64_t best = 0;
    for (int64_t j = 1; j < f->columns && x[best] == x[best]; j++)
      if (x[j] > x[best] || x[j] != x[j]) best = j;
    E(fill_run)(mask, f->columns, 0);
    mask[best] = 1;
  }
}
