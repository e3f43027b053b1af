// Elementwise programs: an interpreter over blocks whose temporaries stay in L1; each primitive is one vector loop.

enum { E(BLOCK) = 2048 / sizeof(real) };  // 2 KiB a register: a dozen of them fit L1

// y[i] = value for all i < count, with x, z, w the inputs' vectors where the loop reads them.
#define MAP_LOOP(reads, masked_reads, value)                   \
  {                                                            \
    int64_t i = 0;                                             \
    for (; i + LANES <= count; i += LANES) {                   \
      reads;                                                   \
      store(y + i, value);                                     \
    }                                                          \
    if (i < count) {                                           \
      const lane_mask mask = first_lanes(count - i);           \
      masked_reads;                                            \
      store_first(y + i, mask, value);                         \
    }                                                          \
  }                                                            \
  return
#define MAP1(value) MAP_LOOP(vec x = load(a + i), vec x = load_first(a + i, mask), value)
#define MAP2(value)                                                                 \
  MAP_LOOP(vec x = load(a + i); vec z = load(b + i), vec x = load_first(a + i, mask); \
           vec z = load_first(b + i, mask), value)
INLINE vec E(ones_where)(ivec mask) { return (vec)(mask & (ivec)splat(1)); }
INLINE vec E(keep_nan)(vec a, vec b, vec y) { return select((a == a) & (b == b), y, a + b); }

