// The kernels for CPUs with AVX-512 (F, VL, DQ, BW).
#include "template/includes.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma"))), apply_to = function)
#define LEVEL avx512
#define LEVEL_NUMBER MINIM_AVX512
#define VECTOR_BYTES 64
#define FUSED 1
#include "template/level.h"
#pragma clang attribute pop
#endif
