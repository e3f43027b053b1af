// The hot loops of Minim, in C, for every level. Each kernel exists for float and for double and for each level;
// `minim_kernels` gives the table of one combination. A kernel of a plan takes one pointer: its call, a plain struct
// whose pointers were resolved when the plan was bound to an arena. It allocates nothing and keeps no state.
//
// The same bits on every level with fused multiply-add: an output element is accumulated in one order that depends on
// the shape alone, never on the width of a vector register. `baseline` rounds products.
#ifndef C_MINIM_KERNELS_H
#define C_MINIM_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "minim_levels.h"

// MARK: - Calls

enum { MINIM_MAX_RANK = 6, MINIM_MAP_OPERANDS = 12, MINIM_MAP_TEMPORARIES = 8 };

/// Grouped products of matrices: for each group g,
///   C_g[m, n] = epilogue( sum over the segments s of g of  A_s[m, k] B_s[k, n] ).
/// A matrix product is one group of one segment. A convolution over [position][image][channel] is one group an output
/// position, one segment a live tap. Its weight gradient is one group a tap, one segment a pair of positions.
/// Each element of C is one chain of fused multiply-adds over (segment, k) in order, starting from 0 (or from C).
/// A group without segments is 0 before the epilogue.
typedef struct {
  const void *a, *b;
  void *c;
  int64_t groups;
  const int64_t *c_offset;       // [groups], in elements, like every offset and stride here
  const int64_t *segment_start;  // [groups + 1], into a_offset and b_offset
  const int64_t *a_offset, *b_offset;
  int64_t m, n, k;
  int64_t a_row, a_column;  // A[i, p] = a[a_offset[s] + i * a_row + p * a_column]; one of the two is 1
  int64_t b_row;            // B[p, j] = b[b_offset[s] + p * b_row + j]
  int64_t c_row;            // C[i, j] = c[c_offset[g] + i * c_row + j]; residual, gate, tanh and addend likewise
  // Epilogue, in this order; a null pointer leaves a part out.
  const void *bias;      // [n], added
  const void *residual;  // the shape of C, added
  int64_t relu;          // max(0, .), keeping NaN
  const void *gate;      // the shape of C: the element is 0 where not (gate > 0)
  const void *tanh;      // the shape of C: the element is multiplied by 1 - tanh^2
  const void *addend;    // the shape of C, added
  const void *silu, *sigmoid;  // the shape of C: the element is multiplied by sigmoid + silu (1 - sigmoid), last
} minim_gemm;

/// The primitives of an elementwise program. `a` and `b` are the inputs, `c` is the immediate of the step.
typedef enum {
  MINIM_NEGATE,      // -a
  MINIM_ADD,         // a + b
  MINIM_SUBTRACT,    // a - b
  MINIM_MULTIPLY,    // a * b
  MINIM_DIVIDE,      // a / b
  MINIM_MAXIMUM,     // a >= b ? a : b; NaN if either is
  MINIM_MINIMUM,     // a <= b ? a : b; NaN if either is
  MINIM_GREATER,     // a > b ? 1 : 0
  MINIM_GREATER_EQUAL,  // a >= b ? 1 : 0
  MINIM_ADD_CONSTANT,       // a + c
  MINIM_MULTIPLY_CONSTANT,  // a * c
  MINIM_RECIPROCAL,  // 1 / a
  MINIM_SQUARE,      // a * a
  MINIM_SQUARE_ROOT,
  MINIM_ABSOLUTE,
  MINIM_SIGN,        // -1, 0, 1; NaN of NaN
  MINIM_RELU,        // max(0, a), keeping NaN
  MINIM_STEP,        // a > 0 ? 1 : 0
  MINIM_EXP,
  MINIM_LOG,
  MINIM_LOG1P,
  MINIM_TANH,
  MINIM_SIGMOID,
  MINIM_SOFTPLUS,    // log(1 + exp(a))
  MINIM_SIN,
  MINIM_COS,
  MINIM_GATE,        // b > 0 ? a : 0
  MINIM_TANH_GRADIENT,  // a * (1 - b * b)
  MINIM_SILU_SLOPE,     // b + a * (1 - b)
  MINIM_PRIMITIVES
} minim_primitive;

