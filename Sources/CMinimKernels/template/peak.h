// Multiply-adds over registers only: the peak that the products are measured against.

static double E(peak_work)(int64_t iterations, double *sink) {
  vec sum[10];
  for (int v = 0; v < 10; v++) sum[v] = splat((real)v);
  const vec x = splat((real)(1 - *sink * 1e-30)), z = splat((real)(*sink * 1e-30));
  for (int64_t i = 0; i < iterations; i++)
    UNROLL for (int v = 0; v < 10; v++) sum[v] = multiply_add(sum[v], x, z);
  vec all = splat(0);
  for (int v = 0; v < 10; v++) all += sum[v];
  *sink += all[0];
  return 2.0 * 10 * LANES * (double)iterations;
}
