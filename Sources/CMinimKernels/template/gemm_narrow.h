// Products with one to four columns: the lanes are rows of C. Rows of A that are contiguous are transposed in registers.

/// The epilogue of `rows` elements of column j, whose lanes lie a row of C apart.
INLINE void E(store_column)(const minim_gemm *g, int64_t offset, int64_t j, int64_t rows, vec x) {
  real lane[LANES];
  store(lane, x);
  for (int64_t r = 0; r < rows; r++) {
    const int64_t at = offset + r * g->c_row + j;
    real y = lane[r];
    if (g->bias) y += ((const real *)g->bias)[j];
    if (g->residual) y += ((const real *)g->residual)[at];
    if (g->relu && y <= 0) y = 0;
    if (g->gate && !(((const real *)g->gate)[at] > 0)) y = 0;
    ((real *)g->c)[at] = y;
  }
}

INLINE void E(gemm_columns)(const minim_gemm *g, int64_t group, const int n) {
  const int64_t a_row = g->a_row, b_row = g->b_row;
  for (int64_t i = 0; i < g->m; i += LANES) {
    const int64_t rows = g->m - i < LANES ? g->m - i : LANES;
    const lane_mask row_mask = first_lanes(rows);
    const int64_t offset = g->c_offset[group] + i * g->c_row;
    vec sum[4] = {{0}};
    if (g->accumulate)
      for (int j = 0; j < n; j++)
        for (int64_t r = 0; r < rows; r++) sum[j][r] = ((real *)g->c)[offset + r * g->c_row + j];

    for (int64_t s = g->segment_start[group]; s < g->segment_start[group + 1]; s++) {
      const real *a = (const real *)g->a + g->a_offset[s] + i * a_row;
      const real *b = (const real *)g->b + g->b_offset[s];
      if (a_row == 1) {
        for (int64_t p = 0; p < g->k; p++) {
          const real *column = a + p * g->a_column;
          vec left = rows == LANES ? load(column) : load_first(column, row_mask);
          UNROLL for (int j = 0; j < n; j++) sum[j] = multiply_add(left, splat(b[p * b_row + j]), sum[j]);
        }
        continue;
      }
      for (int64_t first = 0; first < g->k; first += LANES) {
        const int64_t count = g->k - first < LANES ? g->k - first : LANES;
        const lane_mask mask = first_lanes(count);
        vec block[LANES];
        for (int r = 0; r < LANES; r++) {
          const real *row = a + r * a_row + first;
          block[r] = r >= rows ? splat(0) : count == LANES ? load(row) : load_first(row, mask);
        }
        transpose(block);
        for (int64_t p = 0; p < count; p++)
          UNROLL for (int j = 0; j < n; j++)
            sum[j] = multiply_add(block[p], splat(b[(first + p) * b_row + j]), sum[j]);
      }
    }
    UNROLL for (int j = 0; j < n; j++) E(store_column)(g, offset, j, rows, sum[j]);
  }
}

static void E(gemm_narrow)(const minim_gemm *g, int64_t group) {
  switch (g->n) {
    case 1: E(gemm_columns)(g, group, 1); break;
    case 2: E(gemm_columns)(g, group, 2); break;
    case 3: E(gemm_columns)(g, group, 3); break;
    case 4: E(gemm_columns)(g, group, 4); break;
  }
}
