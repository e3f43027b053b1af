// Arrays of numbers that are the same on every machine, and the file of results.
#include <stdlib.h>
#include <string.h>

#include "cases.h"

enum { MEMORY = 1 << 26, BEHIND = 128, UNTOUCHED = 0x5a };

uint64_t random_bits(cases *c) {  // SplitMix (Steele, Lea and Flood 2014)
  uint64_t z = c->state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

int64_t below(cases *c, int64_t bound) { return (int64_t)(random_bits(c) % (uint64_t)bound); }

void begin_case(cases *c) {
  if (!c->memory) c->memory = aligned_alloc(64, MEMORY);
  c->used = 0;
}

static void stop(int status, const char *kernel, const char *problem) {
  fprintf(stderr, "kernel-bits: %s: %s\n", kernel, problem);
  exit(status);
}

/// An array and the room behind it, from the next cache line on.
static void *array(cases *c, int64_t count) {
  char *result = c->memory + c->used;
  const int64_t bytes = count * c->table->element_size;
  c->used += (bytes + BEHIND + 63) / 64 * 64;
  if (!c->memory || c->used > MEMORY) stop(70, kernel_names[c->kernel], "a case needs more memory than there is");
  memset(result + bytes, UNTOUCHED, BEHIND);
  return result;
}

static void set(cases *c, void *array, int64_t i, double value) {
  if (c->table->element == MINIM_FLOAT32) ((float *)array)[i] = (float)value;
  else ((double *)array)[i] = value;
}

void *uniform(cases *c, int64_t count, double scale) {
  void *x = array(c, count);
  for (int64_t i = 0; i < count; i++)
    set(c, x, i, ((double)(random_bits(c) >> 11) * 0x1p-52 - 1) * scale);
  return x;
}

void *any(cases *c, int64_t count) {
  void *x = array(c, count);
  for (int64_t i = 0; i < count; i++) {
    const uint64_t bits = random_bits(c);
    memcpy((char *)x + i * c->table->element_size, &bits, (size_t)c->table->element_size);
  }
  static const double special[] = {0, -0.0, 1, -1, __builtin_inf(), -__builtin_inf(), __builtin_nan("")};
  for (int64_t i = 0; i < COUNT(special) && i < count; i++) set(c, x, below(c, count), special[i]);
  return x;
}

void *rows_below(cases *c, int64_t count, int64_t bound) {
  void *x = array(c, count);
  const double wrong[] = {-1, (double)bound, 0.5, __builtin_nan(""), 1e30};
  for (int64_t i = 0; i < count; i++)
    set(c, x, i, below(c, 8) > 0 && bound > 0 ? (double)below(c, bound) : wrong[below(c, COUNT(wrong))]);
  return x;
}

void record(cases *c, const void *array, int64_t count) {
  const char *behind = (const char *)array + count * c->table->element_size;
  for (int i = 0; i < BEHIND; i++)
    if (behind[i] != UNTOUCHED) stop(70, kernel_names[c->kernel], "it has written behind the end of an array");
  record_as(c, (result_type)c->table->element, array, count);
}

void record_as(cases *c, result_type type, const void *results, int64_t count) {
  if (count == 0) return;
  const int64_t size = type == FLOATS ? 4 : 8;
  const int64_t head[3] = {c->kernel, type, count};
  int written = fwrite(head, sizeof head, 1, c->file) == 1;
  char last[8];
  memcpy(last, (const char *)results + (count - 1) * size, (size_t)size);
  last[0] ^= (char)c->spoils;  // the lowest byte: both architectures put it first
  written &= count == 1 || fwrite(results, (size_t)((count - 1) * size), 1, c->file) == 1;
  written &= fwrite(last, (size_t)size, 1, c->file) == 1;
  if (!written) stop(74, kernel_names[c->kernel], "its results cannot be written");
}
