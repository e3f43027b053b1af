// The levels by their numbers, and the kernels of those that this machine runs.
#include "level_description.h"
#include "threefry.h"

#define NAME(name) #name,
static const char *const names[MINIM_LEVELS] = {MINIM_FOR_LEVELS(NAME)};
#define DESCRIPTION(name) &minim_description_##name,
static const level_description *const levels[MINIM_LEVELS] = {MINIM_FOR_LEVELS(DESCRIPTION)};

static int exists(minim_level level) { return (int)level >= 0 && level < MINIM_LEVELS; }

const char *minim_level_name(minim_level level) { return exists(level) ? names[level] : 0; }

int minim_level_runs(minim_level level) {
  return exists(level) && levels[level]->can_run && levels[level]->can_run();
}

int minim_level_is_fused(minim_level level) { return exists(level) && levels[level]->is_fused; }

const minim_kernel_table *minim_kernels(minim_level level, minim_element element) {
  if (!minim_level_runs(level) || (int)element < 0 || element >= MINIM_ELEMENTS) return 0;
  return levels[level]->table[element];
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
