// The kernels for CPUs with AVX2 and FMA.
#include "template/includes.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LEVEL avx2
#define LEVEL_NUMBER MINIM_AVX2
#define VECTOR_BYTES 32
#define FUSED 1
#include "template/level.h"
#pragma clang attribute pop
#endif
