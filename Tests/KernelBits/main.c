// kernel-bits LEVEL FILE [spoil]: runs every kernel of a level over its cases and writes the results to a file, each changed
// in one bit if asked to.
// kernel-bits compare FILE FILE: counts the results of two files and those of other bits, NaN as NaN: a line for each kernel and
// type, "KERNEL TYPE results N nan N differ N", then all. Exit status 1 if any differ.
#include <stdlib.h>
#include <string.h>

#include "cases.h"

#define COUNTED(name) +1
_Static_assert(offsetof(minim_kernel_table, peak_work) ==
                   offsetof(minim_kernel_table, gemm) + (0 FOR_TABLE(COUNTED)) * sizeof(minim_kernel),
               "a kernel of the table has no cases: add it to FOR_TABLE. peak_work is no kernel: it measures time.");
_Static_assert(sizeof(minim_kernel_table) == offsetof(minim_kernel_table, peak_work) + sizeof(minim_kernel),
               "a kernel of the table has no cases: add it to FOR_TABLE");
#undef COUNTED

#define NAMED(name) #name,
const char *const kernel_names[KERNELS] = {FOR_KERNELS(NAMED)};
static const char *const type_names[TYPES] = {"Float", "Double", "Int64"};
#undef NAMED
#define CASES(name) cases_##name,
static void (*const all_cases[KERNELS])(cases *) = {FOR_KERNELS(CASES)};
#undef CASES

_Noreturn static void stop(int status, const char *problem, const char *of) {
  fprintf(stderr, "kernel-bits: %s: %s\n", of, problem);
  exit(status);
}

static FILE *opened(const char *path, const char *mode) {
  FILE *file = fopen(path, mode);
  if (!file) stop(66, "it cannot be opened", path);
  return file;
}

// MARK: - Run

static minim_level level_of(const char *name) {
  for (int level = 0; level < MINIM_LEVELS; level++)
    if (strcmp(name, minim_level_name((minim_level)level)) == 0) return (minim_level)level;
  stop(64, "there is no such level", name);
}

static void run(const char *name, const char *path, int spoils) {
  const minim_level level = level_of(name);
  FILE *file = opened(path, "wb");
  for (int element = 0; element < MINIM_ELEMENTS; element++) {
    cases c = {.table = minim_kernels(level, (minim_element)element), .file = file, .spoils = spoils};
    if (!c.table) stop(69, "this CPU does not run it", name);
    for (int kernel = 0; kernel < KERNELS; kernel++) {
      c.kernel = (kernel_name)kernel;
      c.state = (uint64_t)kernel;
      all_cases[kernel](&c);
    }
    free(c.memory);
  }
  const int64_t end[3] = {KERNELS, TYPES, 0};
  if (fwrite(end, sizeof end, 1, file) != 1 || fclose(file) != 0) stop(74, "it cannot be written", path);
}

// MARK: - Compare

typedef struct {
  int64_t results, nan, differ;
} counts;

static int is_nan(result_type type, uint64_t bits) {
  switch (type) {
    case FLOATS: return (bits & 0x7fffffff) > 0x7f800000;
    case DOUBLES: return (bits & 0x7fffffffffffffff) > 0x7ff0000000000000;
    default: return 0;
  }
}

static void count(counts *n, result_type type, const char *a, const char *b, int64_t results) {
  const size_t size = type == FLOATS ? 4 : 8;
  n->results += results;
  if (memcmp(a, b, (size_t)results * size) == 0) return;
  for (int64_t i = 0; i < results; i++) {
    uint64_t x = 0, y = 0;
    memcpy(&x, a + (size_t)i * size, size);
    memcpy(&y, b + (size_t)i * size, size);
    if (x == y) continue;
    if (is_nan(type, x) && is_nan(type, y)) n->nan++;
    else n->differ++;
  }
}

static void read_all(void *to, size_t size, FILE *file, const char *path) {
  if (size > 0 && fread(to, size, 1, file) != 1) stop(65, "it ends too early", path);
}

static int compare(const char *const path[2]) {
  FILE *file[2] = {opened(path[0], "rb"), opened(path[1], "rb")};
  static counts found[KERNELS][TYPES];
  for (;;) {
    int64_t head[2][3];
    for (int f = 0; f < 2; f++) read_all(head[f], sizeof head[f], file[f], path[f]);
    if (memcmp(head[0], head[1], sizeof head[0]) != 0) stop(65, "it has other cases than the first", path[1]);
    const int64_t kernel = head[0][0], type = head[0][1], results = head[0][2];
    if (kernel == KERNELS) break;
    if (kernel < 0 || kernel > KERNELS || type < 0 || type >= TYPES || results < 0 || results > 1 << 26)
      stop(65, "it is no file of results", path[0]);
    const size_t size = (size_t)results * (type == FLOATS ? 4 : 8);
    char *content[2];
    for (int f = 0; f < 2; f++) {
      content[f] = malloc(size);
      if (!content[f]) stop(71, "there is not enough memory to read it", path[f]);
      read_all(content[f], size, file[f], path[f]);
    }
    count(&found[kernel][type], (result_type)type, content[0], content[1], results);
    for (int f = 0; f < 2; f++) free(content[f]);
  }
  counts all = {0};
  for (int kernel = 0; kernel < KERNELS; kernel++)
    for (int type = 0; type < TYPES; type++) {
      const counts n = found[kernel][type];
      if (n.results == 0) continue;
      printf("%-14s %-6s results %9lld nan %7lld differ %8lld\n", kernel_names[kernel], type_names[type],
             (long long)n.results, (long long)n.nan, (long long)n.differ);
      all.results += n.results, all.nan += n.nan, all.differ += n.differ;
    }
  printf("%-14s %-6s results %9lld nan %7lld differ %8lld\n", "all", "", (long long)all.results, (long long)all.nan,
         (long long)all.differ);
  return all.differ > 0;
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "compare") == 0) return compare((const char *const[2]){argv[2], argv[3]});
  if (argc != 3 && !(argc == 4 && strcmp(argv[3], "spoil") == 0))
    stop(64, "give LEVEL FILE [spoil], or compare FILE FILE", "usage");
  run(argv[1], argv[2], argc == 4);
}
