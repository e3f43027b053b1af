// What the programs of an archive need beyond the glibc that they are linked with, so that they also run where it is older.

// libstdc++ asks whether there is one thread, to count references without atomic instructions. glibc has said so since 2.32; a program
// that may have threads answers no.
char __libc_single_threaded = 0;

// These have had a second version since glibc 2.29, which no longer reports errors to the handlers of System V. The linker sends every
// call here (--wrap); the first version computes the same.
#define FIRST_VERSION(name) __asm__(".symver first_" #name "," #name "@GLIBC_2.2.5")

#define WRAP(name)               \
  FIRST_VERSION(name);           \
  double first_##name(double x); \
  double __wrap_##name(double x) { return first_##name(x); }

WRAP(exp)
WRAP(exp2)
WRAP(log)
WRAP(log2)

FIRST_VERSION(pow);
double first_pow(double x, double y);
double __wrap_pow(double x, double y) { return first_pow(x, y); }
