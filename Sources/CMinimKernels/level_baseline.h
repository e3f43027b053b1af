// What any CPU has: vectors of 128 bits (SSE2 on x86-64), products rounded before they are added.
#ifndef ELEMENT
#define VECTOR_BYTES 16
#define VECTOR_REGISTERS 16
#define TILE_ROWS 6
#define IS_FUSED 0
#define HAS_MASKS 0
#define HAS_MINIMUM 0
#define HAS_SCALING 0

static int can_run(void) { return 1; }
#else

#include "template/shuffles_128.h"

#endif
