// Threefry-2x32 with 20 rounds: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
#ifndef THREEFRY_H
#define THREEFRY_H

#include <stdint.h>

// The same text for scalars and for vectors of words: x0, x1 go in as the counter and come out as the two words.
#define THREEFRY_ROTATE(x, bits) ((x) << (bits) | (x) >> (32 - (bits)))
#define THREEFRY_ROUND(x0, x1, bits) \
  x0 += x1;                          \
  x1 = THREEFRY_ROTATE(x1, bits);    \
  x1 ^= x0
#define THREEFRY_ROUNDS(x0, x1, r0, r1, r2, r3, add0, add1) \
  THREEFRY_ROUND(x0, x1, r0);                               \
  THREEFRY_ROUND(x0, x1, r1);                               \
  THREEFRY_ROUND(x0, x1, r2);                               \
  THREEFRY_ROUND(x0, x1, r3);                               \
  x0 += add0;                                               \
  x1 += add1
#define THREEFRY_2X32(k0, k1, x0, x1)                                       \
  {                                                                         \
    const uint32_t k2 = 0x1bd11bdau ^ (k0) ^ (k1);                          \
    x0 += (k0);                                                             \
    x1 += (k1);                                                             \
    THREEFRY_ROUNDS(x0, x1, 13, 15, 26, 6, (k1), k2 + 1);                   \
    THREEFRY_ROUNDS(x0, x1, 17, 29, 16, 24, k2, (k0) + 2);                  \
    THREEFRY_ROUNDS(x0, x1, 13, 15, 26, 6, (k0), (k1) + 3);                 \
    THREEFRY_ROUNDS(x0, x1, 17, 29, 16, 24, (k1), k2 + 4);                  \
    THREEFRY_ROUNDS(x0, x1, 13, 15, 26, 6, k2, (k0) + 5);                   \
  }

#endif
