// Strided copies and fills.

/// Axes of extent 1 dropped, the rest sorted by the destination's stride (largest first) and merged where both arrays
/// run through. The order of a copy is free: its destinations are distinct.
static minim_copy E(simplified)(const minim_copy *c) {
  minim_copy s = {.src = c->src, .dst = c->dst};
  for (int32_t i = 0; i < c->rank; i++) {
    if (c->extent[i] == 1) continue;
    int32_t at = s.rank++;
    for (; at > 0 && s.dst_stride[at - 1] < c->dst_stride[i]; at--) {
      s.extent[at] = s.extent[at - 1];
      s.dst_stride[at] = s.dst_stride[at - 1];
      s.src_stride[at] = s.src_stride[at - 1];
    }
    s.extent[at] = c->extent[i];
    s.dst_stride[at] = c->dst_stride[i];
    s.src_stride[at] = c->src_stride[i];
  }
  int32_t rank = 0;
  for (int32_t i = 0; i < s.rank; i++) {
    const int merges = rank > 0 && s.dst_stride[rank - 1] == s.extent[i] * s.dst_stride[i] &&
                       s.src_stride[rank - 1] == s.extent[i] * s.src_stride[i];
    if (merges) rank--;
    const int64_t extent = merges ? s.extent[rank] * s.extent[i] : s.extent[i];
    const int64_t dst_stride = s.dst_stride[i], src_stride = s.src_stride[i];
    s.extent[rank] = extent;
    s.dst_stride[rank] = dst_stride;
    s.src_stride[rank] = src_stride;
    rank++;
  }
  s.rank = rank;
  return s;
}

INLINE void E(fill_run)(real *dst, int64_t count, real value) {
  const vec x = splat(value);
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) store(dst + i, x);
  if (i < count) store_first(dst + i, first_lanes(count - i), x);
}

INLINE void E(copy_run)(real *dst, const real *src, int64_t count) {
  if (count >= 256) {
    memcpy(dst, src, (size_t)count * sizeof(real));
    return;
  }
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) store(dst + i, load(src + i));
  if (i < count) {
    const lane_mask mask = first_lanes(count - i);
    store_first(dst + i, mask, load_first(src + i, mask));
  }
}

/// dst[i, j] = src[j, i]: rows of dst are contiguous, and so are rows of src. Square blocks keep both in L1.
static void E(copy_transposed)(real *dst, int64_t dst_row, const real *src, int64_t src_row, int64_t rows,
                               int64_t columns) {
  for (int64_t i = 0; i < rows; i += LANES)
    for (int64_t j = 0; j < columns; j += LANES) {
      const int64_t height = rows - i < LANES ? rows - i : LANES, width = columns - j < LANES ? columns - j : LANES;
      if (height == LANES && width == LANES) {
        for (int64_t p = i; p < i + LANES; p += E(SIDE)) {
          vec column[E(SIDE)];
          E(load_columns)(src + j * src_row + p, src_row, column);
          UNROLL for (int q = 0; q < E(SIDE); q++) store(dst + (p + q) * dst_row + j, column[q]);
        }
      } else {
        for (int64_t p = 0; p < height; p++)
          for (int64_t q = 0; q < width; q++) dst[(i + p) * dst_row + j + q] = src[(j + q) * src_row + i + p];
      }
    }
}

static void E(copy)(const void *call) {
  for (int32_t i = 0; i < ((const minim_copy *)call)->rank; i++)
    if (((const minim_copy *)call)->extent[i] == 0) return;
  const minim_copy c = E(simplified)(call);
  real *dst = c.dst;
  const real *src = c.src;
  if (c.rank == 0) {
    *dst = *src;
    return;
  }
  const int32_t last = c.rank - 1;
  const int64_t inner = c.extent[last], dst_step = c.dst_stride[last], src_step = c.src_stride[last];
  const int transposed = last > 0 && dst_step == 1 && src_step != 0 && src_step != 1 && c.src_stride[last - 1] == 1;
  const int32_t outer = transposed ? last - 1 : last;
  int64_t index[MINIM_MAX_RANK] = {0}, to = 0, from = 0;
  for (;;) {
    if (transposed)
      E(copy_transposed)(dst + to, c.dst_stride[outer], src + from, src_step, c.extent[outer], inner);
    else if (dst_step == 1 && src_step == 1) E(copy_run)(dst + to, src + from, inner);
    else if (dst_step == 1 && src_step == 0) E(fill_run)(dst + to, inner, src[from]);
    else
      for (int64_t i = 0; i < inner; i++) dst[to + i * dst_step] = src[from + i * src_step];
    int32_t axis = outer - 1;
    for (; axis >= 0; axis--) {
      to += c.dst_stride[axis];
      from += c.src_stride[axis];
      if (++index[axis] < c.extent[axis]) break;
      to -= c.dst_stride[axis] * c.extent[axis];
      from -= c.src_stride[axis] * c.extent[axis];
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

static void E(fill)(const void *call) {
  const minim_fill *f = call;
  E(fill_run)(f->dst, f->count, (real)f->value);
}
