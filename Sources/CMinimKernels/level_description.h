// What the file of a level gives to dispatch.c.
#ifndef LEVEL_DESCRIPTION_H
#define LEVEL_DESCRIPTION_H

#include "CMinimKernels.h"

typedef struct {
  int (*can_run)(void);  // null, like the tables, if this architecture does not have the level
  int is_fused;          // known everywhere: a run may come from a machine of another architecture
  const minim_kernel_table *table[MINIM_ELEMENTS];
} level_description;

#define DECLARE(name) extern const level_description minim_description_##name;
MINIM_FOR_LEVELS(DECLARE)
#undef DECLARE

#endif