/// Registers of a step: 0 ..< operands are the arrays, operands ..< operands + MINIM_MAP_TEMPORARIES are temporaries
/// that live in L1. `destination` is a temporary or a MINIM_FULL array.
typedef struct {
  int32_t primitive;
  int32_t destination;
  int32_t a, b;  // unused inputs are 0
  double constant;
} minim_map_step;

/// How an operand of an elementwise program is read at flat index i; `columns` is the length of the last axis.
typedef enum {
  MINIM_FULL,    // x[i]
  MINIM_SCALAR,  // x[0]
  MINIM_ROW,     // x[i % columns]
  MINIM_COLUMN   // x[i / columns]
} minim_operand_kind;

/// An elementwise program over `count` elements, run block by block so that temporaries stay in L1. A destination array
/// may be the same memory as a MINIM_FULL input (in place); other overlaps are not allowed.
typedef struct {
  int64_t count, columns;
  int32_t operands, steps;
  const minim_map_step *step;
  void *operand[MINIM_MAP_OPERANDS];
  int32_t kind[MINIM_MAP_OPERANDS];
} minim_map;

typedef enum { MINIM_SUM, MINIM_MAX } minim_reduction;

/// y[kept] = sum or max over the reduced axes of x. y is dense, in the order of the kept axes. Axes are given outermost
/// first. Order of a sum, a function of the shape alone: with the innermost reduced stride 1, sixteen running sums of
/// every sixteenth element (element p of an inner run goes to sum p % 16; outer reduced axes continue them), then a
/// fixed tree; otherwise one running sum an output over the reduced axes in order. An empty sum is 0, an empty max -inf.
/// max keeps NaN.
typedef struct {
  const void *x;
  void *y;
  int32_t reduction, kept, reduced, reserved;
  int64_t kept_extent[MINIM_MAX_RANK], kept_stride[MINIM_MAX_RANK];
  int64_t reduced_extent[MINIM_MAX_RANK], reduced_stride[MINIM_MAX_RANK];
  double scale;  // y is multiplied by it at the end: 1 for a sum, 1/count for a mean
} minim_reduce;

/// mask[i] = 1 at the first position of its row that holds the row's maximum, else 0; x and mask are [rows, columns].
/// A NaN counts as the maximum.
typedef struct {
  const void *x;
  void *mask;
  int64_t rows, columns;
} minim_first_maximum;

/// dst[i * dst_stride] = src[i * src_stride] over all index vectors i below extent (outermost first). A source stride of
/// 0 broadcasts. Destination elements are distinct.
typedef struct {
  const void *src;
  void *dst;
  int32_t rank, reserved;
  int64_t extent[MINIM_MAX_RANK], dst_stride[MINIM_MAX_RANK], src_stride[MINIM_MAX_RANK];
} minim_copy;

typedef struct {
  void *dst;
  int64_t count;
  double value;
} minim_fill;

/// dst[i, :] = src[index[i], :]. The index is an array of the kernel's own element type holding whole numbers. A row
/// whose index is no row of src is filled with NaN, which the check of the loss then reports.
typedef struct {
  const void *src, *index;
  void *dst;
  int64_t rows, columns, src_rows;
} minim_gather;

/// dst = 0; dst[index[i], :] += src[i, :] for i in order. Indices that are no row of dst are left out.
typedef struct {
  const void *src, *index;
  void *dst;
  int64_t rows, columns, dst_rows;
} minim_scatter_add;

/// What a random kernel draws with, besides its own purpose: set before each replay.
typedef struct {
  uint64_t seed, step;
  uint64_t first_example;  // the index, in the whole batch, of the shard's first example
} minim_random_context;

typedef enum { MINIM_UNIFORM, MINIM_NORMAL, MINIM_STRATIFIED } minim_distribution;

/// dst[e, j] for e < examples, j < per_example: a function of (seed, purpose, step, first_example + e, j) alone.
///   key  = threefry(key: threefry(key: seed, counter: purpose), counter: step)   each 64 bits as two words, low first
///   word pair p of example e = threefry(key, counter: (low 32 bits of the example's index, p))
/// Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
/// Float:  elements 2p, 2p+1 come from the two words of pair p. uniform (w + 0.5) 2^-32, in (0, 1], rounded to float;
///         normals by Box-Muller, cosine first: r = sqrt(-2 log u0), (r cos 2 pi u1, r sin 2 pi u1).
/// Double: element j's uniform comes from pair j, (53 high bits of (w1 << 32 | w0) + 0.5) 2^-53; elements 2p, 2p+1 are
///         the Box-Muller pair of the uniforms 2p and 2p+1.
/// Stratified: with s = the words of pair j of the example 2^32 - 1, as (w1 << 32 | w0), and i = first_example + e, element j
///         is the uniform of the 64 bits s + i 0x9e3779b97f4a7c15, which is 2^64 times the golden ratio less 1; in Float that
///         of their high word.
typedef struct {
  void *dst;
  int64_t examples, per_example;
  uint64_t purpose;
  int32_t distribution, reserved;
  const minim_random_context *context;
} minim_random;

