// The table of each level, and which levels this CPU runs.
#include "CMinimKernels.h"
#include "threefry.h"

#define DECLARE(level)                                                                                \
  extern const minim_kernel_table minim_table_##level##_float32, minim_table_##level##_float64;       \
  double minim_peak_work_##level##_float32(int64_t, double *);                                        \
  double minim_peak_work_##level##_float64(int64_t, double *)

DECLARE(baseline);
#if defined(__x86_64__)
DECLARE(avx2);
DECLARE(avx512);
#endif

typedef double (*peak_work)(int64_t, double *);

#if defined(__x86_64__)
#define BY_LEVEL(name) \
  {{name##_baseline_float32, name##_baseline_float64}, \
   {name##_avx2_float32, name##_avx2_float64},         \
   {name##_avx512_float32, name##_avx512_float64}}
#define REFERENCES(name) \
  {{&name##_baseline_float32, &name##_baseline_float64}, \
   {&name##_avx2_float32, &name##_avx2_float64},         \
   {&name##_avx512_float32, &name##_avx512_float64}}
#else
#define BY_LEVEL(name) {{name##_baseline_float32, name##_baseline_float64}}
#define REFERENCES(name) {{&name##_baseline_float32, &name##_baseline_float64}}
#endif

static const minim_kernel_table *const tables[MINIM_LEVELS][MINIM_ELEMENTS] = REFERENCES(minim_table);
static const peak_work peaks[MINIM_LEVELS][MINIM_ELEMENTS] = BY_LEVEL(minim_peak_work);

minim_level minim_best_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return MINIM_BASELINE;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vl") ||
      !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512bw"))
    return MINIM_AVX2;
  return MINIM_AVX512;
#else
  return MINIM_BASELINE;
#endif
}

static int runs(minim_level level, minim_element element) {
  return (int)level >= 0 && level <= minim_best_level() && (int)element >= 0 && element < MINIM_ELEMENTS;
}

const minim_kernel_table *minim_kernels(minim_level level, minim_element element) {
  return runs(level, element) ? tables[level][element] : 0;
}

double minim_fma_peak_work(minim_level level, minim_element element, int64_t iterations, double *sink) {
  return runs(level, element) ? peaks[level][element](iterations, sink) : 0;
}

void minim_threefry2x32(const uint32_t key[2], const uint32_t counter[2], uint32_t out[2]) {
  uint32_t k0 = key[0], k1 = key[1], x0 = counter[0], x1 = counter[1];
  THREEFRY_2X32(k0, k1, x0, x1);
  out[0] = x0;
  out[1] = x1;
}

void minim_indices(const uint32_t key[2], uint64_t bound, uint64_t first, int64_t *out, int64_t count) {
  typedef uint32_t words __attribute__((vector_size(64)));  // sixteen go through the rounds side by side
  const uint32_t k0 = key[0], k1 = key[1];
  const words lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (int64_t i = 0; i < count; i += 16) {
    const uint64_t counter = first + (uint64_t)i;  // a multiple of 16: no lane carries into the high word
    words x0 = lanes + (uint32_t)counter, x1 = (words){0} + (uint32_t)(counter >> 32);
    THREEFRY_2X32(k0, k1, x0, x1);
    for (int64_t j = 0; j < 16 && i + j < count; j++) {
      const uint64_t bits = (uint64_t)x1[j] << 32 | x0[j];
      out[i + j] = (int64_t)(uint64_t)((unsigned __int128)bits * bound >> 64);
    }
  }
}

void minim_touch(const void *memory, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i += 64) (void)*((const volatile char *)memory + i);
}
