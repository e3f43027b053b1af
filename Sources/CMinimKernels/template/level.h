// All kernels of one level: the templates once for Float and once for Double.
//
// A level NAME is a line in include/minim_levels.h, a header level_NAME.h, and a file level_NAME.c of two lines, which
// defines LEVEL as NAME and includes this one. The header says everything that is true of this level alone. It is read
// first while ELEMENT is not defined. If the level is of another architecture, it then defines IS_FUSED alone; else
//
//   TARGET            the instructions, as clang's attribute `target` takes them; not defined if every CPU has them
//   VECTOR_BYTES      16, 32 or 64: the width of a vector
//   VECTOR_REGISTERS  how many of them stay in registers
//   TILE_ROWS         6 to 8: the height of a product's tile in registers, which is two vectors wide (gemm.h)
//   IS_FUSED          1 if a multiply-add rounds once, in one instruction: all such levels give the same bits
//   HAS_MASKS         1 if it loads and stores the first lanes of a vector, 0 if they go one by one
//   HAS_MINIMUM       1 if the minimum is an instruction that gives its second operand where one is NaN; else 0
//   HAS_SCALING       1 if the product by a power of two, rounded once, is an instruction; else 0
//   can_run()         a static function: 1 if this CPU and operating system run it; compiled for any CPU
//
// The last three may be FLOAT32, which is 1 in Float and 0 in Double. lanes.h reads the header again for each element
// type, with `real`, `vec` and `ivec` of that type. It then includes the shuffles of its width (shuffles_128.h,
// shuffles_256.h or shuffles_512.h; columns.h says what they are) and defines, as INLINE functions, what it has:
//
//   HAS_MASKS    the type lane_mask; first_lanes(count), load_first(p, mask), store_first(p, mask, x), as in lanes.h
//   HAS_MINIMUM  at_most(x, limit), as in lanes.h
//   HAS_SCALING  scaled(x, whole, n), as in functions.h
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include "../large_angle.h"
#include "../level_description.h"
#include "../threefry.h"

#define PASTE_(a, b) a##_##b
#define PASTE(a, b) PASTE_(a, b)
#define QUOTE(text) #text
#define HEADER_OF(level) QUOTE(../level_##level.h)
#define LEVEL_HEADER_(level) HEADER_OF(level)
#define LEVEL_HEADER LEVEL_HEADER_(LEVEL)
#include LEVEL_HEADER

#if defined(VECTOR_BYTES)
#if !defined(VECTOR_REGISTERS) || !defined(TILE_ROWS) || !defined(IS_FUSED) || !defined(HAS_MASKS) || \
    !defined(HAS_MINIMUM) || !defined(HAS_SCALING)
#error "the header of this level lacks a definition: see the list at the top"
#endif

// No contraction: a fused multiply-add is written where it is meant, so that levels with FMA give the same bits.
#pragma clang fp contract(off)
#pragma clang diagnostic ignored "-Wpsabi"  // vectors are passed between inlined functions only

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
// Hides from the compiler how a pointer was made: it keeps it in a register of its own.
#define APART(pointer) __asm__("" : "+r"(pointer))

#if defined(TARGET)
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#endif

#define FLOAT32 1
#define ELEMENT float32
#include "element.h"
#undef FLOAT32
#undef ELEMENT

#define FLOAT32 0
#define ELEMENT float64
#include "element.h"

#if defined(TARGET)
#pragma clang attribute pop
#endif

const level_description PASTE(minim_description, LEVEL) = {
    .can_run = can_run, .is_fused = IS_FUSED, .table = {&table_float32, &table_float64}};
#else
const level_description PASTE(minim_description, LEVEL) = {.is_fused = IS_FUSED};
#endif