// MARK: - Kernels outside plans

/// One step of Adam (Kingma and Ba 2015) with the bias corrections folded into two factors, decoupled weight decay
/// (Loshchilov and Hutter 2019) and a factor on the gradient (clipping), over `count` elements:
///   g = gradient_scale * gradient;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
///   p -= rate * (m * first_correction / (sqrt(v * second_correction) + epsilon) + weight_decay * p)
/// `shared` parameters are read by other threads before they are written again: they are written past the caches.
typedef struct {
  void *parameters, *first_moment, *second_moment;
  const void *gradient;
  int64_t count;
  double rate, beta1, beta2, epsilon, first_correction, second_correction, weight_decay, gradient_scale;
  int64_t shared;
} minim_adam;

/// g = gradient_scale * gradient + weight_decay * p;  u = momentum u + g;  p -= rate * u, or, with `nesterov`,
/// p -= rate * (g + momentum u). `velocity` may be null: u = g, and no `nesterov`. `shared` as above.
typedef struct {
  void *parameters, *velocity;
  const void *gradient;
  int64_t count;
  double rate, momentum, weight_decay, gradient_scale;
  int64_t nesterov, shared;
} minim_sgd;

/// average += weight (values - average), each difference rounded and then one fused multiply-add.
typedef struct {
  void *average;
  const void *values;
  int64_t count;
  double weight;
} minim_average;

/// y[j] = b_weight b[j] + a_weight a[j], or a_weight a[j] where b is null; y may be a or b. With `squares` the sum of
/// y[j]^2 in double comes back through `square`: sixteen running sums and a fixed tree as in minim_reduce.
typedef struct {
  const void *a, *b;
  void *y;
  int64_t count;
  double a_weight, b_weight;
  int64_t squares;
  double square;
} minim_weighted_sum;

// MARK: - Tables

typedef enum { MINIM_FLOAT32, MINIM_FLOAT64, MINIM_ELEMENTS } minim_element;

typedef void (*minim_kernel)(const void *call);

typedef struct {
  minim_level level;
  minim_element element;
  int64_t element_size;
  // Kernels of a plan: each takes its call.
  minim_kernel gemm, gemm_epilogue, map, reduce, first_maximum, copy, fill, gather, scatter_add, random;
  // Kernels outside plans.
  void (*adam)(const minim_adam *);
  void (*sgd)(const minim_sgd *);
  void (*average)(const minim_average *);
  void (*weighted_sum)(minim_weighted_sum *);
  // Multiply-adds over registers only, for measuring the peak: returns the count of floating-point operations made.
  double (*peak_work)(int64_t iterations, double *sink);
} minim_kernel_table;

/// The table of one level and element type; null if this CPU does not run the level.
const minim_kernel_table *minim_kernels(minim_level level, minim_element element);

/// One block of Threefry-2x32, 20 rounds.
void minim_threefry2x32(const uint32_t key[2], const uint32_t counter[2], uint32_t out[2]);

/// out[i] = the high half of (64 random bits of counter first + i) times bound, for i < count: whole numbers below the bound.
/// The bits of a counter are the words of threefry(key, counter: its 64 bits, low word first), low word first. `first` is a
/// multiple of 16.
void minim_indices(const uint32_t key[2], uint64_t bound, uint64_t first, int64_t *out, int64_t count);

/// Reads every cache line of some memory, in order: what another core has written comes many times faster so than where a
/// product asks for it line by line.
void minim_touch(const void *memory, int64_t bytes);

/// Elements up to the next cache line, in Float and in Double: where the next array begins.
static inline int64_t minim_padded(int64_t elements) { return (elements + 15) / 16 * 16; }

/// One pause of a spinning thread.
static inline void minim_cpu_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

#endif
