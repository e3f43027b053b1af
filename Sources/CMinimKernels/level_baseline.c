// The kernels for any CPU: four floats a vector, products rounded before they are added.
#include "template/includes.h"

#define LEVEL baseline
#define LEVEL_NUMBER MINIM_BASELINE
#define VECTOR_BYTES 16
#define FUSED 0
#include "template/level.h"
