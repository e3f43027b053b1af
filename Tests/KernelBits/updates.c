// Random numbers, and the kernels outside of plans: steps of optimizers, averages, weighted sums.
#include "cases.h"

static const int64_t counts[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 257, 1000, 4099};

void cases_random(cases *c) {
  static const int64_t lengths[] = {1, 2, 3, 4, 5, 8, 15, 16, 33, 64, 255, 784};
  for (int distribution = MINIM_UNIFORM; distribution <= MINIM_STRATIFIED; distribution++)
    for (int i = 0; i < COUNT(lengths); i++)
      for (int64_t examples = 1; examples < 3000; examples = examples * 3 + 1) {
        begin_case(c);
        const minim_random_context context = {random_bits(c), random_bits(c), random_bits(c) >> 33};
        const int64_t count = examples * lengths[i];
        if (count > 100000) continue;
        const minim_random r = {
            .dst = uniform(c, count, 1), .examples = examples, .per_example = lengths[i], .purpose = random_bits(c),
            .distribution = distribution, .context = &context};
        c->table->random(&r);
        record(c, r.dst, count);
      }
}

void cases_threefry(cases *c) {
  int64_t found[1000];
  for (int i = 0; i < COUNT(found); i++) {
    const uint64_t k = random_bits(c), n = random_bits(c);
    const uint32_t key[2] = {(uint32_t)k, (uint32_t)(k >> 32)}, counter[2] = {(uint32_t)n, (uint32_t)(n >> 32)};
    uint32_t out[2];
    minim_threefry2x32(key, counter, out);
    found[i] = (int64_t)((uint64_t)out[1] << 32 | out[0]);
  }
  record_as(c, WHOLES, found, COUNT(found));
}

void cases_indices(cases *c) {
  static const uint64_t bounds[] = {1, 2, 1000, 0x100000000, UINT64_MAX};
  for (int i = 0; i < COUNT(bounds); i++)
    for (int64_t count = 1; count <= 1000; count += 37) {
      int64_t found[1000];
      const uint64_t k = random_bits(c);
      minim_indices((const uint32_t[2]){(uint32_t)k, (uint32_t)(k >> 32)}, bounds[i], random_bits(c) & ~15ull, found, count);
      record_as(c, WHOLES, found, count);
    }
}

void cases_adam(cases *c) {
  for (int i = 0; i < COUNT(counts); i++)
    for (int choice = 0; choice < 8; choice++) {
      begin_case(c);
      const int64_t n = counts[i];
      minim_adam a = {
          .parameters = uniform(c, n, 1), .first_moment = uniform(c, n, 0.1), .gradient = uniform(c, n, 1),
          .count = n, .rate = 1e-3, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .first_correction = 10,
          .second_correction = 1000, .weight_decay = choice & 1 ? 0.01 : 0, .gradient_scale = choice & 2 ? 0.3 : 1,
          .shared = choice >> 2};
      a.second_moment = uniform(c, n, 1);  // some are negative: NaN
      for (int step = 0; step < 3; step++) c->table->adam(&a);
      record(c, a.parameters, n);
      record(c, a.first_moment, n);
      record(c, a.second_moment, n);
    }
}

void cases_sgd(cases *c) {
  for (int i = 0; i < COUNT(counts); i++)
    for (int choice = 0; choice < 16; choice++) {
      begin_case(c);
      const int64_t n = counts[i];
      const int nesterov = choice & 1;
      minim_sgd s = {
          .parameters = uniform(c, n, 1), .velocity = nesterov || choice & 2 ? uniform(c, n, 1) : 0,
          .gradient = uniform(c, n, 1), .count = n, .rate = 0.1, .momentum = 0.9,
          .weight_decay = choice & 4 ? 0.01 : 0, .gradient_scale = 0.3, .nesterov = nesterov, .shared = choice >> 3};
      for (int step = 0; step < 3; step++) c->table->sgd(&s);
      record(c, s.parameters, n);
      if (s.velocity) record(c, s.velocity, n);
    }
}

void cases_average(cases *c) {
  static const double weights[] = {0, 0.001, 1.0 / 3, 1};
  for (int i = 0; i < COUNT(counts); i++)
    for (int w = 0; w < 2 * COUNT(weights); w++) {
      begin_case(c);
      const int64_t n = counts[i];
      minim_average a = {.average = uniform(c, n, 1), .count = n, .weight = weights[w / 2]};
      a.values = w % 2 ? any(c, n) : uniform(c, n, 1);
      c->table->average(&a);
      record(c, a.average, n);
    }
}

void cases_weighted_sum(cases *c) {
  for (int i = 0; i < COUNT(counts); i++)
    for (int choice = 0; choice < 8; choice++) {
      begin_case(c);
      const int64_t n = counts[i];
      minim_weighted_sum w = {
          .a = uniform(c, n, 1), .b = choice & 1 ? uniform(c, n, 1) : 0, .y = uniform(c, n, 1), .count = n,
          .a_weight = 0.3, .b_weight = 0.7, .squares = choice >> 1 & 1};
      if (choice & 4) w.a = w.y;  // in place
      c->table->weighted_sum(&w);
      record(c, w.y, n);
      record_as(c, DOUBLES, &w.square, 1);
    }
}
