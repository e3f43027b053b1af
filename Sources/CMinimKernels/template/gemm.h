// Grouped products of matrices. A register tile of rows x vectors stays in registers over all segments of its group and
// is stored once, after the epilogue. Every element is one chain of multiply-adds over (segment, k) in order on every
// path, so neither the shape of a tile nor the width of a vector can change a bit.
#define gemm_tile E(gemm_tile)
#define gemm_finish E(gemm_finish)
#define gemm_shallow E(gemm_shallow)
#define TILE_VECTORS E(TILE_VECTORS)

enum { TILE_VECTORS = 2, E(NARROW) = 4, E(SHALLOW) = 4 };
_Static_assert(6 <= TILE_ROWS && TILE_ROWS <= 8, "gemm_panel takes tiles of 6 to 8 rows");
_Static_assert((TILE_ROWS + 1) * TILE_VECTORS < VECTOR_REGISTERS, "a tile, a row of B and an element of A stay in registers");

/// The steps of an epilogue in their order, which `EpilogueStep` names in Swift. EACH repeats a statement for every vector of
/// sums, X is one of them; BIAS and READ give the vector of an operand that belongs to it.
#define EPILOGUE(g, EACH, X, BIAS, READ)           \
  if (g->bias) EACH X += BIAS(g->bias);            \
  if (g->residual) EACH X += READ(g->residual);    \
  if (g->relu) EACH X = v_max0(X);                 \
  if (g->gate) EACH X = (vec)((ivec)X & (READ(g->gate) > 0)); \
  if (g->tanh) EACH {                              \
      const vec y = READ(g->tanh);                 \
      X *= 1 - y * y;                              \
    }                                              \
  if (g->addend) EACH X += READ(g->addend);        \
  if (g->silu) EACH {                              \
      const vec s = READ(g->sigmoid);              \
      X *= s + READ(g->silu) * (1 - s);            \
    }

/// The epilogue and the store of a tile's sums, TILE_VECTORS places per row.
INLINE void gemm_finish(const minim_gemm *g, vec *sum, int64_t offset, int64_t j, const int rows, const int vectors,
                        const int masked, lane_mask mask) {
  real *c = g->c;
#define FOR_TILE UNROLL for (int r = 0; r < rows; r++) UNROLL for (int v = 0; v < vectors; v++)
#define LOAD(at) E(load_column)((const real *)(at) + v * LANES, masked && v == vectors - 1, mask)
#define BIAS(base) LOAD((const real *)(base) + j)
#define READ(base) LOAD((const real *)(base) + offset + r * g->c_row)
  EPILOGUE(g, FOR_TILE, sum[TILE_VECTORS * r + v], BIAS, READ)
  FOR_TILE {
    real *at = c + offset + r * g->c_row + v * LANES;
    if (masked && v == vectors - 1) store_first(at, mask, sum[TILE_VECTORS * r + v]);
    else store(at, sum[TILE_VECTORS * r + v]);
  }
#undef FOR_TILE
#undef LOAD
#undef BIAS
#undef READ
}

/// Rows i ..< i + rows and `vectors` vectors of columns from j on, the last one masked if `masked`.
INLINE void gemm_tile(const minim_gemm *g, int64_t group, int64_t i, int64_t j, const int rows, const int vectors,
                      const int masked, lane_mask mask) {
  vec sum[TILE_ROWS][TILE_VECTORS];
  const int64_t offset = g->c_offset[group] + i * g->c_row + j;
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int v = 0; v < vectors; v++)
      sum[r][v] = splat(0);

  const int64_t k = g->k, a_row = g->a_row, a_column = g->a_column, b_row = g->b_row;
  for (int64_t s = g->segment_start[group]; s < g->segment_start[group + 1]; s++) {
    const real *a = (const real *)g->a + g->a_offset[s] + i * a_row;
    const real *b = (const real *)g->b + g->b_offset[s] + j;
    // A pointer for every third row: the two after it are then one addressing mode away. Left to itself the compiler makes
    // up the addresses of the rows anew for every p, which takes as long as the loads.
    const real *third[3] = {a, rows > 3 ? a + 3 * a_row : a, rows > 6 ? a + 6 * a_row : a};
    UNROLL for (int t = 0; t < 3; t++) APART(third[t]);
    for (int64_t p = 0; p < k; p++, b += b_row) {
      vec right[TILE_VECTORS];
      UNROLL for (int v = 0; v < vectors; v++)
        right[v] = E(load_column)(b + v * LANES, masked && v == vectors - 1, mask);
      UNROLL for (int r = 0; r < rows; r++) {
        vec left = splat(third[r / 3][r % 3 * a_row]);
        UNROLL for (int v = 0; v < vectors; v++) sum[r][v] = multiply_add(left, right[v], sum[r][v]);
      }
      UNROLL for (int t = 0; t < 3; t++) third[t] += a_column;
    }
  }
  gemm_finish(g, &sum[0][0], offset, j, rows, vectors, masked, mask);
}

