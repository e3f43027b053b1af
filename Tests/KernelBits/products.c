// Products of matrices: every class of shape, both layouts, groups of segments, and all epilogues.
#include <string.h>

#include "cases.h"

typedef struct {
  int64_t m, n, k;
  int64_t padding;  // between rows
  int transposed;   // columns of A lie side by side
  int64_t groups, segments;  // the first group has none
  double scale;     // of the elements; 0: any bits
} shape;

/// The parts of an epilogue, a bit each.
enum { BIAS = 1, RESIDUAL = 2, RELU = 4, GATE = 8, TANH = 16, ADDEND = 32, SILU = 64, EPILOGUES = 128 };
enum { MOST_GROUPS = 4, MOST_SEGMENTS = 3 };

static void *numbers(cases *c, int64_t count, double scale) {
  return scale == 0 ? any(c, count) : uniform(c, count, scale);
}

/// The rows of a matrix, without what is between them.
static void record_rows(cases *c, char *matrix, int64_t rows, int64_t columns, int64_t stride) {
  const int64_t size = c->table->element_size;
  char *dense = uniform(c, rows * columns, 1);
  for (int64_t i = 0; i < rows; i++) memcpy(dense + i * columns * size, matrix + i * stride * size, (size_t)(columns * size));
  record(c, dense, rows * columns);
}

/// One call of a kernel of products.
static void multiply(cases *c, minim_kernel kernel, shape s, int epilogue) {
  begin_case(c);
  const int64_t a_size = (s.m + s.padding) * (s.k + s.padding), b_size = s.k * (s.n + s.padding);
  const int64_t c_size = s.m * (s.n + s.padding), total = s.groups * s.segments;
  int64_t c_offset[MOST_GROUPS], start[MOST_GROUPS + 1], a_offset[MOST_GROUPS * MOST_SEGMENTS];
  int64_t b_offset[MOST_GROUPS * MOST_SEGMENTS];
  for (int64_t g = 0; g < s.groups; g++) c_offset[g] = g * c_size;
  for (int64_t g = 0; g <= s.groups; g++) start[g] = g == 1 && s.groups > 1 ? 0 : g * s.segments;
  for (int64_t i = 0; i < total; i++) a_offset[i] = i * a_size, b_offset[i] = (total - 1 - i) * b_size;
  void *result = numbers(c, s.groups * c_size, s.scale);
#define OPERAND(part, count) (epilogue & (part) ? numbers(c, count, s.scale) : 0)
  minim_gemm g = {
      .a = numbers(c, total * a_size, s.scale), .b = numbers(c, total * b_size, s.scale), .c = result,
      .groups = s.groups, .c_offset = c_offset, .segment_start = start, .a_offset = a_offset, .b_offset = b_offset,
      .m = s.m, .n = s.n, .k = s.k, .b_row = s.n + s.padding, .c_row = s.n + s.padding,
      .a_row = s.transposed ? 1 : s.k + s.padding, .a_column = s.transposed ? s.m + s.padding : 1,
      .bias = OPERAND(BIAS, s.n), .residual = OPERAND(RESIDUAL, s.groups * c_size), .relu = (epilogue & RELU) != 0,
      .gate = OPERAND(GATE, s.groups * c_size), .tanh = OPERAND(TANH, s.groups * c_size),
      .addend = OPERAND(ADDEND, s.groups * c_size), .silu = OPERAND(SILU, s.groups * c_size),
      .sigmoid = OPERAND(SILU, s.groups * c_size)};
#undef OPERAND
  kernel(&g);
  record_rows(c, result, s.groups * s.m, s.n, g.c_row);
}

/// Heights around those of tiles, widths around those of vectors up to 64 bytes, depths around the shallow and the packed.
static void multiply_shapes(cases *c, minim_kernel kernel) {
  static const int64_t m[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 31, 33, 70};
  static const int64_t n[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 20, 24, 31, 32, 33, 49, 65};
  static const int64_t k[] = {0, 1, 2, 3, 4, 5, 8, 33, 64, 65, 130};
  for (int i = 0; i < COUNT(m); i++)
    for (int j = 0; j < COUNT(n); j++)
      for (int p = 0; p < COUNT(k); p++)
        for (int transposed = 0; transposed < 2; transposed++)
          multiply(c, kernel, (shape){m[i], n[j], k[p], 3 * transposed, transposed, 1, 1, p % 4 == 1 ? 0 : 1}, 0);
}

static void multiply_epilogues(cases *c, minim_kernel kernel) {
  static const int64_t sizes[][3] = {{5, 1, 7}, {9, 2, 5}, {17, 4, 9}, {7, 5, 3}, {9, 19, 6}, {13, 33, 11}};
  for (int epilogue = 0; epilogue < EPILOGUES; epilogue++)
    for (int i = 0; i < COUNT(sizes); i++)
      for (int scale = 0; scale < 2; scale++)
        for (int padding = 0; padding < 3; padding += 2) {
          const int64_t *size = sizes[i];
          const shape s = {size[0], size[1], size[2], padding, padding > 0, MOST_GROUPS, 1 + i % MOST_SEGMENTS, scale};
          multiply(c, kernel, s, epilogue);
        }
}

void cases_gemm(cases *c) {
  multiply_shapes(c, c->table->gemm);
  multiply_epilogues(c, c->table->gemm);
}

void cases_gemm_epilogue(cases *c) { multiply_epilogues(c, c->table->gemm_epilogue); }
