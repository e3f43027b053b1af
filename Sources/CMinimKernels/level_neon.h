// NEON on vectors of 128 bits: any ARM CPU of 64 bits has it, with fused multiply-add and 32 registers.
#ifndef ELEMENT
#define IS_FUSED 1
#if defined(__aarch64__)
#define VECTOR_BYTES 16
#define VECTOR_REGISTERS 32
#define TILE_ROWS 8
#define HAS_MASKS 0
#define HAS_MINIMUM 0
#define HAS_SCALING 0

static int can_run(void) { return 1; }
#endif
#else

#include "template/shuffles_128.h"

#endif
