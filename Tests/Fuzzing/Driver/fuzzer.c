// The interface of libFuzzer: one program for all targets, of which MINIM_FUZZ_TARGET names one.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int minim_fuzz_knows(const char *target);
void minim_fuzz_read(const char *target, const uint8_t *bytes, intptr_t count);

static const char *target;

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count, (void)arguments;
  target = getenv("MINIM_FUZZ_TARGET");
  if (target && minim_fuzz_knows(target)) return 0;
  fprintf(stderr, "MINIM_FUZZ_TARGET=%s: there is no such target\n", target ? target : "");
  exit(64);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  minim_fuzz_read(target, bytes, (intptr_t)count);
  return 0;
}
