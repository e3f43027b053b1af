// Products with one to four columns: the lanes are rows of C, up to four vectors of them at once.
enum { E(ROW_VECTORS) = 4, E(K_CHUNK) = 64 };

/// `rows` elements of a column of C, which lie a row apart, as lanes.
INLINE vec E(load_lanes)(const real *p, int64_t stride, int64_t rows) {
  if (stride == 1 && rows == LANES) return load(p);
  real lane[LANES] = {0};
  for (int64_t r = 0; r < rows; r++) lane[r] = p[r * stride];
  return load(lane);
}

INLINE void E(store_lanes)(real *p, int64_t stride, int64_t rows, vec x) {
  if (stride == 1 && rows == LANES) {
    store(p, x);
    return;
  }
  real lane[LANES];
  store(lane, x);
  if (rows == LANES) UNROLL for (int r = 0; r < LANES; r++) p[r * stride] = lane[r];
  else for (int64_t r = 0; r < rows; r++) p[r * stride] = lane[r];
}

/// The epilogue of `rows` elements of column j.
INLINE void E(store_column)(const minim_gemm *g, int64_t offset, int64_t j, int64_t rows, vec x) {
#define BIAS(base) splat(((const real *)(base))[j])
#define READ(base) E(load_lanes)((const real *)(base) + offset + j, g->c_row, rows)
#define ONCE
  EPILOGUE(g, ONCE, x, BIAS, READ)
#undef ONCE
#undef BIAS
#undef READ
  E(store_lanes)((real *)g->c + offset + j, g->c_row, rows, x);
}

/// The epilogue of `rows` rows. Whole vectors of two or four columns that lie side by side are stored so.
INLINE void E(store_columns)(const minim_gemm *g, int64_t offset, int64_t rows, const int n, vec *sum) {
  const int plain = !g->residual && !g->relu && !g->gate && !g->tanh && !g->addend && !g->silu;
  if ((n == 2 || n == 4) && rows == LANES && g->c_row == n && plain) {
    if (g->bias) UNROLL for (int j = 0; j < n; j++) sum[j] += splat(((const real *)g->bias)[j]);
    real *c = (real *)g->c + offset;
    const int half = n / 2;
    UNROLL for (int j = 0; j < half; j++) {
      const vec low = E(interleave_low)(sum[j], sum[j + half]), high = E(interleave_high)(sum[j], sum[j + half]);
      sum[j] = low, sum[j + half] = high;
    }
    // Of four columns there are now 0 2 0 2 ... and 1 3 1 3 ..., first the low rows and then the high ones.
    UNROLL for (int j = 0; j < half; j++) {
      const vec even = n == 2 ? sum[0] : sum[j * half], odd = n == 2 ? sum[1] : sum[j * half + 1];
      store(c + 2 * j * LANES, n == 2 ? even : E(interleave_low)(even, odd));
      store(c + (2 * j + 1) * LANES, n == 2 ? odd : E(interleave_high)(even, odd));
    }
    return;
  }
  UNROLL for (int j = 0; j < n; j++) E(store_column)(g, offset, j, rows, sum[j]);
}

#define FOR_SUMS UNROLL for (int v = 0; v < vectors; v++) UNROLL for (int j = 0; j < n; j++)

/// `vectors` vectors of rows from row i on, and n columns: all sums stay in registers. Contiguous rows of A are read across.
INLINE void E(gemm_rows)(const minim_gemm *g, int64_t group, int64_t i, const int vectors, const int n, const int across) {
  const int64_t offset = g->c_offset[group] + i * g->c_row, a_row = g->a_row, a_column = g->a_column, b_row = g->b_row;
  vec sum[E(ROW_VECTORS)][E(NARROW)];
  FOR_SUMS sum[v][j] = splat(0);
  for (int64_t s = g->segment_start[group]; s < g->segment_start[group + 1]; s++) {
    const real *a = (const real *)g->a + g->a_offset[s] + i * a_row;
    const real *b = (const real *)g->b + g->b_offset[s];
    int64_t p = 0;
    if (across)
      for (; p + E(SIDE) <= g->k; p += E(SIDE), a += E(SIDE), b += E(SIDE) * b_row)
        UNROLL for (int v = 0; v < vectors; v++) {
          vec column[E(SIDE)];
          E(load_columns)(a + v * LANES * a_row, a_row, column);
          UNROLL for (int q = 0; q < E(SIDE); q++)
            UNROLL for (int j = 0; j < n; j++) sum[v][j] = multiply_add(column[q], splat(b[q * b_row + j]), sum[v][j]);
        }
    for (; p < g->k; p++, a += a_column, b += b_row)
      FOR_SUMS {
        const vec column = E(load_lanes)(a + v * LANES * a_row, across ? a_row : 1, LANES);
        sum[v][j] = multiply_add(column, splat(b[j]), sum[v][j]);
      }
  }
  UNROLL for (int v = 0; v < vectors; v++) E(store_columns)(g, offset + v * LANES * g->c_row, LANES, n, sum[v]);
}