/// All rows of one panel of columns, in tiles of nearly equal height.
INLINE void E(gemm_panel)(const minim_gemm *g, int64_t group, int64_t j, const int vectors, const int masked,
                          lane_mask mask) {
  const int64_t tiles = (g->m + TILE_ROWS - 1) / TILE_ROWS;
  for (int64_t t = 0, i = 0; t < tiles; t++) {
    const int64_t rows = (g->m - i + tiles - t - 1) / (tiles - t);
    switch (rows) {
      case 1: gemm_tile(g, group, i, j, 1, vectors, masked, mask); break;
      case 2: gemm_tile(g, group, i, j, 2, vectors, masked, mask); break;
      case 3: gemm_tile(g, group, i, j, 3, vectors, masked, mask); break;
      case 4: gemm_tile(g, group, i, j, 4, vectors, masked, mask); break;
      case 5: gemm_tile(g, group, i, j, 5, vectors, masked, mask); break;
      case 6: gemm_tile(g, group, i, j, 6, vectors, masked, mask); break;
#if TILE_ROWS > 6
      case 7: gemm_tile(g, group, i, j, 7, vectors, masked, mask); break;
#endif
#if TILE_ROWS > 7
      case 8: gemm_tile(g, group, i, j, 8, vectors, masked, mask); break;
#endif
    }
    i += rows;
  }
}

/// TILE_VECTORS vectors of columns of a product so shallow that their part of B stays in registers while rows go by: beside so few
/// multiply-adds the start of a tile would take most of the time.
INLINE void gemm_shallow(const minim_gemm *g, int64_t group, int64_t j, const int k) {
  const int64_t segment = g->segment_start[group], a_row = g->a_row;
  const real *b = (const real *)g->b + g->b_offset[segment] + j;
  vec right[E(SHALLOW)][TILE_VECTORS];
  UNROLL for (int p = 0; p < k; p++)
    UNROLL for (int v = 0; v < TILE_VECTORS; v++) right[p][v] = load(b + p * g->b_row + v * LANES);
  const real *a = (const real *)g->a + g->a_offset[segment];
  int64_t offset = g->c_offset[group] + j;
#define ROWS(rows)                                                                                                     \
  {                                                                                                                    \
    vec sum[rows][TILE_VECTORS];                                                                                       \
    UNROLL for (int r = 0; r < rows; r++)                                                                              \
      UNROLL for (int v = 0; v < TILE_VECTORS; v++) {                                                                  \
        sum[r][v] = splat(0);                                                                                          \
        UNROLL for (int p = 0; p < k; p++)                                                                             \
          sum[r][v] = multiply_add(splat(a[r * a_row + p * g->a_column]), right[p][v], sum[r][v]);                     \
      }                                                                                                                \
    gemm_finish(g, &sum[0][0], offset, j, rows, TILE_VECTORS, 0, first_lanes(LANES));                                  \
    a += rows * a_row, offset += rows * g->c_row;                                                                      \
  }
  int64_t i = 0;
  for (; i + 4 <= g->m; i += 4) ROWS(4)
  for (; i < g->m; i++) ROWS(1)
#undef ROWS
}

static void E(gemm_wide)(const minim_gemm *g, int64_t group) {
  int64_t j = 0;
  const lane_mask all = first_lanes(LANES);
  const int64_t depth = g->segment_start[group + 1] - g->segment_start[group] == 1 ? g->k : 0;
  for (; j + TILE_VECTORS * LANES <= g->n; j += TILE_VECTORS * LANES)
    switch (depth) {
      case 1: gemm_shallow(g, group, j, 1); break;
      case 2: gemm_shallow(g, group, j, 2); break;
      case 3: gemm_shallow(g, group, j, 3); break;
      case 4: gemm_shallow(g, group, j, 4); break;
      default: E(gemm_panel)(g, group, j, TILE_VECTORS, 0, all);
    }
  const int64_t rest = g->n - j;
  if (rest == 0) return;
  if (rest > LANES) E(gemm_panel)(g, group, j, 2, 1, first_lanes(rest - LANES));
  else if (rest == LANES) E(gemm_panel)(g, group, j, 1, 0, all);
  else E(gemm_panel)(g, group, j, 1, 1, first_lanes(rest));
}

#include "gemm_narrow.h"

static void E(gemm)(const void *call) {
  const minim_gemm *g = call;
  if (g->m <= 0 || g->n <= 0) return;
  for (int64_t group = 0; group < g->groups; group++) {
    if (g->n <= E(NARROW)) E(gemm_narrow)(g, group);
    else E(gemm_wide)(g, group);
  }
}

/// The epilogue alone, over products that are in C already.
static void E(gemm_epilogue)(const void *call) {
  const minim_gemm *g = call;
  for (int64_t group = 0; group < g->groups; group++)
    for (int64_t i = 0; i < g->m; i++)
      for (int64_t j = 0; j < g->n; j += LANES) {
        const int64_t offset = g->c_offset[group] + i * g->c_row + j, rest = g->n - j;
        const int masked = rest < LANES;
        const lane_mask mask = first_lanes(masked ? rest : LANES);
        vec sum[TILE_VECTORS] = {E(load_column)((const real *)g->c + offset, masked, mask)};
        gemm_finish(g, sum, offset, j, 1, 1, masked, mask);
      }
}
