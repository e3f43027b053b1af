// Products with one to four columns: the lanes are rows of C, up to four vectors of them at once. Rows of A that are
// contiguous are first transposed, in chunks of k that stay in L1.
enum { E(ROW_VECTORS) = 4, E(ROW_BLOCK) = 4 * LANES, E(K_CHUNK) = 64 };

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
#define READ(base) E(load_lanes)((const real *)(base) + offset + j, g->c_row, rows)
  if (g->bias) x += splat(((const real *)g->bias)[j]);
  if (g->residual) x += READ(g->residual);
  if (g->relu) x = v_max0(x);
  if (g->gate) x = (vec)((ivec)x & (READ(g->gate) > 0));
  if (g->tanh) {
    const vec y = READ(g->tanh);
    x *= 1 - y * y;
  }
  if (g->addend) x += READ(g->addend);
#undef READ
  E(store_lanes)((real *)g->c + offset + j, g->c_row, rows, x);
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

/// Rows i ..< i + rows, in `vectors` vectors, and n columns: all sums stay in registers.
INLINE void E(gemm_rows)(const minim_gemm *g, int64_t group, int64_t i, int64_t rows, const int vectors, const int n) {
  const int64_t offset = g->c_offset[group] + i * g->c_row;
  const int direct = g->a_row == 1 && rows % LANES == 0;
  real packed[E(K_CHUNK) * E(ROW_BLOCK)] __attribute__((aligned(64)));
  vec sum[E(ROW_VECTORS)][E(NARROW)];
#define FOR_SUMS UNROLL for (int v = 0; v < vectors; v++) UNROLL for (int j = 0; j < n; j++)
  FOR_SUMS sum[v][j] = splat(0);
  if (g->accumulate) {
    real start[E(NARROW)][E(ROW_BLOCK)] = {{0}};  // sums themselves are indexed by constants only, or would leave their registers
    for (int j = 0; j < n; j++)
      for (int64_t r = 0; r < rows; r++) start[j][r] = ((real *)g->c)[offset + r * g->c_row + j];
    FOR_SUMS sum[v][j] = load(start[j] + v * LANES);
  }

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
      for (int64_t q = 0; q < count; q++, columns += step, b += g->b_row)
        FOR_SUMS sum[v][j] = multiply_add(load(columns + v * LANES), splat(b[j]), sum[v][j]);
    }
  }
  FOR_SUMS E(store_column)(g, offset + v * LANES * g->c_row, j, v == vectors - 1 ? rows - v * LANES : LANES, sum[v][j]);
#undef FOR_SUMS
}

/// Every block of at most ROW_BLOCK rows, in n columns.
INLINE void E(gemm_columns)(const minim_gemm *g, int64_t group, const int n) {
  for (int64_t i = 0; i < g->m; i += E(ROW_BLOCK)) {
    const int64_t rows = g->m - i < E(ROW_BLOCK) ? g->m - i : E(ROW_BLOCK);
    switch ((rows + LANES - 1) / LANES) {
      case 1: E(gemm_rows)(g, group, i, rows, 1, n); break;
      case 2: E(gemm_rows)(g, group, i, rows, 2, n); break;
      case 3: E(gemm_rows)(g, group, i, rows, 3, n); break;
      case 4: E(gemm_rows)(g, group, i, rows, 4, n); break;
    }
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
