// The levels: sets of instructions that the kernels are compiled for. This list is the only one: the enumeration below,
// names, tables and checks follow from it. What a level is stands in its header, level_NAME.h; how to write one, at the
// top of template/level.h.
#ifndef MINIM_LEVELS_H
#define MINIM_LEVELS_H

/// Every level, in order of preference: the first that this machine runs is used unless another one is asked for.
#define MINIM_FOR_LEVELS(LEVEL) \
  LEVEL(avx512)                 \
  LEVEL(avx2)                   \
  LEVEL(fma128)                 \
  LEVEL(neon)                   \
  LEVEL(baseline)

#define MINIM_LEVEL_CASE(name) MINIM_LEVEL_##name,
typedef enum { MINIM_FOR_LEVELS(MINIM_LEVEL_CASE) MINIM_LEVELS } minim_level;
#undef MINIM_LEVEL_CASE

/// The name of a level, as `MINIM_KERNELS` takes it.
const char *minim_level_name(minim_level level);

/// Whether this CPU and operating system run a level.
int minim_level_runs(minim_level level);

/// Whether a level rounds a multiply-add once, whether this machine runs it or not: all such levels give the same bits.
int minim_level_is_fused(minim_level level);

#endif
