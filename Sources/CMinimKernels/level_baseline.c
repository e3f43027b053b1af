#define LEVEL baseline
#include "template/level.h"
