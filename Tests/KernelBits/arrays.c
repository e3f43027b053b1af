// Kernels that move numbers, and those that sum or compare them along axes.
#include <string.h>

#include "cases.h"

/// A reduction of a dense array with drawn extents: of each axis one says whether it is kept.
static void reduce_axes(cases *c, int rank, unsigned kept, minim_reduction reduction, int64_t longest, int takes_any) {
  begin_case(c);
  int64_t extent[MINIM_MAX_RANK], stride[MINIM_MAX_RANK], count = 1, outputs = 1;
  for (int axis = 0; axis < rank; axis++) extent[axis] = 1 + below(c, longest);
  for (int axis = rank - 1; axis >= 0; axis--) stride[axis] = count, count *= extent[axis];
  minim_reduce r = {.reduction = reduction};
  for (int axis = 0; axis < rank; axis++) {
    if (kept >> axis & 1) {
      r.kept_extent[r.kept] = extent[axis], r.kept_stride[r.kept++] = stride[axis];
      outputs *= extent[axis];
    } else {
      r.reduced_extent[r.reduced] = extent[axis], r.reduced_stride[r.reduced++] = stride[axis];
    }
  }
  r.scale = reduction == MINIM_SUM ? 1 / (double)(count / outputs) : 1;
  r.x = takes_any ? any(c, count) : uniform(c, count, 1);
  r.y = uniform(c, outputs, 1);
  c->table->reduce(&r);
  record(c, r.y, outputs);
}

void cases_reduce(cases *c) {
  static const int64_t longest[] = {0, 20000, 200, 40, 12};
  for (int rank = 1; rank < COUNT(longest); rank++)
    for (unsigned kept = 0; kept < 1u << rank; kept++)
      for (int repeat = 0; repeat < 20; repeat++)
        for (int reduction = MINIM_SUM; reduction <= MINIM_MAX; reduction++)
          reduce_axes(c, rank, kept, reduction, longest[rank], repeat % 4 == 3);
}

void cases_first_maximum(cases *c) {
  for (int64_t columns = 1; columns < 70; columns++)
    for (int takes_any = 0; takes_any < 2; takes_any++) {
      begin_case(c);
      const int64_t count = 50 * columns;
      // Few different numbers, so that a maximum is there more than once.
      void *x = takes_any ? any(c, count) : rows_below(c, count, 9);
      const minim_first_maximum f = {.x = x, .mask = uniform(c, count, 1), .rows = 50, .columns = columns};
      c->table->first_maximum(&f);
      record(c, f.mask, count);
    }
}

/// A copy between two layouts: the axes of the source are drawn, and some of them repeat.
static void copy_axes(cases *c, int rank, int64_t longest) {
  begin_case(c);
  minim_copy copy = {.rank = rank};
  int64_t count = 1, size = 1;
  int order[MINIM_MAX_RANK];
  for (int axis = 0; axis < rank; axis++) copy.extent[axis] = 1 + below(c, longest), order[axis] = axis;
  for (int axis = rank - 1; axis > 0; axis--) {
    const int other = (int)below(c, axis + 1), kept = order[axis];
    order[axis] = order[other], order[other] = kept;
  }
  for (int axis = rank - 1; axis >= 0; axis--) {
    copy.dst_stride[axis] = count, count *= copy.extent[axis];
    const int from = order[axis];
    if (below(c, 4) == 0) continue;  // a stride of 0 repeats
    copy.src_stride[from] = size, size *= copy.extent[from];
  }
  copy.src = any(c, size);
  copy.dst = uniform(c, count, 1);
  c->table->copy(&copy);
  record(c, copy.dst, count);
}

void cases_copy(cases *c) {
  static const int64_t longest[] = {1, 3000, 90, 24, 9, 6, 5};
  for (int rank = 0; rank < COUNT(longest); rank++)
    for (int repeat = 0; repeat < 60; repeat++) copy_axes(c, rank, longest[rank]);
}

void cases_fill(cases *c) {
  static const double values[] = {0, -0.0, 1.0 / 3, 1e300, -1e-320, __builtin_inf(), __builtin_nan("")};
  for (int64_t count = 0; count < 300; count++)
    for (int i = 0; i < COUNT(values); i++) {
      begin_case(c);
      const minim_fill f = {.dst = uniform(c, count, 1), .count = count, .value = values[i]};
      c->table->fill(&f);
      record(c, f.dst, count);
    }
}

void cases_gather(cases *c) {
  for (int64_t columns = 0; columns < 40; columns++) {
    begin_case(c);
    const minim_gather g = {
        .src = any(c, 30 * columns), .index = rows_below(c, 100, 30), .dst = uniform(c, 100 * columns, 1),
        .rows = 100, .columns = columns, .src_rows = 30};
    c->table->gather(&g);
    record(c, g.dst, 100 * columns);
  }
}

void cases_scatter_add(cases *c) {
  for (int64_t columns = 0; columns < 40; columns++)
    for (int takes_any = 0; takes_any < 2; takes_any++) {
      begin_case(c);
      const minim_scatter_add s = {
          .src = takes_any ? any(c, 300 * columns) : uniform(c, 300 * columns, 1), .index = rows_below(c, 300, 20),
          .dst = uniform(c, 20 * columns, 1), .rows = 300, .columns = columns, .dst_rows = 20};
      c->table->scatter_add(&s);
      record(c, s.dst, 20 * columns);
    }
}
