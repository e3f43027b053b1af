#define LEVEL avx512
#include "template/level.h"
