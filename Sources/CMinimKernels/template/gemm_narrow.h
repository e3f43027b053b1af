// Products with one to four columns: the lanes are rows of C, up to four vectors of them at once. Rows of A that are
// contiguous are first transposed, in chunks of k that stay in L1.
enum { E(ROW_VECTORS) = 4, E(ROW_BLOCK) = 4 * LANES, E(K_CHUNK) = 64 };

/// The epilogue of `rows` elements of column j, whose lanes lie a row of C apart.
static void E(store_column)(const minim_gemm *g, int64_t offset, int64_t j, int64_t rows, vec x) {
  real *c = (real *)g->c + offset;
  const real *residual = g->residual ? (const real *)g->residual + offset : 0;
  const real *gate = g->gate ? (const real *)g->gate + offset : 0;
  const real *addend = g->addend ? (const real *)g->addend + offset : 0;
  if (g->bias) x += splat(((const real *)g->bias)[j]);
  if (g->c_row == 1 && rows == LANES) {  // a column vector
    if (residual) x += load(residual);
    if (g->relu) x = v_max0(x);
    if (gate) x = (vec)((ivec)x & (load(gate) > 0));
    if (addend) x += load(addend);
    store(c, x);
    return;
  }
  real lane[LANES];
  store(lane, x);
  for (int64_t r = 0; r < rows; r++) {
    const int64_t at = r * g->c_row + j;
    real y = lane[r];
    if (residual) y += residual[at];
    if (g->relu && y <= 0) y = 0;
    if (gate && !(gate[at] > 0)) y = 0;
    if (addend) y += addend[at];
    c[at] = y;
  }
}

/// Rows 0 ..< rows of A, columns 0 ..< count, as packed[p][row]; rows that do not exist repeat row 0.
static void E(pack_columns)(const real *a, int64_t a_row, int64_t a_column, int64_t rows, int64_t count, real *packed) {
  for (int64_t i = 0; i < rows; i += LANES) {
    const int64_t height = rows - i < LANES ? rows - i : LANES;
    if (a_row == 1) {
      const lane_mask mask = first_lanes(height);
      for (int64_t p = 0; p < count; p++)
        store(packed + p * E(ROW_BLOCK) + i, load_first(a + i + p * a_column, mask));
      continue;
    }
    for (int64_t p = 0; p < count; p += LANES) {
      const int64_t width = count - p < LANES ? count - p : LANES;
      const lane_mask mask = first_lanes(width);
      vec block[LANES];
      UNROLL for (int r = 0; r < LANES; r++)
        block[r] = E(load_column)(a + (r < height ? i + r : 0) * a_row + p, width < LANES, mask);
      transpose(block);
      UNROLL for (int q = 0; q < LANES; q++) store(packed + (p + q) * E(ROW_BLOCK) + i, block[q]);
    }
  }
}

/// sum[v][j] += A B over `count` columns of A, whose rows lie side by side.
INLINE void E(add_columns)(vec sum[E(ROW_VECTORS)][E(NARROW)], const real *a, int64_t a_column, const real *b,
                           int64_t b_row, int64_t count, const int vectors, const int n) {
  vec x[E(ROW_VECTORS)][E(NARROW)];
#define FOR_SUMS UNROLL for (int v = 0; v < vectors; v++) UNROLL for (int j = 0; j < n; j++)
  FOR_SUMS x[v][j] = sum[v][j];
  for (int64_t p = 0; p < count; p++, a += a_column, b += b_row)
    FOR_SUMS x[v][j] = multiply_add(load(a + v * LANES), splat(b[j]), x[v][j]);
  FOR_SUMS sum[v][j] = x[v][j];
#undef FOR_SUMS
}

/// One block of at most ROW_BLOCK rows in n columns.
INLINE void E(gemm_rows)(const minim_gemm *g, int64_t group, int64_t i, int64_t rows, const int n) {
  const int64_t offset = g->c_offset[group] + i * g->c_row;
  const int vectors = (int)((rows + LANES - 1) / LANES);
  const int direct = g->a_row == 1 && rows % LANES == 0;
  real packed[E(K_CHUNK) * E(ROW_BLOCK)] __attribute__((aligned(64)));
  vec sum[E(ROW_VECTORS)][E(NARROW)] = {{{0}}};
  if (g->accumulate)
    for (int j = 0; j < n; j++)
      for (int64_t r = 0; r < rows; r++) sum[r / LANES][j][r % LANES] = ((real *)g->c)[offset + r * g->c_row + j];

  for (int64_t s = g->segment_start[group]; s < g->segment_start[group + 1]; s++) {
    const real *a = (const real *)g->a + g->a_offset[s] + i * g->a_row;
    const real *b = (const real *)g->b + g->b_offset[s];
    const int64_t chunk = direct ? g->k : E(K_CHUNK);
    for (int64_t p = 0; p < g->k; p += chunk) {
      const int64_t count = g->k - p < chunk ? g->k - p : chunk;
      const real *columns = a + p * g->a_column;
      if (!direct) {
        E(pack_columns)(columns, g->a_row, g->a_column, rows, count, packed);
        columns = packed;
      }
      const int64_t step = direct ? g->a_column : E(ROW_BLOCK);
      switch (vectors) {
        case 1: E(add_columns)(sum, columns, step, b + p * g->b_row, g->b_row, count, 1, n); break;
        case 2: E(add_columns)(sum, columns, step, b + p * g->b_row, g->b_row, count, 2, n); break;
        case 3: E(add_columns)(sum, columns, step, b + p * g->b_row, g->b_row, count, 3, n); break;
        case 4: E(add_columns)(sum, columns, step, b + p * g->b_row, g->b_row, count, 4, n); break;
      }
    }
  }
  for (int v = 0; v < vectors; v++)
    for (int j = 0; j < n; j++)
      E(store_column)(g, offset + v * LANES * g->c_row, j, v == vectors - 1 ? rows - v * LANES : LANES, sum[v][j]);
}

static void E(gemm_narrow)(const minim_gemm *g, int64_t group) {
  for (int64_t i = 0; i < g->m; i += E(ROW_BLOCK)) {
    const int64_t rows = g->m - i < E(ROW_BLOCK) ? g->m - i : E(ROW_BLOCK);
    switch (g->n) {
      case 1: E(gemm_rows)(g, group, i, rows, 1); break;
      case 2: E(gemm_rows)(g, group, i, rows, 2); break;
      case 3: E(gemm_rows)(g, group, i, rows, 3); break;
      case 4: E(gemm_rows)(g, group, i, rows, 4); break;
    }
  }
}
