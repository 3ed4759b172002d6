/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-gradient.h"

#include "biometric/nfiq2-private.h"

#include <float.h>
#include <math.h>

#define SIDE_MAX 32

typedef struct {
  int xx, yy, xy;
} Sums;

/* Twice the slope of each pixel of a line across the box. */
static void slopes_right (const guint8 *line, int width, int *restrict out) {
  if (width == 1) {
    out[0] = 0;
    return;
  }
  out[0] = 2 * (line[1] - line[0]);
  for (int i = 1; i < width - 1; i++)
    out[i] = line[i + 1] - line[i - 1];
  out[width - 1] = 2 * (line[width - 1] - line[width - 2]);
}

TAMBO_NFIQ2_SIMD
static Sums add_up (const guint8 *pixels, int stride, int width, int height) {
  Sums sums = { 0 };

  for (int row = 0; row < height; row++) {
    const guint8 *line = pixels + (gssize) row * stride;
    const guint8 *above = row > 0 ? line - stride : line;
    const guint8 *below = row < height - 1 ? line + stride : line;
    int scale = row > 0 && row < height - 1 ? 1 : 2; /* a one-sided difference spans half as much */
    int right[SIDE_MAX];
    slopes_right (line, width, right);
    for (int i = 0; i < width; i++) {
      int down = scale * (below[i] - above[i]);
      sums.xx += right[i] * right[i];
      sums.yy += down * down;
      sums.xy += right[i] * down;
    }
  }
  return sums;
}

TamboNfiq2Covariance tambo_nfiq2_covariance (const TamboImage *image, int x, int y, int width,
                                             int height) {
  Sums sums = add_up (image->data + (gsize) y * (gsize) image->width + (gsize) x, image->width,
                      width, height);
  double count = 4.0 * width * height;

  return (TamboNfiq2Covariance){ sums.xx / count, sums.yy / count, sums.xy / count };
}

double tambo_nfiq2_certainty (const TamboNfiq2Covariance *covariance) {
  double sum = covariance->xx + covariance->yy, difference = covariance->xx - covariance->yy;
  double root = sqrt (difference * difference + 4 * covariance->xy * covariance->xy);

  return sum + root > 0 ? 1 - (sum - root) / (sum + root) : -1;
}

double tambo_nfiq2_coherence (const TamboNfiq2Covariance *covariance) {
  double sum = covariance->xx + covariance->yy;

  return sum > 0 ? hypot (covariance->xx - covariance->yy, 2 * covariance->xy) / sum : 0;
}

double tambo_nfiq2_normal (const TamboNfiq2Covariance *covariance) {
  double difference = covariance->xx - covariance->yy;
  double length = covariance->xy * covariance->xy + difference * difference + DBL_EPSILON;

  return atan2 (covariance->xy / length, difference / length) / 2;
}