/// Columns 0 ..< count of less than a vector of rows, as column[p][row]; rows that do not exist repeat the first.
INLINE void E(pack_columns)(const minim_gemm *g, const real *a, int64_t rows, int64_t count, real column[][LANES]) {
  if (g->a_row == 1) {
    const lane_mask mask = first_lanes(rows);
    for (int64_t p = 0; p < count; p++) store(column[p], load_first(a + p * g->a_column, mask));
    return;
  }
  real row[LANES][E(K_CHUNK)];
  for (int64_t r = 0; r < LANES; r++) E(copy_run)(row[r], a + (r < rows ? r : 0) * g->a_row, count);
  for (int64_t p = 0; p < count; p += E(SIDE)) {
    vec part[E(SIDE)];
    E(load_columns)(row[0] + p, E(K_CHUNK), part);
    UNROLL for (int q = 0; q < E(SIDE); q++) store(column[p + q], part[q]);
  }
}

/// The last rows, less than a vector of them, and n columns.
INLINE void E(gemm_last_rows)(const minim_gemm *g, int64_t group, int64_t i, int64_t rows, const int n) {
  const int64_t offset = g->c_offset[group] + i * g->c_row;
  const int vectors = 1;
  vec sum[1][E(NARROW)];
  FOR_SUMS sum[v][j] = splat(0);
  real column[E(K_CHUNK)][LANES];
  for (int64_t s = g->segment_start[group]; s < g->segment_start[group + 1]; s++) {
    const real *a = (const real *)g->a + g->a_offset[s] + i * g->a_row;
    const real *b = (const real *)g->b + g->b_offset[s];
    if (rows == 1) {  // nothing to pack
      for (int64_t p = 0; p < g->k; p++, a += g->a_column, b += g->b_row)
        FOR_SUMS sum[v][j] = multiply_add(splat(*a), splat(b[j]), sum[v][j]);
      continue;
    }
    for (int64_t p = 0; p < g->k; p += E(K_CHUNK)) {
      const int64_t count = g->k - p < E(K_CHUNK) ? g->k - p : E(K_CHUNK);
      E(pack_columns)(g, a + p * g->a_column, rows, count, column);
      for (int64_t q = 0; q < count; q++, b += g->b_row)
        FOR_SUMS sum[v][j] = multiply_add(load(column[q]), splat(b[j]), sum[v][j]);
    }
  }
  E(store_columns)(g, offset, rows, n, sum[0]);
}
#undef FOR_SUMS

/// All rows, in n columns.
INLINE void E(gemm_columns)(const minim_gemm *g, int64_t group, const int n) {
  int64_t i = 0;
  if (g->a_row == 1) {
    for (; i + 4 * LANES <= g->m; i += 4 * LANES) E(gemm_rows)(g, group, i, 4, n, 0);
    for (; i + 2 * LANES <= g->m; i += 2 * LANES) E(gemm_rows)(g, group, i, 2, n, 0);
    for (; i + LANES <= g->m; i += LANES) E(gemm_rows)(g, group, i, 1, n, 0);
  } else {
    for (; i + 2 * LANES <= g->m; i += 2 * LANES) E(gemm_rows)(g, group, i, 2, n, 1);
    for (; i + LANES <= g->m; i += LANES) E(gemm_rows)(g, group, i, 1, n, 1);
  }
  if (i < g->m) E(gemm_last_rows)(g, group, i, g->m - i, n);
}

static void E(gemm_narrow)(const minim_gemm *g, int64_t group) {
  switch (g->n) {
    case 1: E(gemm_columns)(g, group, 1); break;
    case 2: E(gemm_columns)(g, group, 2); break;
    case 3: E(gemm_columns)(g, group, 3); break;
    case 4: E(gemm_columns)(g, group, 4); break;
  }
}
