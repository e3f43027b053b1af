#define LEVEL neon
#include "template/level.h"
