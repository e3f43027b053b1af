#include "large_angle.h"

#include <stdint.h>
#include <string.h>

typedef unsigned __int128 wide;

/// 64 zero bits, then the first bits of 2/pi behind the point.
static const uint64_t two_over_pi[] = {
    0,
    0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
    0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4,
    0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d};

static const uint64_t half_pi_high = 0xc90fdaa22168c234, half_pi_low = 0xc4c6628b80dc1cd1;  // pi/2 2^127

/// 64 bits of the table from bit `first` on.
static uint64_t bits_at(int first) {
  int word = first / 64, shift = first % 64;
  return shift == 0 ? two_over_pi[word] : two_over_pi[word] << shift | two_over_pi[word + 1] >> (64 - shift);
}

/// x 2^exponent without a call of the mathematical library; both results are normal.
static double scaled(double x, int exponent) {
  uint64_t bits = (uint64_t)(1023 + exponent) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return x * power;
}

int minim_reduce_large_angle(double x, double *high, double *low) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int biased = (int)(bits >> 52 & 0x7ff);
  if (biased == 0x7ff) {
    *high = *low = x - x;
    return 0;
  }
  // |x| = mantissa 2^exponent. Bits of 2/pi that make whole turns drop out: 192 bits from weight 2^(1 - exponent) on
  // leave the fraction of a turn (four quadrants) with an error below 2^-138.
  uint64_t mantissa = (bits & ((1ull << 52) - 1)) | 1ull << 52;
  int first = biased - 1075 - 2 + 64;
  uint64_t w2 = bits_at(first), w1 = bits_at(first + 64), w0 = bits_at(first + 128);
  wide p0 = (wide)mantissa * w0, p1 = (wide)mantissa * w1 + (uint64_t)(p0 >> 64);
  uint64_t f2 = mantissa * w2 + (uint64_t)(p1 >> 64), f1 = (uint64_t)p1, f0 = (uint64_t)p0;

  // The nearest quadrant, and the signed rest in units of 2^-190 quadrants.
  int quadrant = (int)((f2 + (1ull << 61)) >> 62);
  f2 = f2 << 2 | f1 >> 62;
  f1 = f1 << 2 | f0 >> 62;
  f0 <<= 2;
  int negative = (int)(f2 >> 63);
  if (negative) {
    f0 = ~f0 + 1;
    f1 = ~f1 + (f0 == 0);
    f2 = ~f2 + (f0 == 0 && f1 == 0);
  }
  // |rest| = f 2^-192 quadrants; shift its leading zeros out, multiply by pi/2 and round to two doubles.
  int zeros = 0;
  if (f2 == 0) {
    f2 = f1, f1 = f0, f0 = 0;
    zeros = 64;
  }
  int shift = f2 == 0 ? 0 : __builtin_clzll(f2);
  if (shift > 0) {
    f2 = f2 << shift | f1 >> (64 - shift);
    f1 = f1 << shift | f0 >> (64 - shift);
  }
  zeros += shift;
  wide cross = ((wide)f2 * half_pi_low >> 64) + ((wide)f1 * half_pi_high >> 64);
  wide product = (wide)f2 * half_pi_high + cross;  // 2^(127 + 128 - 128) = 2^127 a unit
  uint64_t top = (uint64_t)(product >> 64) & ~0x7ffull;
  wide rest = product - ((wide)top << 64);
  double sign = (negative != (int)(bits >> 63)) ? -1 : 1;
  *high = sign * scaled((double)top, -63 - zeros);
  *low = sign * scaled((double)(uint64_t)(rest >> 11), 11 - 127 - zeros);
  return (bits >> 63) ? -quadrant & 3 : quadrant & 3;
}
