// All kernels of one level: the templates once for float and once for double. The including file defines LEVEL,
// LEVEL_NUMBER, VECTOR_BYTES and FUSED (1 where fused multiply-add is one instruction).
//
// No contraction: a fused multiply-add is written where it is meant, so that levels with FMA give the same bits.
#pragma clang fp contract(off)
#pragma clang diagnostic ignored "-Wpsabi"  // vectors are passed between inlined functions only

#define PASTE_(a, b) a##_##b
#define PASTE(a, b) PASTE_(a, b)
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
// Hides from the compiler how a pointer was made: it keeps it in a register of its own.
#define APART(pointer) __asm__("" : "+r"(pointer))

#define FLOAT32 1
#define ELEMENT float32
#include "element.h"
#undef FLOAT32
#undef ELEMENT

#define FLOAT32 0
#define ELEMENT float64
#include "element.h"
