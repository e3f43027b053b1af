// All kernels of one level and element type. Every name of a template ends in the type, through E().
#define E(name) PASTE(name, ELEMENT)

#include "lanes.h"
#include "columns.h"
#include "functions.h"
#include "trigonometry.h"
#include "copy.h"
#include "gemm.h"
#include "map.h"
#include "reduce.h"
#include "rows.h"
#include "random.h"
#include "optimizers.h"
#include "peak.h"

static const minim_kernel_table E(table) = {
    .level = PASTE(MINIM_LEVEL, LEVEL),
    .element = FLOAT32 ? MINIM_FLOAT32 : MINIM_FLOAT64,
    .element_size = sizeof(real),
    .gemm = E(gemm),
    .gemm_epilogue = E(gemm_epilogue),
    .map = E(map),
    .reduce = E(reduce),
    .first_maximum = E(first_maximum),
    .copy = E(copy),
    .fill = E(fill),
    .gather = E(gather),
    .scatter_add = E(scatter_add),
    .random = E(random),
    .adam = E(adam),
    .sgd = E(sgd),
    .average = E(average),
    .weighted_sum = E(weighted_sum),
    .peak_work = E(peak_work),
};

#undef E
