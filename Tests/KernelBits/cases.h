// Cases for every kernel: calls whose results are written to a file, so that those of two levels, or of two architectures,
// can be compared bit by bit.
#ifndef CASES_H
#define CASES_H

#include <stdio.h>

#include "CMinimKernels.h"

/// The kernels of the table. main.c refuses to compile if one is missing.
#define FOR_TABLE(KERNEL)                                                                                              \
  KERNEL(gemm) KERNEL(gemm_epilogue) KERNEL(map) KERNEL(reduce) KERNEL(first_maximum) KERNEL(copy) KERNEL(fill)        \
  KERNEL(gather) KERNEL(scatter_add) KERNEL(random) KERNEL(adam) KERNEL(sgd) KERNEL(average) KERNEL(weighted_sum)

/// All that is compared: the table, and the random numbers beside it.
#define FOR_KERNELS(KERNEL) FOR_TABLE(KERNEL) KERNEL(threefry) KERNEL(indices)

#define CASE(name) KERNEL_##name,
typedef enum { FOR_KERNELS(CASE) KERNELS } kernel_name;
#undef CASE

extern const char *const kernel_names[KERNELS];

/// What results are; numbers of an element type have its value.
typedef enum { FLOATS = MINIM_FLOAT32, DOUBLES = MINIM_FLOAT64, WHOLES, TYPES } result_type;

/// The kernels of one level and element type, numbers for them, and the file for what they compute.
typedef struct {
  const minim_kernel_table *table;
  kernel_name kernel;
  FILE *file;
  int spoils;          // changes the last bit of the last number of each result: a comparison must find it
  uint64_t state;      // of the generator
  char *memory;        // of the arrays of a case
  int64_t used;
} cases;

/// Forgets the arrays of the last case.
void begin_case(cases *c);

/// 64 random bits, which depend on the calls before only.
uint64_t random_bits(cases *c);

/// A whole number below a bound.
int64_t below(cases *c, int64_t bound);

// New arrays of the element type. Behind each is some room that no kernel may touch.

/// Numbers in -scale ..< scale.
void *uniform(cases *c, int64_t count, double scale);
/// Numbers with any bits: every exponent, infinities, NaN.
void *any(cases *c, int64_t count);
/// Whole numbers below a bound, as a floating-point array; one of eight is no whole number below it.
void *rows_below(cases *c, int64_t count, int64_t bound);

/// Writes what a kernel has left in an array of these, and stops if the kernel has written behind it.
void record(cases *c, const void *array, int64_t count);
/// Writes results of a given type.
void record_as(cases *c, result_type type, const void *results, int64_t count);

#define CASE(name) void cases_##name(cases *c);
FOR_KERNELS(CASE)
#undef CASE

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

#endif
