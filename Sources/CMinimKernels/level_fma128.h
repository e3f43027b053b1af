// FMA on vectors of 128 bits, and AVX, which comes with it: the bits of AVX2 on CPUs without it (AMD 2012 to 2014).
#ifndef ELEMENT
#define IS_FUSED 1
#if defined(__x86_64__)
#define TARGET "fma"
#define VECTOR_BYTES 16
#define VECTOR_REGISTERS 16
#define TILE_ROWS 6
#define HAS_MASKS 0
#define HAS_MINIMUM 0
#define HAS_SCALING 0

static int can_run(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx") && __builtin_cpu_supports("fma");
}
#endif
#else

#include "template/shuffles_128.h"

#endif
