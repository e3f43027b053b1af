#define LEVEL avx2
#include "template/level.h"
