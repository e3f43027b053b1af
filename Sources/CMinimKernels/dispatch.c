#include "CMinimKernels.h"
