#define LEVEL fma128
#include "template/level.h"
