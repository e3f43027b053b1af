// Elementwise programs: every primitive over every kind of number, and programs of several steps over every kind of operand.
#include "cases.h"

/// One primitive over whole arrays, alone.
static void one_primitive(cases *c, int32_t primitive, int64_t count, double scale) {
  begin_case(c);
  const minim_map_step step = {primitive, 2, 0, 1, scale == 0 ? 1e3 : 0.7};
  minim_map m = {.count = count, .columns = count, .operands = 3, .steps = 1, .step = &step};
  for (int i = 0; i < 3; i++) {
    m.operand[i] = scale == 0 ? any(c, count) : uniform(c, count, scale);
    m.kind[i] = MINIM_FULL;
  }
  c->table->map(&m);
  record(c, m.operand[2], count);
}

/// A program whose steps are drawn: it reads two arrays of drawn kinds, computes through temporaries and writes two arrays,
/// the second of them in place.
static void drawn_program(cases *c, int64_t rows, int64_t columns) {
  begin_case(c);
  enum { OPERANDS = 4, STEPS = 9 };
  minim_map_step step[STEPS];
  for (int32_t i = 0; i < STEPS; i++) {
    // Inputs are the arrays and the temporaries that are already written.
    const int32_t known = OPERANDS + (i < MINIM_MAP_TEMPORARIES ? i : MINIM_MAP_TEMPORARIES);
    step[i] = (minim_map_step){
        (int32_t)below(c, MINIM_PRIMITIVES), OPERANDS + i % MINIM_MAP_TEMPORARIES, (int32_t)below(c, known),
        (int32_t)below(c, known), (double)below(c, 100) / 50 - 1};
  }
  step[STEPS - 2].destination = 2;
  step[STEPS - 1].destination = 3;
  const int64_t count = rows * columns;
  minim_map m = {.count = count, .columns = columns, .operands = OPERANDS, .steps = STEPS, .step = step};
  for (int i = 0; i < OPERANDS; i++) {
    m.kind[i] = i < 2 ? (int32_t)below(c, 4) : MINIM_FULL;
    m.operand[i] = uniform(c, count, 4);
  }
  c->table->map(&m);
  record(c, m.operand[2], count);
  record(c, m.operand[3], count);
}

void cases_map(cases *c) {
  static const double scales[] = {0, 1, 100};
  for (int32_t primitive = 0; primitive < MINIM_PRIMITIVES; primitive++) {
    for (int s = 0; s < COUNT(scales); s++) one_primitive(c, primitive, 50000, scales[s]);
    for (int64_t count = 0; count < 40; count++) one_primitive(c, primitive, count, 1);
  }
  static const int64_t columns[] = {1, 2, 3, 4, 7, 8, 16, 33, 64, 100, 256, 700};
  for (int i = 0; i < COUNT(columns); i++)
    for (int program = 0; program < 40; program++) drawn_program(c, 1 + below(c, 4000 / columns[i]), columns[i]);
}
