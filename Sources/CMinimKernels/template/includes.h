// What a level needs before its target attribute is pushed.
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include "CMinimKernels.h"
#include "../large_angle.h"
#include "../threefry.h"
