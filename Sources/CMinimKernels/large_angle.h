// Argument reduction of sine and cosine far from 0.
#ifndef LARGE_ANGLE_H
#define LARGE_ANGLE_H

/// x = (4 j + quadrant) pi/2 + high + low for some whole j, |high| <= pi/4, for finite |x| >= 2^19. NaN if x is not finite.
/// Payne and Hanek (1983), "Radian reduction for trigonometric functions".
int minim_reduce_large_angle(double x, double *high, double *low);

#endif
