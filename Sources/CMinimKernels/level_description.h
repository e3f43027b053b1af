// What the file of a level gives to dispatch.c.
#ifndef LEVEL_DESCRIPTION_H
#define LEVEL_DESCRIPTION_H

#include "CMinimKernels.h"

/// All zero if this architecture does not have the level.
typedef struct {
  int (*can_run)(void);
  int is_fused;
  const minim_kernel_table *table[MINIM_ELEMENTS];
} level_description;

#define DECLARE(name) extern const level_description minim_description_##name;
MINIM_FOR_LEVELS(DECLARE)
#undef DECLARE

#endif