// A loop of its own for each function: its constants then stay in registers. Amid the switch below the compiler loads all of
// them again for each vector, which costs a fifth to a third of the time.
#define FUNCTION_LOOP(name)                                                                    \
  static __attribute__((noinline)) void E(map_##name)(real *y, const real *a, int64_t count) { \
    MAP1(v_##name(x));                                                                         \
  }
FUNCTION_LOOP(exp)
FUNCTION_LOOP(log)
FUNCTION_LOOP(log1p)
FUNCTION_LOOP(tanh)
FUNCTION_LOOP(sigmoid)
FUNCTION_LOOP(softplus)
FUNCTION_LOOP(sin)
FUNCTION_LOOP(cos)
#undef FUNCTION_LOOP

static void (*E(function_loop)(int32_t primitive))(real *, const real *, int64_t) {
  switch ((minim_primitive)primitive) {
    case MINIM_EXP: return E(map_exp);
    case MINIM_LOG: return E(map_log);
    case MINIM_LOG1P: return E(map_log1p);
    case MINIM_TANH: return E(map_tanh);
    case MINIM_SIGMOID: return E(map_sigmoid);
    case MINIM_SOFTPLUS: return E(map_softplus);
    case MINIM_SIN: return E(map_sin);
    case MINIM_COS: return E(map_cos);
    default: return 0;
  }
}

static void E(map_step)(int32_t primitive, real *y, const real *a, const real *b, real constant, int64_t count) {
  const vec c = splat(constant);
  switch ((minim_primitive)primitive) {
    case MINIM_NEGATE: MAP1(-x);
    case MINIM_ADD: MAP2(x + z);
    case MINIM_SUBTRACT: MAP2(x - z);
    case MINIM_MULTIPLY: MAP2(x * z);
    case MINIM_DIVIDE: MAP2(x / z);
    case MINIM_MAXIMUM: MAP2(E(keep_nan)(x, z, select(x >= z, x, z)));
    case MINIM_MINIMUM: MAP2(E(keep_nan)(x, z, select(x <= z, x, z)));
    case MINIM_GREATER: MAP2(E(ones_where)(x > z));
    case MINIM_GREATER_EQUAL: MAP2(E(ones_where)(x >= z));
    case MINIM_ADD_CONSTANT: MAP1(x + c);
    case MINIM_MULTIPLY_CONSTANT: MAP1(x * c);
    case MINIM_RECIPROCAL: MAP1(1 / x);
    case MINIM_SQUARE: MAP1(x * x);
    case MINIM_SQUARE_ROOT: MAP1(square_root(x));
    case MINIM_ABSOLUTE: MAP1(absolute(x));
    case MINIM_SIGN: MAP1(select(x == x, E(ones_where)(x > 0) - E(ones_where)(x < 0), x));
    case MINIM_RELU: MAP1(v_max0(x));
    case MINIM_STEP: MAP1(E(ones_where)(x > 0));
    case MINIM_EXP:
    case MINIM_LOG:
    case MINIM_LOG1P:
    case MINIM_TANH:
    case MINIM_SIGMOID:
    case MINIM_SOFTPLUS:
    case MINIM_SIN:
    case MINIM_COS: E(function_loop)(primitive)(y, a, count); return;
    case MINIM_GATE: MAP2((vec)((z > 0) & (ivec)x));
    case MINIM_TANH_GRADIENT: MAP2(x * (1 - z * z));
    case MINIM_SILU_SLOPE: MAP2(z + x * (1 - z));
    case MINIM_PRIMITIVES: return;
  }
}

/// Each element of x `columns` times.
INLINE void E(repeat_elements)(real *y, const real *x, int64_t rows, const int columns) {
  for (int64_t r = 0; r < rows; r++) UNROLL for (int j = 0; j < columns; j++) y[r * columns + j] = x[r];
}

/// What a block reads of a broadcast operand, written out.
static void E(fill_operand)(const minim_map *m, int operand, int64_t first, int64_t count, real *y) {
  const real *x = m->operand[operand];
  const int64_t columns = m->columns;
  if (m->kind[operand] == MINIM_SCALAR) {
    for (int64_t i = 0; i < count; i++) y[i] = x[0];
    return;
  }
  if (m->kind[operand] == MINIM_COLUMN && first % columns == 0 && count % columns == 0)
    switch (columns) {
      case 2: E(repeat_elements)(y, x + first / 2, count / 2, 2); return;
      case 4: E(repeat_elements)(y, x + first / 4, count / 4, 4); return;
    }
  if (m->kind[operand] == MINIM_ROW && columns < count) {
    const int64_t column = first % columns;
    E(copy_run)(y, x + column, columns - column);
    E(copy_run)(y + columns - column, x, column);
    // What is written so far is copied behind itself.
    for (int64_t done = columns; done < count; done *= 2)
      E(copy_run)(y + done, y, done < count - done ? done : count - done);
    return;
  }
  int64_t row = first / columns, column = first % columns;
  for (int64_t i = 0; i < count; row++, column = 0) {
    const int64_t run = columns - column < count - i ? columns - column : count - i;
    if (m->kind[operand] == MINIM_ROW)
      for (int64_t j = 0; j < run; j++) y[i + j] = x[column + j];
    else
      for (int64_t j = 0; j < run; j++) y[i + j] = x[row];
    i += run;
  }
}

static void E(map)(const void *call) {
  const minim_map *m = call;
  // One function of a whole array needs no registers, and so no blocks.
  if (m->steps == 1 && m->kind[m->step[0].a] == MINIM_FULL && E(function_loop)(m->step[0].primitive)) {
    E(function_loop)(m->step[0].primitive)(m->operand[m->step[0].destination], m->operand[m->step[0].a], m->count);
    return;
  }
  real registers[MINIM_MAP_OPERANDS + MINIM_MAP_TEMPORARIES][E(BLOCK)] __attribute__((aligned(64)));
  real *place[MINIM_MAP_OPERANDS + MINIM_MAP_TEMPORARIES];
  UNROLL for (int32_t t = 0; t < MINIM_MAP_TEMPORARIES; t++) place[m->operands + t] = registers[m->operands + t];
  for (int64_t first = 0; first < m->count; first += E(BLOCK)) {
    const int64_t count = m->count - first < E(BLOCK) ? m->count - first : E(BLOCK);
    for (int32_t r = 0; r < m->operands; r++) {
      const int32_t kind = m->kind[r];
      if (kind == MINIM_FULL) {
        place[r] = (real *)m->operand[r] + first;
        continue;
      }
      place[r] = registers[r];
      // A scalar, or a row whose length divides the block, is the same in every block.
      const int same = first > 0 && (kind == MINIM_SCALAR || (kind == MINIM_ROW && E(BLOCK) % m->columns == 0));
      if (!same) E(fill_operand)(m, r, first, count, registers[r]);
    }
    for (int32_t s = 0; s < m->steps; s++) {
      const minim_map_step *step = &m->step[s];
      E(map_step)(step->primitive, place[step->destination], place[step->a], place[step->b], (real)step->constant, count);
    }
  }
}
#undef MAP_LOOP
#undef MAP1
#undef MAP2
