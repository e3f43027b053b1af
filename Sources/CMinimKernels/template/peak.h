// Multiply-adds over registers only: the peak that the products are measured against. Each sum waits for itself, so there are
// as many as a CPU begins until the first is done: two pipes of four or five cycles on x86-64, four of four cycles on Neoverse
// V1 and V2 (Arm's software optimization guides).
#if defined(__aarch64__)
enum { E(PEAK_SUMS) = 16 };
#else
enum { E(PEAK_SUMS) = 10 };
#endif

static double E(peak_work)(int64_t iterations, double *sink) {
  vec sum[E(PEAK_SUMS)];
  for (int v = 0; v < E(PEAK_SUMS); v++) sum[v] = splat((real)v);
  const vec x = splat((real)(1 - *sink * 1e-30)), z = splat((real)(*sink * 1e-30));
  for (int64_t i = 0; i < iterations; i++)
    UNROLL for (int v = 0; v < E(PEAK_SUMS); v++) sum[v] = multiply_add(sum[v], x, z);
  vec all = splat(0);
  for (int v = 0; v < E(PEAK_SUMS); v++) all += sum[v];
  *sink += all[0];
  return 2.0 * E(PEAK_SUMS) * LANES * (double)iterations;
}
